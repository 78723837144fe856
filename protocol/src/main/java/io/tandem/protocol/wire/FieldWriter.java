package io.tandem.protocol.wire;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Appends fields to a sink, for a {@link FieldReader}: numbers of one to ten octets, and texts and
 * slices with their length in front. Belongs to one thread.
 */
public final class FieldWriter {

  private final ByteSink out;

  public FieldWriter(ByteSink out) {
    this.out = out;
  }

  /** Seven bits an octet, the lowest first; small numbers are short, negative ones long. */
  public void number(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      out.write(((int) rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  /** A number that may well be negative: the sign moves to the lowest bit. */
  public void signed(long value) {
    number((value << 1) ^ (value >> 63));
  }

  /** Any 64 bits, as eight octets. */
  public void bits(long value) {
    out.writeNumber(value, Long.BYTES);
  }

  public void flag(boolean value) {
    out.write(value ? 1 : 0);
  }

  public void text(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    slice(utf8, 0, utf8.length);
  }

  public void slice(byte[] bytes, int offset, int length) {
    number(length);
    out.write(bytes, offset, length);
  }

  public void slice(ByteSink content) {
    slice(content.array(), 0, content.length());
  }

  /** A constant, as its place in the list that both releases share; lists only grow at the end. */
  public <E extends Enum<E>> void constant(List<E> constants, E value) {
    number(constants.indexOf(value));
  }

  public void numbers(long[] values) {
    number(values.length);
    for (long value : values) {
      number(value);
    }
  }
}
