package io.tandem.node.router;

import java.util.Locale;

/**
 * Why a connection was refused before it became a transport. Names the log line and the metric
 * label, and carries the HTTP status for those that asked by HTTP.
 */
public enum HandshakeRefusal {
  /** What came is no HTTP request, or one that breaks the rules of HTTP/1.1. */
  BAD_REQUEST(400),
  /** A request target longer than the node reads. */
  TARGET_TOO_LONG(414),
  /** Headers longer than the node reads. */
  HEADERS_TOO_LONG(431),
  /** A WebSocket is opened by GET alone. */
  METHOD(405),
  /** A WebSocket on a path, or on a listener, that has none. */
  PATH(404),
  /** A page of an origin that is not admitted (WS-06). */
  ORIGIN(403),
  /** Upgrade and Connection do not both ask for a WebSocket. */
  UPGRADE(400),
  /** A version of the WebSocket protocol other than 13. */
  VERSION(426),
  /** A key that is not 16 octets in base64. */
  KEY(400),
  /** No subprotocol in common (WS-03). */
  SUBPROTOCOL(400),
  /** The listener has as many connections as it takes (RS-07). */
  TOO_MANY_CONNECTIONS(503),
  /** The node is on its way out. */
  NODE_LEAVES(503),
  /** The client is of a network that may not connect; by HTTP, where a proxy has told so. */
  BANNED(403),
  /** RawSocket where the listener does not offer it. */
  NO_RAWSOCKET,
  /** A RawSocket serializer that is unknown or not offered (RS-06). */
  SERIALIZER,
  /** A RawSocket client that takes less than a WELCOME needs (RS-07). */
  LENGTH,
  /** Reserved octets of the RawSocket handshake are set (RS-05). */
  RESERVED,
  /** The TLS handshake failed. */
  TLS;

  private final int status;
  private final String label = name().toLowerCase(Locale.ROOT);

  HandshakeRefusal() {
    this(0);
  }

  HandshakeRefusal(int status) {
    this.status = status;
  }

  /** The HTTP status, or 0 where the answer is not HTTP. */
  public int status() {
    return status;
  }

  /** The name in logs and metrics. */
  public String label() {
    return label;
  }
}
