package io.tandem.protocol.wire;

import java.util.Arrays;

/** The inside of JSON strings: escapes, and Base64 after U+0000 (SER-05). */
final class JsonText {

  private static final byte[] ESCAPED_NUL = {'\\', 'u', '0', '0', '0', '0'};

  private ByteSink out = new ByteSink(0);

  byte[] array() {
    return out.array();
  }

  int length() {
    return out.length();
  }

  /** Lets go of what long strings took. */
  void release() {
    if (out.array().length > 1024) {
      out = new ByteSink(0);
    }
  }

  /** The octet after the escape that starts with the backslash here. */
  static int checkEscape(byte[] in, int backslash, int end) throws MalformedException {
    int kind = backslash + 1 < end ? in[backslash + 1] : -1;
    return switch (kind) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> backslash + 2;
      case 'u' -> checkCodePoint(in, backslash + 2, end);
      default -> throw new MalformedException("malformed json: unknown escape");
    };
  }

  /** One unit, or two where the first is half a pair. */
  private static int checkCodePoint(byte[] in, int from, int end) throws MalformedException {
    char unit = (char) checkUnit(in, from, end);
    int after = from + 4;
    if (!Character.isSurrogate(unit)) {
      return after;
    }
    boolean paired =
        Character.isHighSurrogate(unit)
            && after + 1 < end
            && in[after] == '\\'
            && in[after + 1] == 'u'
            && Character.isLowSurrogate((char) checkUnit(in, after + 2, end));
    if (!paired) {
      throw new MalformedException("malformed json: half a surrogate pair");
    }
    return after + 6;
  }

  private static int checkUnit(byte[] in, int from, int end) throws MalformedException {
    int unit = from + 4 <= end ? unit(in, from) : -1;
    if (unit < 0) {
      throw new MalformedException("malformed json: unknown escape");
    }
    return unit;
  }

  /** The UTF-16 unit written in four hex digits, or a negative number. */
  private static int unit(byte[] in, int from) {
    int unit = 0;
    for (int i = from; i < from + 4; i++) {
      // The mask keeps fullwidth digits out, which Character.digit would take.
      int digit = in[i] < 0 ? -1 : Character.digit(in[i], 16);
      if (digit < 0) {
        return -1;
      }
      unit = unit << 4 | digit;
    }
    return unit;
  }

  static boolean startsWithNul(byte[] in, int from, int to) {
    return to - from >= ESCAPED_NUL.length
        && Arrays.equals(in, from, from + ESCAPED_NUL.length, ESCAPED_NUL, 0, ESCAPED_NUL.length);
  }

  /** Resolves escapes which {@link #checkEscape} has checked. */
  void unescape(byte[] in, int from, int to) {
    out.reset();
    int i = from;
    while (i < to) {
      int runStart = i;
      while (i < to && in[i] != '\\') {
        i++;
      }
      out.write(in, runStart, i - runStart);
      if (i < to) {
        i = unescapeOne(in, i);
      }
    }
  }

  private int unescapeOne(byte[] in, int backslash) {
    byte kind = in[backslash + 1];
    if (kind != 'u') {
      out.write(
          switch (kind) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> kind;
          });
      return backslash + 2;
    }
    int unit = unit(in, backslash + 2);
    if (Character.isHighSurrogate((char) unit)) {
      int low = unit(in, backslash + 8);
      writeCodePoint(Character.toCodePoint((char) unit, (char) low));
      return backslash + 12;
    }
    writeCodePoint(unit);
    return backslash + 6;
  }

  private void writeCodePoint(int c) {
    if (c < 0x80) {
      out.write(c);
    } else if (c < 0x800) {
      out.write(0xC0 | c >> 6);
      out.write(0x80 | (c & 0x3F));
    } else {
      if (c < 0x10000) {
        out.write(0xE0 | c >> 12);
      } else {
        out.write(0xF0 | c >> 18);
        out.write(0x80 | (c >> 12 & 0x3F));
      }
      out.write(0x80 | (c >> 6 & 0x3F));
      out.write(0x80 | (c & 0x3F));
    }
  }

  /** Standard alphabet, padded to a multiple of four. */
  static boolean isBase64(byte[] in, int from, int to) {
    if ((to - from) % 4 != 0) {
      return false;
    }
    int last = to;
    for (int padding = 0; padding < 2 && last > from && in[last - 1] == '='; padding++) {
      last--;
    }
    for (int i = from; i < last; i++) {
      if (!isBase64Digit(in[i])) {
        return false;
      }
    }
    return true;
  }

  private static boolean isBase64Digit(byte c) {
    return (c >= 'A' && c <= 'Z')
        || (c >= 'a' && c <= 'z')
        || (c >= '0' && c <= '9')
        || c == '+'
        || c == '/';
  }
}
