package io.tandem.protocol.rawsocket;

import io.tandem.protocol.wire.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * The four octets that each side of a RawSocket sends first: what it asks for, agrees to, or why it
 * refuses (RS-01 to RS-07).
 *
 * @param octets the four as one number, the first one highest
 */
public record RawSocketHandshake(int octets) {

  /** Octets in each direction. */
  public static final int LENGTH = 4;

  /** The first of them, which begins no request of HTTP (RS-02). */
  public static final int MAGIC = 0x7F;

  private static final int SMALLEST_EXPONENT = 9;

  /** Why a router refuses (RS-07). */
  public enum Refusal {
    SERIALIZER(1, "serializer not supported"),
    LENGTH(2, "maximum message length not acceptable"),
    RESERVED(3, "reserved bits used"),
    CONNECTIONS(4, "connection limit reached");

    private final int code;
    private final String words;

    Refusal(int code, String words) {
      this.code = code;
      this.words = words;
    }
  }

  /**
   * A client's request, or a router's consent.
   *
   * @param limit longest message that its sender takes, 512 to 2^24 octets; what is announced is
   *     the largest power of two that is not above it (RS-04)
   */
  public static RawSocketHandshake of(Serializer serializer, int limit) {
    int number =
        switch (serializer) {
          case JSON -> 1;
          case MSGPACK -> 2;
          case CBOR -> 3;
        };
    int exponent = 31 - Integer.numberOfLeadingZeros(limit) - SMALLEST_EXPONENT;
    return new RawSocketHandshake(MAGIC << 24 | exponent << 20 | number << 16);
  }

  /** A router's refusal. */
  public static RawSocketHandshake refusing(Refusal why) {
    return new RawSocketHandshake(MAGIC << 24 | why.code << 20);
  }

  /** Whether it is one at all. */
  public boolean isRawSocket() {
    return octets >>> 24 == MAGIC;
  }

  /** Whether octets are set that have no meaning yet. */
  public boolean hasReservedOctets() {
    return (octets & 0xFFFF) != 0;
  }

  /** The serializer's number, 0 to 15; a router that refuses says 0. */
  public int serializerNumber() {
    return octets >>> 16 & 0xF;
  }

  /** The serializer, or null where the number stands for none that we speak. */
  public @Nullable Serializer serializer() {
    return switch (serializerNumber()) {
      case 1 -> Serializer.JSON;
      case 2 -> Serializer.MSGPACK;
      case 3 -> Serializer.CBOR;
      default -> null;
    };
  }

  /** Longest message that its sender takes, 2^9 to 2^24 octets. */
  public int limit() {
    return 1 << (SMALLEST_EXPONENT + announced());
  }

  /** Longest message to send to it: {@link #limit}, but no frame of 2^24 octets (RS-11). */
  public int sendLimit() {
    return Math.min(limit(), FrameHead.LONGEST_SENT);
  }

  /** Why the router refused, in words. */
  public String refusal() {
    for (Refusal known : Refusal.values()) {
      if (known.code == announced()) {
        return known.words;
      }
    }
    return "error code " + announced();
  }

  private int announced() {
    return octets >>> 20 & 0xF;
  }
}
