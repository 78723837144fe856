package io.tandem.protocol.wire;

import java.math.BigInteger;

/** CBOR, lengths and integers in their shortest form, floats in 64 bits. */
final class CborWriter extends BinaryWriter {

  private static final int UNSIGNED = 0x00;
  private static final int NEGATIVE = 0x20;
  private static final int BINARY = 0x40;
  private static final int TEXT = 0x60;
  private static final int LIST = 0x80;
  private static final int MAP = 0xA0;
  private static final int TAG = 0xC0;

  CborWriter(ByteSink out) {
    super(out);
  }

  @Override
  void head(boolean map, int count) {
    head(map ? MAP : LIST, (long) count);
  }

  /** The argument is unsigned: a negative long stands for one beyond 2^63. */
  private void head(int major, long argument) {
    if (argument >= 0 && argument <= 23) {
      out.write(major | (int) argument);
    } else if (argument >= 0 && argument <= 0xFF) {
      sized(major | 24, argument, 1);
    } else if (argument >= 0 && argument <= 0xFFFF) {
      sized(major | 25, argument, 2);
    } else if (argument >= 0 && argument <= 0xFFFFFFFFL) {
      sized(major | 26, argument, 4);
    } else {
      sized(major | 27, argument, 8);
    }
  }

  @Override
  public void nul() {
    item();
    out.write(0xF6);
  }

  @Override
  public void bool(boolean value) {
    item();
    out.write(value ? 0xF5 : 0xF4);
  }

  @Override
  public void integer(long value) {
    item();
    if (value >= 0) {
      head(UNSIGNED, value);
    } else {
      head(NEGATIVE, ~value);
    }
  }

  @Override
  public void bigInteger(BigInteger value) {
    item();
    boolean negative = value.signum() < 0;
    BigInteger magnitude = negative ? value.not() : value;
    if (magnitude.bitLength() <= Long.SIZE) {
      head(negative ? NEGATIVE : UNSIGNED, magnitude.longValue());
    } else {
      head(TAG, negative ? 3L : 2L);
      byte[] octets = magnitude.toByteArray();
      int signOctet = octets[0] == 0 ? 1 : 0;
      head(BINARY, (long) octets.length - signOctet);
      out.write(octets, signOctet, octets.length - signOctet);
    }
  }

  @Override
  public void real(double value) {
    item();
    sized(0xFB, Double.doubleToRawLongBits(value), 8);
  }

  @Override
  public void text(byte[] utf8, int from, int to) {
    string(TEXT, utf8, from, to);
  }

  @Override
  public void binary(byte[] octets, int from, int to) {
    string(BINARY, octets, from, to);
  }

  private void string(int major, byte[] octets, int from, int to) {
    item();
    head(major, (long) to - from);
    out.write(octets, from, to - from);
  }

  private void sized(int head, long number, int octets) {
    out.write(head);
    out.writeNumber(number, octets);
  }
}
