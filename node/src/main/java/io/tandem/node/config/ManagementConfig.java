package io.tandem.node.config;

import org.jspecify.annotations.Nullable;

/**
 * The door for probes and metrics. Health is open to everyone who can connect; metrics tell more,
 * so beyond this machine they are open only to those meant to see them.
 *
 * @param endpoint keys {@code address} and {@code port}; 127.0.0.1 and 9080 unless configured
 * @param metricsToken the bearer token that {@code /metrics} demands, read from a file or an
 *     environment variable, or null for none
 * @param openMetrics whether {@code /metrics} is open to everyone although other machines can
 *     connect; off unless configured
 * @param reloadToken the bearer token of those who may have all nodes read their configurations
 *     again, or null for nobody
 */
public record ManagementConfig(
    Endpoint.Tcp endpoint,
    @Nullable Secret metricsToken,
    boolean openMetrics,
    @Nullable Secret reloadToken) {

  static final String DEFAULT_ADDRESS = "127.0.0.1";
  static final int DEFAULT_PORT = 9080;

  /** Who may read {@code /metrics}. */
  public enum MetricsAccess {
    /** Everyone who can connect. */
    OPEN,
    /** Who shows the token. */
    TOKEN,
    /** Nobody: other machines can connect, and neither a token nor openness was configured. */
    CLOSED
  }

  /** A token decides where there is one; without it, metrics are open on loopback or by request. */
  public MetricsAccess metricsAccess() {
    if (metricsToken != null) {
      return MetricsAccess.TOKEN;
    }
    return openMetrics || endpoint.isLocal() ? MetricsAccess.OPEN : MetricsAccess.CLOSED;
  }

  ManagementConfig at(Endpoint.Tcp other) {
    return new ManagementConfig(other, metricsToken, openMetrics, reloadToken);
  }
}
