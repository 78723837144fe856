package io.tandem.node;

import java.time.Duration;

/**
 * How long a node waits before it joins again a cluster that has evicted it before it was ready:
 * two parts of a cluster that find each other while it starts cost one of them its life, which is
 * no reason to wait. A node that some others cannot reach loses one each time, and moves keys as
 * often. Its {@link Node} calls it, one thread at a time.
 */
final class EvictionPauses {

  private static final Duration FIRST = Duration.ofMillis(500);
  private static final Duration LONGEST = Duration.ofSeconds(30);

  /** Lives in a row that the cluster has evicted before they were ready. */
  private int evictions;

  /** It has evicted another one. */
  Duration next() {
    evictions++;
    Duration pause =
        evictions == 1 ? Duration.ZERO : FIRST.multipliedBy(1L << Math.min(evictions, 6));
    return pause.compareTo(LONGEST) < 0 ? pause : LONGEST;
  }

  /** A life was ready. */
  void reset() {
    evictions = 0;
  }
}
