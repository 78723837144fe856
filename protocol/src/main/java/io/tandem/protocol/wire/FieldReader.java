package io.tandem.protocol.wire;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Takes fields from a bounded piece of an array, as {@link FieldWriter} put them there: what nodes
 * write for each other, over links and in the shared record. No length is trusted: what a field
 * claims must lie within the piece, so memory is bounded by the octets that really came. Fields
 * have no names: a later release appends some, and an earlier one leaves them unread. Belongs to
 * one thread.
 */
public final class FieldReader {

  private final byte[] bytes;
  private final int end;
  private int position;

  public FieldReader(byte[] bytes, int offset, int length) {
    this.bytes = bytes;
    this.position = offset;
    this.end = offset + length;
  }

  public boolean atEnd() {
    return position == end;
  }

  public byte[] bytes() {
    return bytes;
  }

  public int position() {
    return position;
  }

  public int remaining() {
    return end - position;
  }

  public int octet() throws MalformedException {
    if (position == end) {
      throw new MalformedException("a field is cut off");
    }
    return bytes[position++] & 0xFF;
  }

  /** A number of {@link FieldWriter#number}. */
  public long number() throws MalformedException {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int octet = octet();
      value |= (octet & 0x7FL) << shift;
      if (octet < 0x80) {
        return value;
      }
    }
    throw new MalformedException("a number is too long");
  }

  /** Any 64 bits. */
  public long bits() throws MalformedException {
    long value = 0;
    for (int count = 0; count < Long.BYTES; count++) {
      value = value << 8 | octet();
    }
    return value;
  }

  public long signed() throws MalformedException {
    long value = number();
    return (value >>> 1) ^ -(value & 1);
  }

  /** A number from 0 to {@code bound} - 1. */
  public int below(int bound, String what) throws MalformedException {
    long value = number();
    if (value < 0 || value >= bound) {
      throw new MalformedException(what + " is out of range");
    }
    return (int) value;
  }

  public boolean flag() throws MalformedException {
    return below(2, "a flag") == 1;
  }

  public <E extends Enum<E>> E constant(List<E> constants) throws MalformedException {
    return constants.get(below(constants.size(), "a constant"));
  }

  /** A piece with its length in front, as a reader of its own; this one goes on behind it. */
  public FieldReader slice() throws MalformedException {
    int length = below(Integer.MAX_VALUE, "a length");
    if (length > remaining()) {
      throw new MalformedException("a length points beyond the end");
    }
    FieldReader piece = new FieldReader(bytes, position, length);
    position += length;
    return piece;
  }

  public String text() throws MalformedException {
    return slice().rest();
  }

  /** All that is left, as text. */
  public String rest() {
    String value = new String(bytes, position, remaining(), StandardCharsets.UTF_8);
    position = end;
    return value;
  }

  /** How many parts follow, each of which takes an octet at least. */
  public int count() throws MalformedException {
    int count = below(Integer.MAX_VALUE, "a count");
    if (count > remaining()) {
      throw new MalformedException("a count points beyond the end");
    }
    return count;
  }

  public long[] numbers() throws MalformedException {
    long[] values = new long[count()];
    for (int i = 0; i < values.length; i++) {
      values[i] = number();
    }
    return values;
  }
}
