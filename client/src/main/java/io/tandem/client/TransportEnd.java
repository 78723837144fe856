package io.tandem.client;

/**
 * How a transport ended.
 *
 * @param cause who ended it
 * @param code the WebSocket close code received or sent; -1 where there was none, as on RawSocket
 * @param reason a sentence for logs and exceptions
 */
public record TransportEnd(Cause cause, int code, String reason) {

  /** Who ended it. */
  public enum Cause {
    /** This side, on purpose. */
    CLOSED,
    /** The router, or the network. */
    LOST,
    /** This side, because what arrived broke the rules of the transport. */
    VIOLATION
  }

  /** No close code. */
  public static final int NO_CODE = -1;

  @Override
  public String toString() {
    return code == NO_CODE ? reason : code + " " + reason;
  }
}
