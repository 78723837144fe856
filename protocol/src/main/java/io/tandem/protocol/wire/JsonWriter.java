package io.tandem.protocol.wire;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** JSON without any whitespace. */
final class JsonWriter extends TokenWriter {

  private static final byte[] NULL = ascii("null");
  private static final byte[] TRUE = ascii("true");
  private static final byte[] FALSE = ascii("false");
  private static final byte[] ESCAPED_NUL = ascii("\\u0000");
  private static final byte[] HEX = ascii("0123456789abcdef");

  /** The longest number of 64 bits: a sign and 19 digits. */
  private static final int MAX_DIGITS = 20;

  /** Something stands before the next item in its container. */
  private boolean comma;

  JsonWriter(ByteSink out) {
    super(out);
  }

  @Override
  public void beginList(int count) {
    begin('[');
  }

  @Override
  public void endList() {
    end(']');
  }

  @Override
  public void beginMap(int count) {
    begin('{');
  }

  @Override
  public void endMap() {
    end('}');
  }

  private void begin(char bracket) {
    item();
    out.write(bracket);
    comma = false;
  }

  private void end(char bracket) {
    out.write(bracket);
    comma = true;
  }

  private void item() {
    if (comma) {
      out.write(',');
    }
    comma = true;
  }

  @Override
  public void key(byte[] utf8, int from, int to) {
    item();
    quote(utf8, from, to);
    out.write(':');
    comma = false;
  }

  @Override
  public void nul() {
    word(NULL);
  }

  @Override
  public void bool(boolean value) {
    word(value ? TRUE : FALSE);
  }

  @Override
  public void integer(long value) {
    item();
    out.ensure(MAX_DIGITS);
    byte[] array = out.array();
    int length = digits(value);
    int first = out.length();
    int i = first + length;
    // Counts downwards from zero, so that the smallest number needs no care.
    long rest = value < 0 ? value : -value;
    do {
      array[--i] = (byte) ('0' - rest % 10);
      rest /= 10;
    } while (rest != 0);
    if (value < 0) {
      array[first] = '-';
    }
    out.advance(length);
  }

  private static int digits(long value) {
    int digits = value < 0 ? 2 : 1;
    for (long rest = value / 10; rest != 0; rest /= 10) {
      digits++;
    }
    return digits;
  }

  @Override
  public void bigInteger(BigInteger value) {
    word(ascii(value.toString()));
  }

  @Override
  public void real(double value) throws UntranslatableException {
    if (!Double.isFinite(value)) {
      throw new UntranslatableException("json has no " + value);
    }
    word(ascii(Double.toString(value)));
  }

  @Override
  public void text(byte[] utf8, int from, int to) throws UntranslatableException {
    if (from < to && utf8[from] == 0) {
      throw new UntranslatableException("in json, text with a leading U+0000 would be binary");
    }
    item();
    quote(utf8, from, to);
  }

  @Override
  public void binary(byte[] octets, int from, int to) {
    item();
    out.write('"');
    write(ESCAPED_NUL);
    boolean whole = from == 0 && to == octets.length;
    write(
        Base64.getEncoder()
            .encode(whole ? octets : java.util.Arrays.copyOfRange(octets, from, to)));
    out.write('"');
  }

  @Override
  public void raw(byte[] bytes, int from, int to, int elements) {
    item();
    out.write(bytes, from, to - from);
  }

  private void word(byte[] word) {
    item();
    write(word);
  }

  private void write(byte[] bytes) {
    out.write(bytes, 0, bytes.length);
  }

  private void quote(byte[] utf8, int from, int to) {
    out.write('"');
    int copied = from;
    int i = from;
    while (i < to) {
      if (i <= to - 8 && Utf8.isUnescapedJson((long) Utf8.WORDS.get(utf8, i))) {
        i += 8;
      } else {
        byte c = utf8[i];
        if (c == '"' || c == '\\' || (c >= 0 && c < 0x20)) {
          out.write(utf8, copied, i - copied);
          escape(c);
          copied = i + 1;
        }
        i++;
      }
    }
    out.write(utf8, copied, to - copied);
    out.write('"');
  }

  private void escape(byte c) {
    out.write('\\');
    switch (c) {
      case '"', '\\' -> out.write(c);
      case '\n' -> out.write('n');
      case '\r' -> out.write('r');
      case '\t' -> out.write('t');
      default -> {
        out.write('u');
        out.write('0');
        out.write('0');
        out.write(HEX[c >> 4]);
        out.write(HEX[c & 0xF]);
      }
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
