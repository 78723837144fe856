package io.tandem.protocol.wire;

import java.math.BigInteger;

/** MessagePack, each value in its shortest form. */
final class MsgpackWriter extends BinaryWriter {

  MsgpackWriter(ByteSink out) {
    super(out);
  }

  @Override
  void head(boolean map, int count) {
    if (count <= 15) {
      out.write((map ? 0x80 : 0x90) | count);
    } else if (count <= 0xFFFF) {
      sized(map ? 0xDE : 0xDC, count, 2);
    } else {
      sized(map ? 0xDF : 0xDD, count, 4);
    }
  }

  @Override
  public void nul() {
    item();
    out.write(0xC0);
  }

  @Override
  public void bool(boolean value) {
    item();
    out.write(value ? 0xC3 : 0xC2);
  }

  @Override
  public void integer(long value) {
    item();
    if (value >= 0) {
      positive(value);
    } else if (value >= -32) {
      out.write((int) value);
    } else if (value >= Byte.MIN_VALUE) {
      sized(0xD0, value, 1);
    } else if (value >= Short.MIN_VALUE) {
      sized(0xD1, value, 2);
    } else if (value >= Integer.MIN_VALUE) {
      sized(0xD2, value, 4);
    } else {
      sized(0xD3, value, 8);
    }
  }

  private void positive(long value) {
    if (value <= 0x7F) {
      out.write((int) value);
    } else if (value <= 0xFF) {
      sized(0xCC, value, 1);
    } else if (value <= 0xFFFF) {
      sized(0xCD, value, 2);
    } else if (value <= 0xFFFFFFFFL) {
      sized(0xCE, value, 4);
    } else {
      sized(0xCF, value, 8);
    }
  }

  @Override
  public void bigInteger(BigInteger value) throws UntranslatableException {
    if (value.bitLength() < Long.SIZE) {
      integer(value.longValue());
    } else if (value.signum() > 0 && value.bitLength() == Long.SIZE) {
      item();
      sized(0xCF, value.longValue(), 8);
    } else {
      throw new UntranslatableException("msgpack has no integers of more than 64 bits");
    }
  }

  @Override
  public void real(double value) {
    item();
    sized(0xCB, Double.doubleToRawLongBits(value), 8);
  }

  @Override
  public void text(byte[] utf8, int from, int to) {
    item();
    int length = to - from;
    if (length <= 31) {
      out.write(0xA0 | length);
    } else if (length <= 0xFF) {
      sized(0xD9, length, 1);
    } else if (length <= 0xFFFF) {
      sized(0xDA, length, 2);
    } else {
      sized(0xDB, length, 4);
    }
    out.write(utf8, from, length);
  }

  @Override
  public void binary(byte[] octets, int from, int to) {
    item();
    int length = to - from;
    if (length <= 0xFF) {
      sized(0xC4, length, 1);
    } else if (length <= 0xFFFF) {
      sized(0xC5, length, 2);
    } else {
      sized(0xC6, length, 4);
    }
    out.write(octets, from, length);
  }

  private void sized(int type, long number, int octets) {
    out.write(type);
    out.writeNumber(number, octets);
  }
}
