package io.tandem.bench.hostile;

/** Where the node that is attacked can be reached. */
public enum Door {
  /** The honest client's. */
  CLIENTS,
  /** Metrics and health. */
  MANAGEMENT,
  /** TLS. */
  TLS,
  /** With short timeouts, and few connections in all. */
  IMPATIENT,
  /** The same over TLS. */
  IMPATIENT_TLS,
  /** Connections from loopback begin with a PROXY header. */
  PROXIED,
  /** Proxies that are believed stand elsewhere. */
  DISTRUSTFUL,
  /** X-Forwarded-For of 127.0.0.1 is believed; few connections of one address. */
  FORWARDED
}
