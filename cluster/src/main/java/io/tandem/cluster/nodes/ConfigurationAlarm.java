package io.tandem.cluster.nodes;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log that nodes go by different configurations, where that lasts: for a while it is
 * what happens when one node after the other is told of a new one. Belongs to one thread.
 */
final class ConfigurationAlarm {

  private static final Logger LOG = LoggerFactory.getLogger(ConfigurationAlarm.class);

  /** A difference that is gone by then is none. */
  static final Duration GRACE = Duration.ofMinutes(1);

  /** From one time that it is said to the next. */
  static final Duration AGAIN = Duration.ofMinutes(10);

  private boolean differs;
  private boolean told;

  /** When it is to be said next. */
  private long dueAt;

  /**
   * Looks at what there is.
   *
   * @param now by a clock whose differences count
   * @param byDigest the names of those who have it, for each configuration
   */
  void look(long now, Map<String, List<String>> byDigest) {
    if (byDigest.size() <= 1) {
      if (told) {
        LOG.info("all nodes that can be reached are configured alike again: {}", said(byDigest));
      }
      differs = false;
      told = false;
    } else if (!differs) {
      differs = true;
      dueAt = now + GRACE.toNanos();
    } else if (now - dueAt >= 0) {
      told = true;
      dueAt = now + AGAIN.toNanos();
      LOG.warn("nodes go by different configurations: {}", said(byDigest));
    }
  }

  private static String said(Map<String, List<String>> byDigest) {
    return byDigest.entrySet().stream()
        .map(
            each ->
                each.getKey()
                    + " on "
                    + each.getValue().stream().sorted().collect(Collectors.joining(", ")))
        .collect(Collectors.joining("; "));
  }
}
