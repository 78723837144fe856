package io.tandem.node.config;

import io.tandem.protocol.wire.DecodeLimits;

/**
 * Sizes and numbers that a listener grants. Sizes in bytes.
 *
 * @param maxMessageSize longest WAMP message accepted, without framing: 512 B to 16 MiB, 1 MiB
 *     unless configured. A longer one ends the connection: WebSocket close 1009, a RawSocket is
 *     closed; RawSocket announces the largest power of two not above it (RS-03, RS-04)
 * @param maxFrameSize longest WebSocket frame accepted: 512 B to {@code maxMessageSize}, which it
 *     is unless configured, since browsers send a message as one frame. A longer one: close 1009
 * @param outboundQueue bytes that may wait for one client that reads slowly: 64 KiB to 1 GiB and
 *     never below {@code maxMessageSize}; 4 MiB unless configured, or {@code maxMessageSize} where
 *     that is larger. One byte more closes the session
 * @param maxConnections connections open at once on the listener: 1 to 1,000,000, 100,000 unless
 *     configured. A further one is refused: HTTP 503, RawSocket error 4 (RS-07)
 * @param maxConnectionsPerAddress those of one client's address, of an IPv6 network of 64 bits: 1
 *     to 1,000,000, which it is unless configured. A further one is refused likewise
 * @param maxDepth lists and maps inside each other, the message's own list included: 8 to 512, 64
 *     unless configured. A payload beyond this limit or one of the next two gets an ERROR, anything
 *     else in a message a protocol violation
 * @param maxElements elements of one list or entries of one map: 64 to 1,048,576, which it is
 *     unless configured
 * @param maxNumberLength characters of one number in JSON: 20 to 10,000, 1,000 unless configured
 */
public record LimitsConfig(
    int maxMessageSize,
    int maxFrameSize,
    long outboundQueue,
    int maxConnections,
    int maxConnectionsPerAddress,
    int maxDepth,
    int maxElements,
    int maxNumberLength) {

  /** What a listener grants that says nothing else. */
  public static final LimitsConfig DEFAULT =
      new LimitsConfig(
          1 << 20,
          1 << 20,
          4 << 20,
          100_000,
          1_000_000,
          DecodeLimits.DEFAULT.maxDepth(),
          DecodeLimits.DEFAULT.maxElements(),
          DecodeLimits.DEFAULT.maxNumberLength());

  /** The same with another number of connections. */
  public LimitsConfig withMaxConnections(int number) {
    return new LimitsConfig(
        maxMessageSize,
        maxFrameSize,
        outboundQueue,
        number,
        maxConnectionsPerAddress,
        maxDepth,
        maxElements,
        maxNumberLength);
  }

  static final int MIN_MESSAGE_SIZE = 512;

  /** The 2^24 that RawSocket can name; taken, but never sent (RS-11). */
  static final int MAX_MESSAGE_SIZE = 16 << 20;

  static final long MIN_OUTBOUND_QUEUE = 64 << 10;
  static final long MAX_OUTBOUND_QUEUE = 1L << 30;
  static final int MAX_CONNECTIONS = 1_000_000;

  /** HELLO with a role that has features is five deep. */
  static final int MIN_DEPTH = 8;

  /** More than the protocol itself needs of a list or map. */
  static final int MIN_ELEMENTS = 64;

  /** What is read of a message's Options here, other nodes of the cluster must be able to read. */
  static final int MAX_ELEMENTS = DecodeLimits.DEFAULT.maxElements();

  /** What decoders of this listener accept. */
  public DecodeLimits decoding() {
    return new DecodeLimits(maxDepth, maxElements, maxNumberLength);
  }
}
