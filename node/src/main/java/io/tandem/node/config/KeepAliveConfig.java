package io.tandem.node.config;

import java.time.Duration;

/**
 * Pings that find connections which died in silence (WS-06).
 *
 * @param pingInterval silence from the client after which it is pinged: 1 s to 1 h, 30 s unless
 *     configured; {@link Duration#ZERO} sends no pings
 * @param pingTimeout wait for anything after a ping before the connection counts as dead and is
 *     closed: 100 ms to 5 min, 10 s unless configured
 * @param rawSocketPing whether RawSocket connections are pinged too; off unless configured, since
 *     Autobahn-Python fails on a PING (RS-10)
 */
public record KeepAliveConfig(Duration pingInterval, Duration pingTimeout, boolean rawSocketPing) {

  /** The pings of a listener that says nothing else. */
  public static final KeepAliveConfig DEFAULT =
      new KeepAliveConfig(Duration.ofSeconds(30), Duration.ofSeconds(10), false);
}
