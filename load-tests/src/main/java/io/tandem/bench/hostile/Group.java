package io.tandem.bench.hostile;

import java.util.Locale;

/** What attacks aim at. */
public enum Group {
  /** What stands before a WebSocket or RawSocket: TCP, TLS, PROXY headers, HTTP. */
  TRANSPORT,
  /** Frames of WebSocket and RawSocket. */
  FRAMING,
  /** The octets of messages. */
  SERIALIZERS,
  /** Messages that break the protocol, or try its patience. */
  MESSAGES,
  /** What broker and dealer keep and do. */
  ROUTING,
  /** Who somebody is. */
  AUTHENTICATION,
  /** The management port. */
  EDGES;

  /** As it is typed. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
