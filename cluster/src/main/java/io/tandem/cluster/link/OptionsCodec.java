package io.tandem.cluster.link;

import io.tandem.protocol.message.Key;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.MessageCode;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.wire.ByteSink;
import io.tandem.protocol.wire.DecodeLimits;
import io.tandem.protocol.wire.FieldReader;
import io.tandem.protocol.wire.FieldWriter;
import io.tandem.protocol.wire.JavaValues;
import io.tandem.protocol.wire.MalformedException;
import io.tandem.protocol.wire.Serializer;
import io.tandem.protocol.wire.Token;
import io.tandem.protocol.wire.TokenReader;
import io.tandem.protocol.wire.TokenWriter;
import io.tandem.protocol.wire.UntranslatableException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Options and Details between nodes: for each key its name and its value, with the value's length
 * in front, so that a node steps over a key which only a later release knows. Dictionaries of
 * anything are written as MessagePack. Belongs to one thread.
 */
final class OptionsCodec {

  private static final Map<String, Key<?>> BY_NAME = new HashMap<>();

  static {
    for (MessageCode message : MessageCode.values()) {
      BY_NAME.putAll(Keys.of(message));
    }
  }

  private final ByteSink value = new ByteSink();
  private final FieldWriter valueFields = new FieldWriter(value);

  void write(FieldWriter out, Options options) {
    out.number(options.size());
    options.forEach(
        (key, content) -> {
          value.reset();
          writeValue(key, content);
          out.text(key.name());
          out.slice(value);
        });
  }

  Options read(FieldReader in) throws MalformedException {
    Options options = Options.EMPTY;
    for (long left = in.number(); left != 0; left--) {
      Key<?> key = BY_NAME.get(in.text());
      FieldReader content = in.slice();
      if (key != null) {
        options = with(options, key, readValue(key, content));
      }
    }
    return options;
  }

  @SuppressWarnings("unchecked") // readValue() returns what the key's type says
  private static Options with(Options options, Key<?> key, Object content) {
    return options.with((Key<Object>) key, content);
  }

  private void writeValue(Key<?> key, Object content) {
    switch (key.type()) {
      case BOOL -> valueFields.flag((Boolean) content);
      case INTEGER, NON_NEGATIVE -> valueFields.signed((Long) content);
      case STRING -> valueFields.text((String) content);
      case INTEGERS -> ((List<?>) content).forEach(each -> valueFields.signed((Long) each));
      case STRINGS -> ((List<?>) content).forEach(each -> valueFields.text((String) each));
      case DICT, DICT_OF_DICTS -> writeAnything(content);
      case SESSIONS -> ((List<?>) content).forEach(this::writeSession);
    }
  }

  private void writeSession(Object session) {
    ByteSink one = new ByteSink();
    writeAnything(one, session);
    valueFields.slice(one);
  }

  private void writeAnything(Object content) {
    writeAnything(value, content);
  }

  private static void writeAnything(ByteSink out, Object content) {
    try {
      JavaValues.write(TokenWriter.of(Serializer.MSGPACK, out), content);
    } catch (UntranslatableException e) {
      throw new IllegalArgumentException("an option that MessagePack cannot carry", e);
    }
  }

  private static Object readValue(Key<?> key, FieldReader in) throws MalformedException {
    return switch (key.type()) {
      case BOOL -> in.flag();
      case INTEGER, NON_NEGATIVE -> in.signed();
      case STRING -> in.text();
      case INTEGERS -> readAll(in, FieldReader::signed);
      case STRINGS -> readAll(in, FieldReader::text);
      case DICT, DICT_OF_DICTS -> readDictionary(in);
      case SESSIONS -> readAll(in, each -> readDictionary(each.slice()));
    };
  }

  /** Reads one element of a list. */
  private interface Element<T> {
    T read(FieldReader in) throws MalformedException;
  }

  private static <T> List<T> readAll(FieldReader in, Element<T> element) throws MalformedException {
    List<T> values = new ArrayList<>();
    while (!in.atEnd()) {
      values.add(element.read(in));
    }
    return values;
  }

  private static Map<String, @Nullable Object> readDictionary(FieldReader in)
      throws MalformedException {
    TokenReader tokens = TokenReader.of(Serializer.MSGPACK, DecodeLimits.DEFAULT);
    tokens.reset(in.bytes(), in.position(), in.remaining());
    try {
      if (tokens.next() == Token.MAP) {
        return JavaValues.readMap(tokens);
      }
    } catch (MalformedException e) {
      throw new MalformedException("an option: " + e.getMessage());
    }
    throw new MalformedException("an option is no dictionary");
  }
}
