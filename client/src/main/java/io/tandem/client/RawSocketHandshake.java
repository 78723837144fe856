package io.tandem.client;

import io.tandem.protocol.wire.Serializer;
import io.vertx.core.buffer.Buffer;

/** The four octets each side of a RawSocket sends first (RS-01 to RS-07). */
final class RawSocketHandshake {

  /** Octets in each direction. */
  static final int LENGTH = 4;

  private static final int MAGIC = 0x7F;
  private static final int SMALLEST_EXPONENT = 9;

  /** A frame of exactly 2^24 octets is never sent: old peers misread its prefix (RS-11). */
  private static final int LARGEST_FRAME = (1 << 24) - 1;

  private final int serializer;
  private final int exponent;

  /** Announces the largest power of two that is not above {@code maxMessageBytes}. */
  RawSocketHandshake(Serializer serializer, int maxMessageBytes) {
    this.serializer =
        switch (serializer) {
          case JSON -> 1;
          case MSGPACK -> 2;
          case CBOR -> 3;
        };
    this.exponent = 31 - Integer.numberOfLeadingZeros(maxMessageBytes);
  }

  /** What the router may send us, in octets. */
  int receiveLimit() {
    return 1 << exponent;
  }

  Buffer request() {
    int limitAndSerializer = (exponent - SMALLEST_EXPONENT) << 4 | serializer;
    return Buffer.buffer(new byte[] {MAGIC, (byte) limitAndSerializer, 0, 0});
  }

  /**
   * Reads the router's answer and returns the largest message it takes.
   *
   * @throws TransportException when it refused, or does not speak RawSocket
   */
  int accept(Buffer reply) {
    int second = reply.getUnsignedByte(1);
    if (reply.getByte(0) != MAGIC) {
      throw new TransportException("the peer does not speak RawSocket");
    }
    if ((second & 0x0F) == 0) {
      throw new TransportException("the router refused RawSocket: " + error(second >>> 4));
    }
    if ((second & 0x0F) != serializer || reply.getUnsignedShort(2) != 0) {
      throw new TransportException("the router's RawSocket handshake is malformed");
    }
    return Math.min(1 << (SMALLEST_EXPONENT + (second >>> 4)), LARGEST_FRAME);
  }

  private static String error(int code) {
    return switch (code) {
      case 1 -> "serializer not supported";
      case 2 -> "maximum message length not acceptable";
      case 3 -> "reserved bits used";
      case 4 -> "connection limit reached";
      default -> "error code " + code;
    };
  }
}
