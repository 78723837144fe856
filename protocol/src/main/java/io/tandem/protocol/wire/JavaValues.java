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

  private JavaValues() {}

  /** The value whose first token the reader has just read. */
  static @Nullable Object read(TokenReader in, boolean uniqueKeys) throws MalformedException {
    while (in.token() == Token.TAG) {
      in.next();
    }
    return switch (in.token()) {
      case FALSE -> false;
      case TRUE -> true;
      case INTEGER -> in.integer();
      case BIG_INTEGER -> in.bigInteger();
      case FLOAT -> in.real();
      case TEXT -> in.string();
      case BINARY -> Arrays.copyOfRange(in.text(), in.textStart(), in.textEnd());
      case LIST -> readList(in, uniqueKeys);
      case MAP -> readMap(in, uniqueKeys);
      default -> null;
    };
  }

  private static List<@Nullable Object> readList(TokenReader in, boolean uniqueKeys)
      throws MalformedException {
    List<@Nullable Object> list = new ArrayList<>();
    while (in.next() != Token.END_LIST) {
      list.add(read(in, uniqueKeys));
    }
    return list;
  }

  private static Map<String, @Nullable Object> readMap(TokenReader in, boolean uniqueKeys)
      throws MalformedException {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    while (in.next() != Token.END_MAP) {
      String key = in.string();
      if (uniqueKeys && map.containsKey(key)) {
        throw new MalformedException("the key " + key + " stands twice in one dictionary");
      }
      in.next();
      map.put(key, read(in, uniqueKeys));
    }
    return map;
  }

  /**
   * The map whose first token the reader has just read, every dictionary in it with each key once
   * (SER-02).
   */
  public static Map<String, @Nullable Object> readMap(TokenReader in) throws MalformedException {
    return readMap(in, true);
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
