package io.tandem.node.router;

import java.util.Locale;

/**
 * Why a session or its transport ended. Names the log line and the metric label, and carries the
 * WebSocket close code (WS-07); RawSocket has no codes.
 */
public enum CloseCause {
  /** GOODBYE was said and answered. */
  GOODBYE(1000),
  /** The client refused to go on with ABORT. */
  ABORTED_BY_CLIENT(1000),
  /** The client closed the WebSocket in an open session. */
  CLOSED_BY_CLIENT(1000),
  /** The connection ended without a word, which is how a RawSocket ends as well. */
  TRANSPORT_LOST(1006),
  /** The client broke the protocol and was told so with ABORT (SES-20). */
  PROTOCOL_VIOLATION(1002),
  /** What the client had proved itself with, a token, has expired. */
  EXPIRED(1000),
  /** Somebody who may has ended the session, by the meta API. */
  KILLED(1000),
  /** HELLO or a proof was refused with ABORT. */
  REFUSED(1000),
  /** The connection did not become a WAMP transport in time (RS-01). */
  HANDSHAKE_TIMEOUT(1002),
  /** No HELLO in time (SES-01). */
  HELLO_TIMEOUT(1002),
  /** No answer to our GOODBYE in time (SES-14). */
  GOODBYE_TIMEOUT(1000),
  /** A message longer than the listener allows. */
  MESSAGE_TOO_LONG(1009),
  /** A frame that breaks the rules of the transport. */
  BAD_FRAME(1002),
  /** Text, or the reason of a close, that is not UTF-8. */
  NOT_UTF8(1007),
  /** A message began and did not go on. */
  STALLED(1002),
  /** No sign of life after a ping. */
  DEAD_PEER(1001),
  /**
   * More bytes waited for the client than its outbound queue holds, since it did not read (TR-05).
   */
  SLOW_READER(1008),
  /** It held much memory, by not going on, when there was little. */
  MEMORY(1013),
  /** The node stops; clients may come back at once (QRK-12). */
  NODE_LEAVES(1001),
  /** The node has many more sessions than the others; clients may come back at once, elsewhere. */
  REBALANCED(1001),
  /** The realm is not configured any more. */
  REALM_CLOSED(1000),
  /** The listener is not configured any more; clients may come back at once, elsewhere. */
  LISTENER_CLOSED(1001),
  /** The network of its client may not connect any more. */
  BANNED(1008),
  /** The cluster has evicted the node, which starts over; clients may come back at once. */
  NODE_STARTS_OVER(1012),
  /** A defect of the router; logged with its stack trace. */
  INTERNAL_ERROR(1011);

  private final int closeCode;
  private final String label = name().toLowerCase(Locale.ROOT);

  CloseCause(int closeCode) {
    this.closeCode = closeCode;
  }

  /** The WebSocket close code. */
  public int closeCode() {
    return closeCode;
  }

  /** The name in logs and metrics. */
  public String label() {
    return label;
  }
}
