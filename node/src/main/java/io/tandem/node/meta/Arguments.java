package io.tandem.node.meta;

import io.tandem.node.local.WampFailure;
import io.tandem.protocol.uri.UriSyntax;
import io.tandem.protocol.uri.WampUri;
import io.tandem.protocol.wire.Payload;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of a call to the meta API. What is missing or of another type fails the call with
 * {@code wamp.error.invalid_argument}; further arguments are ignored (META-07).
 */
final class Arguments {

  private final List<@Nullable Object> positional;
  private final Map<String, @Nullable Object> named;

  private Arguments(List<@Nullable Object> positional, Map<String, @Nullable Object> named) {
    this.positional = positional;
    this.named = named;
  }

  static Arguments of(Payload payload) {
    return payload.shape() == Payload.Shape.BINARY
        ? new Arguments(List.of(), Map.of())
        : new Arguments(payload.args(), payload.kwargs());
  }

  /**
   * An ID, in whichever way a client writes numbers (ID-08); 0 where it is beyond all IDs.
   *
   * @param what it is the ID of, for whoever reads the error
   */
  long id(int place, String what) {
    Object id = positional(place);
    if (id instanceof Long whole) {
      return whole;
    } else if (id instanceof Double number && number == Math.rint(number)) {
      return number.longValue();
    } else if (id instanceof BigInteger) {
      return 0;
    }
    throw invalid("Arguments[" + place + "] has to be a " + what + " ID");
  }

  /**
   * A string.
   *
   * @param what it is, for whoever reads the error
   */
  String string(int place, String what) {
    if (positional(place) instanceof String string) {
      return string;
    }
    throw invalid("Arguments[" + place + "] has to be a " + what + ", a string");
  }

  /** Strings; null where there is no such argument, or null in its place. */
  @Nullable Set<String> strings(int place, String what) {
    Object list = positional(place);
    if (list == null) {
      return null;
    }
    if (!(list instanceof List<?> names)) {
      throw invalid("Arguments[" + place + "] has to be a list of " + what + "s");
    }
    Set<String> strings = new HashSet<>();
    for (Object name : names) {
      if (!(name instanceof String string)) {
        throw invalid("a " + what + " is a string");
      }
      strings.add(string);
    }
    return strings;
  }

  /** A dict; an empty one where there is no such argument, or null in its place. */
  Map<?, ?> dict(int place, String what) {
    Object dict = positional(place);
    if (dict == null) {
      return Map.of();
    }
    if (dict instanceof Map<?, ?> map) {
      return map;
    }
    throw invalid("Arguments[" + place + "] has to be a dict of " + what);
  }

  /**
   * A list, which has to be there.
   *
   * @param name of the argument, for whoever reads the error
   */
  List<?> list(int place, String name) {
    if (positional(place) instanceof List<?> list) {
      return list;
    }
    throw invalid("Arguments[" + place + "] has to be " + name + ", a list");
  }

  /**
   * A dict, which has to be there.
   *
   * @param name of the argument, for whoever reads the error
   */
  Map<?, ?> dict(int place, String name, String what) {
    if (positional(place) instanceof Map<?, ?> dict) {
      return dict;
    }
    throw invalid("Arguments[" + place + "] has to be " + name + ", a dict of " + what);
  }

  /** A dict by its name; an empty one where there is none, or null in its place. */
  Map<?, ?> dict(String name) {
    Object value = named.get(name);
    if (value == null) {
      return Map.of();
    } else if (value instanceof Map<?, ?> dict) {
      return dict;
    }
    throw invalid(name + " has to be a dict");
  }

  /** A string by its name; null where there is none, or null in its place. */
  @Nullable String string(String name) {
    Object value = named.get(name);
    if (value == null || value instanceof String) {
      return (String) value;
    }
    throw invalid(name + " has to be a string");
  }

  /** True or false by its name; null likewise. */
  @Nullable Boolean bool(String name) {
    Object value = named.get(name);
    if (value == null || value instanceof Boolean) {
      return (Boolean) value;
    }
    throw invalid(name + " has to be true or false");
  }

  /** A whole number by its name, in whichever way a client writes it; null likewise. */
  @Nullable Long number(String name) {
    Object value = named.get(name);
    if (value == null || value instanceof Long) {
      return (Long) value;
    } else if (value instanceof Double number && number == Math.rint(number)) {
      return number.longValue();
    }
    throw invalid(name + " has to be a whole number");
  }

  /**
   * The URI under {@code reason}; fails with {@code wamp.error.invalid_uri} where it is none.
   *
   * @param byDefault where there is no such argument
   */
  String reason(UriSyntax rule, String byDefault) {
    String reason = Objects.requireNonNullElse(string("reason"), byDefault);
    if (!rule.isUri(reason)) {
      throw new WampFailure(WampUri.INVALID_URI, "reason has to be a URI");
    }
    return reason;
  }

  private @Nullable Object positional(int place) {
    return place < positional.size() ? positional.get(place) : null;
  }

  static WampFailure invalid(String why) {
    return new WampFailure(WampUri.INVALID_ARGUMENT, why);
  }
}
