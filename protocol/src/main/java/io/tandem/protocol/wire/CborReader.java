package io.tandem.protocol.wire;

import java.math.BigInteger;

/**
 * CBOR after RFC 8949. Items of indefinite length are accepted anywhere (SER-04). Big numbers, tags
 * 2 and 3, are numbers, and octet arrays of tag 64 binary; every other tag is a token of its own.
 */
final class CborReader extends BinaryReader {

  /** RFC 8746: an array of octets, which is what JavaScript libraries call their bytes. */
  private static final int UINT8_ARRAY = 64;

  private static final int BREAK = 0xFF;
  private static final int INDEFINITE = 31;

  /** The longest magnitude read as a number: about 1,000 digits, as {@link DecodeLimits} allows. */
  private static final int MAX_BIG_NUMBER = 415;

  private BigInteger big = BigInteger.ZERO;
  private boolean indefinite;

  CborReader(DecodeLimits limits) {
    super(limits);
  }

  @Override
  public Serializer serializer() {
    return Serializer.CBOR;
  }

  @Override
  boolean atBreak() {
    return pos < end && (in[pos] & 0xFF) == BREAK;
  }

  @Override
  boolean sawIndefinite() {
    boolean saw = indefinite;
    indefinite = false;
    return saw;
  }

  @Override
  Token value(int first) throws MalformedException {
    int major = first >> 5;
    int info = first & 0x1F;
    if (major == 7) {
      return simple(info);
    }
    if (info == INDEFINITE) {
      indefinite = true;
      return switch (major) {
        case 2 -> chunks(first & 0xE0, Token.BINARY);
        case 3 -> chunks(first & 0xE0, Token.TEXT);
        case 4 -> openIndefinite(Token.LIST);
        case 5 -> openIndefinite(Token.MAP);
        default -> throw malformed("a number or tag cannot be indefinite");
      };
    }
    long argument = argument(info);
    return switch (major) {
      case 0 -> argument < 0 ? big(unsigned(argument)) : integer(argument);
      case 1 -> argument < 0 ? big(unsigned(argument).not()) : integer(~argument);
      case 2 -> binary(argument);
      case 3 -> text(argument);
      case 4 -> open(Token.LIST, argument);
      case 5 -> open(Token.MAP, argument);
      default -> tag(argument);
    };
  }

  private long argument(int info) throws MalformedException {
    if (info < 24) {
      return info;
    }
    return switch (info) {
      case 24 -> number(1);
      case 25 -> number(2);
      case 26 -> number(4);
      case 27 -> number(8);
      default -> throw malformed("reserved length");
    };
  }

  private Token simple(int info) throws MalformedException {
    return switch (info) {
      case 20 -> Token.FALSE;
      case 21 -> Token.TRUE;
      case 22, 23 -> Token.NULL; // 23 is "undefined", which JavaScript sends for null
      case 24 -> {
        if (number(1) < 32) {
          throw malformed("a simple value in the wrong form");
        }
        yield Token.EXTENSION;
      }
      case 25 -> real(half((int) number(2)));
      case 26 -> real(Float.intBitsToFloat((int) number(4)));
      case 27 -> real(Double.longBitsToDouble(number(8)));
      case 28, 29, 30 -> throw malformed("reserved simple value");
      case INDEFINITE -> throw malformed("an end without a beginning");
      default -> Token.EXTENSION;
    };
  }

  /** A float of 16 bits: sign, five bits of exponent, ten of fraction. */
  private static double half(int bits) {
    int exponent = bits >> 10 & 0x1F;
    int fraction = bits & 0x3FF;
    double magnitude;
    if (exponent == 0) {
      magnitude = Math.scalb((double) fraction, -24);
    } else if (exponent < 31) {
      magnitude = Math.scalb((double) (fraction + 1024), exponent - 25);
    } else {
      magnitude = fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
    }
    return (bits & 0x8000) == 0 ? magnitude : -magnitude;
  }

  /** Text or binary in pieces, each of definite length, put together in a copy. */
  private Token chunks(int major, Token whole) throws MalformedException {
    ByteSink all = new ByteSink(64);
    while (!atBreak()) {
      int first = octet();
      if ((first & 0xE0) != major || first == (major | INDEFINITE)) {
        throw malformed("a piece of another type");
      }
      take(argument(first & 0x1F));
      if (whole == Token.TEXT) {
        Utf8.check(in, textStart, textEnd);
      }
      all.write(in, textStart, textEnd - textStart);
    }
    pos++;
    text = all.array();
    textStart = 0;
    textEnd = all.length();
    return whole;
  }

  private Token tag(long number) throws MalformedException {
    if ((number == 2 || number == 3) && pos < end && (in[pos] & 0xE0) == 0x40) {
      int head = pos;
      int info = octet() & 0x1F;
      if (info != INDEFINITE) {
        long length = argument(info);
        if (length >= 0 && length <= MAX_BIG_NUMBER) {
          take(length);
          BigInteger magnitude = new BigInteger(1, in, textStart, (int) length);
          return big(number == 2 ? magnitude : magnitude.not());
        }
      }
      pos = head;
    }
    if (number == UINT8_ARRAY && pos < end && (in[pos] & 0xE0) == 0x40) {
      return value(octet());
    }
    tagged = true;
    return Token.TAG;
  }

  private Token big(BigInteger value) {
    if (value.bitLength() < Long.SIZE) {
      return integer(value.longValue());
    }
    big = value;
    return Token.BIG_INTEGER;
  }

  private static BigInteger unsigned(long value) {
    return new BigInteger(Long.toUnsignedString(value));
  }

  @Override
  public BigInteger bigInteger() {
    return big;
  }
}
