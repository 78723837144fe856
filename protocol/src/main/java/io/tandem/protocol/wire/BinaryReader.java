package io.tandem.protocol.wire;

import java.util.Arrays;

/**
 * What MessagePack and CBOR have in common: containers that say first how many elements follow, and
 * numbers in big-endian octets.
 */
abstract sealed class BinaryReader extends TokenReader permits MsgpackReader, CborReader {

  /**
   * Items still to come in each open container, keys and values counted apart. Of an indefinite
   * one, -1 less the items read.
   */
  private int[] left = new int[8];

  private boolean[] map = new boolean[left.length];

  /** A tag was read and waits for its value, so the next value is no element of its own. */
  boolean tagged;

  double real;

  BinaryReader(DecodeLimits limits) {
    super(limits);
  }

  @Override
  public void reset(byte[] bytes, int offset, int length) {
    super.reset(bytes, offset, length);
    tagged = false;
  }

  @Override
  final Token read() throws MalformedException {
    start = pos;
    boolean key = false;
    if (depth > 0 && !tagged) {
      int items = left[depth];
      key = map[depth] && ((items & 1) == 0) == (items >= 0);
      if (items == 0 || (items < 0 && (key || !map[depth]) && atBreak())) {
        return leave();
      }
      left[depth] = items - 1;
      if (items < 0) {
        checkElements(map[depth] ? (1L - items) / 2 : -items);
      }
    }
    tagged = false;
    Token read = value(octet());
    if (key) {
      if (read != Token.TEXT) {
        throw malformed("a key must be a string");
      }
      read = Token.KEY;
    }
    return read;
  }

  /** Reads the value, or tag, that starts with this octet. */
  abstract Token value(int first) throws MalformedException;

  /** Whether the end of a container of indefinite length stands here. */
  boolean atBreak() {
    return false;
  }

  private Token leave() {
    if (left[depth] < 0) {
      pos++;
    }
    return map[depth--] ? Token.END_MAP : Token.END_LIST;
  }

  final Token open(Token opened, long announced) throws MalformedException {
    long items = opened == Token.MAP ? announced * 2 : announced;
    if (announced < 0 || items > end - pos) {
      throw malformed("more elements announced than octets left");
    }
    checkElements(announced);
    count = (int) announced;
    return open(opened, (int) items);
  }

  final Token openIndefinite(Token opened) throws MalformedException {
    count = TokenWriter.UNKNOWN;
    return open(opened, -1);
  }

  private Token open(Token opened, int items) throws MalformedException {
    enter();
    if (depth == left.length) {
      left = Arrays.copyOf(left, depth * 2);
      map = Arrays.copyOf(map, depth * 2);
    }
    left[depth] = items;
    map[depth] = opened == Token.MAP;
    return opened;
  }

  /** Text of this many octets, which follow. */
  final Token text(long length) throws MalformedException {
    take(length);
    Utf8.check(in, textStart, textEnd);
    return Token.TEXT;
  }

  final Token binary(long length) throws MalformedException {
    take(length);
    return Token.BINARY;
  }

  /** Steps over this many octets and remembers them as {@link #text}. */
  final void take(long length) throws MalformedException {
    if (length < 0 || length > end - pos) {
      throw malformed("fewer octets left than announced");
    }
    text = in;
    textStart = pos;
    pos += (int) length;
    textEnd = pos;
  }

  final Token integer(long value) {
    integer = value;
    return Token.INTEGER;
  }

  final Token real(double value) {
    real = value;
    return Token.FLOAT;
  }

  final int octet() throws MalformedException {
    if (pos >= end) {
      throw malformed("the end is missing");
    }
    return in[pos++] & 0xFF;
  }

  /** The unsigned number in this many octets; of eight, one beyond 2^63 comes out negative. */
  final long number(int octets) throws MalformedException {
    if (octets > end - pos) {
      throw malformed("the end is missing");
    }
    long value = 0;
    for (int i = 0; i < octets; i++) {
      value = (value << 8) | (in[pos++] & 0xFF);
    }
    return value;
  }

  @Override
  public final double real() {
    return real;
  }

  @Override
  final void separator() {}

  @Override
  public final void finish() throws MalformedException {
    if (pos < end) {
      throw malformed("octets after the end");
    }
  }
}
