package io.tandem.cluster.link;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Takes fields from a bounded piece of a frame, as {@link FieldWriter} put them there. No length is
 * trusted: what a field claims must lie within the piece, so memory is bounded by the bytes that
 * really came. Belongs to one thread.
 */
final class FieldReader {

  private final byte[] bytes;
  private final int end;
  private int position;

  FieldReader(byte[] bytes, int offset, int length) {
    this.bytes = bytes;
    this.position = offset;
    this.end = offset + length;
  }

  boolean atEnd() {
    return position == end;
  }

  byte[] bytes() {
    return bytes;
  }

  int position() {
    return position;
  }

  int remaining() {
    return end - position;
  }

  int octet() throws MalformedFrameException {
    if (position == end) {
      throw new MalformedFrameException("a field is cut off");
    }
    return bytes[position++] & 0xFF;
  }

  long number() throws MalformedFrameException {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int octet = octet();
      value |= (octet & 0x7FL) << shift;
      if (octet < 0x80) {
        return value;
      }
    }
    throw new MalformedFrameException("a number is too long");
  }

  long signed() throws MalformedFrameException {
    long value = number();
    return (value >>> 1) ^ -(value & 1);
  }

  /** A number from 0 to {@code bound} - 1. */
  int below(int bound, String what) throws MalformedFrameException {
    long value = number();
    if (value < 0 || value >= bound) {
      throw new MalformedFrameException(what + " is out of range");
    }
    return (int) value;
  }

  boolean flag() throws MalformedFrameException {
    return below(2, "a flag") == 1;
  }

  <E extends Enum<E>> E constant(List<E> constants) throws MalformedFrameException {
    return constants.get(below(constants.size(), "a constant"));
  }

  /** A piece with its length in front, as a reader of its own; this one goes on behind it. */
  FieldReader slice() throws MalformedFrameException {
    int length = below(Integer.MAX_VALUE, "a length");
    if (length > remaining()) {
      throw new MalformedFrameException("a length points beyond the end");
    }
    FieldReader piece = new FieldReader(bytes, position, length);
    position += length;
    return piece;
  }

  String text() throws MalformedFrameException {
    return slice().rest();
  }

  /** All that is left, as text. */
  String rest() {
    String value = new String(bytes, position, remaining(), StandardCharsets.UTF_8);
    position = end;
    return value;
  }

  /** A list of numbers; each takes an octet at least, so the claimed count is checked first. */
  long[] numbers() throws MalformedFrameException {
    int count = below(Integer.MAX_VALUE, "a count");
    if (count > remaining()) {
      throw new MalformedFrameException("a count points beyond the end");
    }
    long[] values = new long[count];
    for (int i = 0; i < count; i++) {
      values[i] = number();
    }
    return values;
  }
}
