package io.tandem.protocol.codec;

import io.tandem.protocol.message.Key;
import io.tandem.protocol.message.MessageCode;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.wire.JavaValues;
import io.tandem.protocol.wire.MalformedException;
import io.tandem.protocol.wire.Token;
import io.tandem.protocol.wire.TokenReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads Options and Details: keeps the keys that the message type knows, each with a value of its
 * type (MSG-07), and steps over all others (MSG-05), as over values of implementations' keys that
 * are none of ours. Belongs to one thread.
 */
final class OptionsReader {

  private final TokenReader in;
  private final ElementReader elements;

  OptionsReader(TokenReader in, ElementReader elements) {
    this.in = in;
    this.elements = elements;
  }

  /** The dictionary whose first token the reader has just read. */
  Options read(MessageCode message) throws MalformedException {
    Options.Builder options = null;
    KnownKeys known = KnownKeys.of(message);
    Set<String> absent = null;
    while (in.next() != Token.END_MAP) {
      byte[] name = in.text();
      Key<?> key = known.find(name, in.textStart(), in.textEnd());
      String said = key == null ? in.string() : key.name();
      if ((key != null && options != null && options.has(key))
          || (absent != null && absent.contains(said))) {
        throw twice(said);
      }
      in.next();
      Object value = key == null ? null : valueIfAny(key);
      if (key == null || value == null) {
        in.skipRest();
        absent = absent == null ? new HashSet<>() : absent;
        if (absent.size() == JavaValues.MAX_VALUES) {
          throw new MalformedException("more than " + JavaValues.MAX_VALUES + " unknown keys");
        }
        absent.add(said);
      } else {
        options = options == null ? new Options.Builder() : options;
        options.put(key, value);
      }
    }
    return options == null ? Options.EMPTY : options.build();
  }

  /** The value whose first token has just been read; null for none that we know. */
  private @Nullable Object valueIfAny(Key<?> key) throws MalformedException {
    if (in.token() == Token.NULL) { // wampy sends the options it has no value for
      return null;
    }
    return key.isOfImplementation() ? valueOfImplementation(key) : value(key);
  }

  /** Another implementation may mean something else by the same name, which is unknown here. */
  private @Nullable String valueOfImplementation(Key<?> key) throws MalformedException {
    if (in.token() != Token.TEXT) {
      return null;
    }
    String value = in.string();
    return key.allows(value) ? value : null;
  }

  /** The value whose first token has just been read. */
  private Object value(Key<?> key) throws MalformedException {
    return switch (key.type()) {
      case BOOL -> bool(key);
      case INTEGER -> integer(key);
      case NON_NEGATIVE -> nonNegative(key);
      case STRING -> string(key);
      case INTEGERS -> list(key, this::integer);
      case STRINGS -> list(key, this::string);
      case DICT -> dict(key);
      case DICT_OF_DICTS -> dictOfDicts(key);
      case SESSIONS -> list(key, this::session);
    };
  }

  private boolean bool(Key<?> key) throws MalformedException {
    return switch (in.token()) {
      case TRUE -> true;
      case FALSE -> false;
      default -> throw wrong(key, "a boolean");
    };
  }

  private Long integer(Key<?> key) throws MalformedException {
    if (!elements.isInteger()) {
      throw wrong(key, key.type() == Key.Type.INTEGERS ? "a list of integers" : "an integer");
    }
    return elements.integer();
  }

  private Long nonNegative(Key<?> key) throws MalformedException {
    Long value = integer(key);
    if (value < 0) {
      throw wrong(key, "zero or more");
    }
    return value;
  }

  private String string(Key<?> key) throws MalformedException {
    if (in.token() != Token.TEXT) {
      throw wrong(key, key.type() == Key.Type.STRINGS ? "a list of strings" : "a string");
    }
    String value = in.string();
    if (!key.allows(value)) {
      throw wrong(key, "one of " + key.allowed());
    }
    return value;
  }

  /** Reads one element of a list. */
  private interface Element<T> {
    T read(Key<?> key) throws MalformedException;
  }

  private <T> List<T> list(Key<?> key, Element<T> element) throws MalformedException {
    if (in.token() != Token.LIST) {
      throw wrong(key, "a list");
    }
    List<T> values = new ArrayList<>();
    while (in.next() != Token.END_LIST) {
      values.add(element.read(key));
    }
    return values;
  }

  private Map<String, @Nullable Object> dict(Key<?> key) throws MalformedException {
    if (in.token() != Token.MAP) {
      throw wrong(key, "a dictionary");
    }
    return JavaValues.readMap(in);
  }

  private Map<String, @Nullable Object> dictOfDicts(Key<?> key) throws MalformedException {
    Map<String, @Nullable Object> dict = dict(key);
    for (Object value : dict.values()) {
      if (!(value instanceof Map)) {
        throw wrong(key, "a dictionary of dictionaries");
      }
    }
    return dict;
  }

  private Map<String, @Nullable Object> session(Key<?> key) throws MalformedException {
    Map<String, @Nullable Object> session = dict(key);
    if (!(session.get("session") instanceof Long)
        || !(session.get("authid") instanceof String)
        || !(session.get("authrole") instanceof String)) {
      throw wrong(key, "a list of dictionaries with session, authid and authrole");
    }
    return session;
  }

  private MalformedException wrong(Key<?> key, String wanted) {
    return elements.wrong(key.name(), wanted);
  }

  private MalformedException twice(String key) {
    return new MalformedException(elements.position(key) + " stands twice");
  }
}
