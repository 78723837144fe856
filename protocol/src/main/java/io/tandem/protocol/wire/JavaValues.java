package io.tandem.protocol.wire;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tokens to Java values and back: null, Boolean, Long, BigInteger, Double, String, byte[], List and
 * Map. A tagged value is read without its tag, an extension as null, since Java knows neither.
 */
public final class JavaValues {

  /** Nested deeper, a value is more likely to hold itself than to be meant. */
  private static final int MAX_DEPTH = DecodeLimits.DEFAULT.maxDepth();

  /** More than any dictionary of the protocol has. */
  public static final int MAX_VALUES = 4_096;

  private JavaValues() {}

  /** How many values a dictionary of the protocol may still have, those inside of others too. */
  private static final class Allowance {
    private int left = MAX_VALUES;

    void take() throws LimitException {
      if (left-- == 0) {
        throw new LimitException("a dictionary of more than " + MAX_VALUES + " values");
      }
    }
  }

  /** The value of a payload whose first token the reader has just read. */
  static @Nullable Object read(TokenReader in) throws MalformedException {
    return read(in, null);
  }

  /** The same in a dictionary of the protocol. */
  static @Nullable Object readStrictly(TokenReader in) throws MalformedException {
    return read(in, new Allowance());
  }

  /**
   * @param allowance of a dictionary of the protocol, in which each key stands once (SER-02); null
   *     for a payload, which is its owner's business
   */
  private static @Nullable Object read(TokenReader in, @Nullable Allowance allowance)
      throws MalformedException {
    while (in.token() == Token.TAG) {
      in.next();
    }
    if (allowance != null) {
      allowance.take();
    }
    return switch (in.token()) {
      case FALSE -> false;
      case TRUE -> true;
      case INTEGER -> in.integer();
      case BIG_INTEGER -> in.bigInteger();
      case FLOAT -> in.real();
      case TEXT -> in.string();
      case BINARY -> Arrays.copyOfRange(in.text(), in.textStart(), in.textEnd());
      case LIST -> readList(in, allowance);
      case MAP -> readMap(in, allowance);
      default -> null;
    };
  }

  private static List<@Nullable Object> readList(TokenReader in, @Nullable Allowance allowance)
      throws MalformedException {
    List<@Nullable Object> list = new ArrayList<>();
    while (in.next() != Token.END_LIST) {
      list.add(read(in, allowance));
    }
    return list;
  }

  private static Map<String, @Nullable Object> readMap(
      TokenReader in, @Nullable Allowance allowance) throws MalformedException {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    while (in.next() != Token.END_MAP) {
      String key = in.string();
      if (allowance != null && map.containsKey(key)) {
        throw new MalformedException("the key " + key + " stands twice in one dictionary");
      }
      in.next();
      map.put(key, read(in, allowance));
    }
    return map;
  }

  /**
   * The map whose first token the reader has just read, every dictionary in it with each key once
   * (SER-02), and with {@value #MAX_VALUES} values at most: an empty one is an octet for who sends
   * it, and a hundred in memory.
   */
  public static Map<String, @Nullable Object> readMap(TokenReader in) throws MalformedException {
    return readMap(in, new Allowance());
  }

  /**
   * Writes a value.
   *
   * @throws IllegalArgumentException for a type that is none of the above nor a shorter number, for
   *     a key that is not a string, and for values nested deeper than {@value #MAX_DEPTH}
   */
  public static void write(TokenWriter out, @Nullable Object value) throws UntranslatableException {
    write(out, value, 0);
  }

  private static void write(TokenWriter out, @Nullable Object value, int depth)
      throws UntranslatableException {
    if (depth > MAX_DEPTH) {
      throw new IllegalArgumentException("nested deeper than " + MAX_DEPTH);
    }
    if (value == null) {
      out.nul();
    } else if (value instanceof CharSequence text) {
      out.text(text.toString());
    } else if (value instanceof Long
        || value instanceof Integer
        || value instanceof Short
        || value instanceof Byte) {
      out.integer(((Number) value).longValue());
    } else if (value instanceof Boolean flag) {
      out.bool(flag);
    } else if (value instanceof Double || value instanceof Float) {
      out.real(((Number) value).doubleValue());
    } else if (value instanceof BigInteger big) {
      out.bigInteger(big);
    } else if (value instanceof byte[] octets) {
      out.binary(octets, 0, octets.length);
    } else if (value instanceof List<?> list) {
      writeList(out, list, depth);
    } else if (value instanceof Map<?, ?> map) {
      writeMap(out, map, depth);
    } else {
      throw new IllegalArgumentException("cannot be encoded: " + value.getClass().getName());
    }
  }

  private static void writeList(TokenWriter out, List<?> list, int depth)
      throws UntranslatableException {
    out.beginList(list.size());
    for (Object element : list) {
      write(out, element, depth + 1);
    }
    out.endList();
  }

  private static void writeMap(TokenWriter out, Map<?, ?> map, int depth)
      throws UntranslatableException {
    out.beginMap(map.size());
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (!(entry.getKey() instanceof String key)) {
        throw new IllegalArgumentException("a key must be a string: " + entry.getKey());
      }
      out.key(key);
      write(out, entry.getValue(), depth + 1);
    }
    out.endMap();
  }
}
