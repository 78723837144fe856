package io.tandem.protocol.rawsocket;

/** What a RawSocket frame carries (RS-08). */
public enum FrameType {
  /** One WAMP message. */
  MESSAGE(0),
  /** Any octets, which a {@link #PONG} returns. */
  PING(1),
  /** The octets of a {@link #PING}. */
  PONG(2);

  /** The type on the wire. */
  final int code;

  FrameType(int code) {
    this.code = code;
  }
}
