package io.tandem.protocol.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** UTF-8 as RFC 3629 allows it: no overlong forms, no surrogates, nothing beyond U+10FFFF. */
final class Utf8 {

  /** Eight octets at once, where most text is ASCII. */
  static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final long ONES = 0x0101010101010101L;

  private Utf8() {}

  static void check(byte[] bytes, int from, int to) throws MalformedException {
    int i = from;
    while (i < to) {
      if (i <= to - 8 && ((long) WORDS.get(bytes, i) & HIGH_BITS) == 0) {
        i += 8;
      } else if (bytes[i] >= 0) {
        i++;
      } else {
        i = sequence(bytes, i, to);
      }
    }
  }

  /** The octet after the sequence of two to four octets that starts here. */
  static int sequence(byte[] bytes, int at, int end) throws MalformedException {
    int first = bytes[at] & 0xFF;
    if (first >= 0xC2 && first <= 0xDF) {
      return continuation(bytes, at + 1, end, 0x80, 0xBF);
    }
    if (first >= 0xE0 && first <= 0xEF) {
      int low = first == 0xE0 ? 0xA0 : 0x80; // below: overlong
      int high = first == 0xED ? 0x9F : 0xBF; // above: surrogates
      return continuation(bytes, continuation(bytes, at + 1, end, low, high), end, 0x80, 0xBF);
    }
    if (first >= 0xF0 && first <= 0xF4) {
      int low = first == 0xF0 ? 0x90 : 0x80;
      int high = first == 0xF4 ? 0x8F : 0xBF; // above: beyond Unicode
      int third = continuation(bytes, at + 1, end, low, high);
      return continuation(bytes, continuation(bytes, third, end, 0x80, 0xBF), end, 0x80, 0xBF);
    }
    throw new MalformedException("invalid UTF-8");
  }

  private static int continuation(byte[] bytes, int at, int end, int low, int high)
      throws MalformedException {
    if (at >= end || (bytes[at] & 0xFF) < low || (bytes[at] & 0xFF) > high) {
      throw new MalformedException("invalid UTF-8");
    }
    return at + 1;
  }

  /** Whether none of eight octets needs a second look inside a JSON string. */
  static boolean isPlainJson(long word) {
    return ((word | needsEscape(word)) & HIGH_BITS) == 0;
  }

  /** Whether eight octets can stand in a JSON string as they are, given that they are UTF-8. */
  static boolean isUnescapedJson(long word) {
    return (needsEscape(word) & HIGH_BITS) == 0;
  }

  /**
   * Sets the high bit of at least one octet if any is a quote, a backslash or a control character.
   */
  private static long needsEscape(long word) {
    long quote = word ^ (ONES * '"');
    long backslash = word ^ (ONES * '\\');
    return ((quote - ONES) & ~quote)
        | ((backslash - ONES) & ~backslash)
        | ((word - ONES * 0x20) & ~word);
  }
}
