package io.tandem.node.config;

import java.time.Duration;

/**
 * How a listener serves clients that can do nothing but HTTP requests (LP-01 to LP-13).
 *
 * @param path below which they are served, {@code /lp} unless configured
 * @param longestWait key {@code wait}: how long a request for messages is held open when there are
 *     none, before it is answered with 204: 1 s to 60 s, 10 s unless configured, since AutobahnJS
 *     gives up after 12 s (LP-05)
 * @param idle time without a request after which a transport counts as lost: 2 s to 10 min, longer
 *     than {@code longestWait}, 30 s unless configured (LP-12)
 */
public record LongPollConfig(String path, Duration longestWait, Duration idle) {

  static final LongPollConfig DEFAULT =
      new LongPollConfig("/lp", Duration.ofSeconds(10), Duration.ofSeconds(30));

  /** Whether a path is one of those that are served. */
  public boolean covers(String target) {
    return target.startsWith(path) && target.startsWith("/", path.length());
  }
}
