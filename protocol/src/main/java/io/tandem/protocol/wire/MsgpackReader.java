package io.tandem.protocol.wire;

import java.math.BigInteger;

/** MessagePack 5: strings and binary are different types (SER-03). */
final class MsgpackReader extends BinaryReader {

  MsgpackReader(DecodeLimits limits) {
    super(limits);
  }

  @Override
  public Serializer serializer() {
    return Serializer.MSGPACK;
  }

  @Override
  Token value(int first) throws MalformedException {
    if (first <= 0x7F) {
      return integer(first);
    } else if (first >= 0xE0) {
      return integer((byte) first);
    } else if (first <= 0x8F) {
      return open(Token.MAP, first & 0x0FL);
    } else if (first <= 0x9F) {
      return open(Token.LIST, first & 0x0FL);
    } else if (first <= 0xBF) {
      return text(first & 0x1FL);
    }
    return switch (first) {
      case 0xC0 -> Token.NULL;
      case 0xC2 -> Token.FALSE;
      case 0xC3 -> Token.TRUE;
      case 0xC4 -> binary(number(1));
      case 0xC5 -> binary(number(2));
      case 0xC6 -> binary(number(4));
      case 0xC7 -> extension(number(1));
      case 0xC8 -> extension(number(2));
      case 0xC9 -> extension(number(4));
      case 0xCA -> real(Float.intBitsToFloat((int) number(4)));
      case 0xCB -> real(Double.longBitsToDouble(number(8)));
      case 0xCC -> integer(number(1));
      case 0xCD -> integer(number(2));
      case 0xCE -> integer(number(4));
      case 0xCF -> unsigned(number(8));
      case 0xD0 -> integer(signed(1));
      case 0xD1 -> integer(signed(2));
      case 0xD2 -> integer(signed(4));
      case 0xD3 -> integer(number(8));
      case 0xD4 -> extension(1);
      case 0xD5 -> extension(2);
      case 0xD6 -> extension(4);
      case 0xD7 -> extension(8);
      case 0xD8 -> extension(16);
      case 0xD9 -> text(number(1));
      case 0xDA -> text(number(2));
      case 0xDB -> text(number(4));
      case 0xDC -> open(Token.LIST, number(2));
      case 0xDD -> open(Token.LIST, number(4));
      case 0xDE -> open(Token.MAP, number(2));
      case 0xDF -> open(Token.MAP, number(4));
      default -> throw malformed("the octet c1 is never used");
    };
  }

  private long signed(int octets) throws MalformedException {
    int unused = Long.SIZE - octets * Byte.SIZE;
    return number(octets) << unused >> unused;
  }

  private Token unsigned(long value) {
    integer = value;
    return value < 0 ? Token.BIG_INTEGER : Token.INTEGER;
  }

  /**
   * The data follows an octet with the kind of extension. Kind 0 with one octet 0 is how msgpackr,
   * and so wampy, writes JavaScript's "undefined"; CBOR has a value for it, which is read the same.
   */
  private Token extension(long length) throws MalformedException {
    take(length + 1);
    boolean undefined = length == 1 && in[pos - 2] == 0 && in[pos - 1] == 0;
    return undefined ? Token.NULL : Token.EXTENSION;
  }

  /** Only unsigned numbers of 64 bits are too big for a long. */
  @Override
  public BigInteger bigInteger() {
    return new BigInteger(Long.toUnsignedString(integer));
  }
}
