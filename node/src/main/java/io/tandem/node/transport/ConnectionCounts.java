package io.tandem.node.transport;

import io.tandem.node.config.LimitsConfig;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** How many connections a listener has on all its lanes, and of each address. Any thread. */
public final class ConnectionCounts {

  private final LimitsConfig limits;
  private final AtomicInteger all = new AtomicInteger();

  /** As many as there are connections at most. */
  private final Map<String, Integer> byOrigin = new ConcurrentHashMap<>();

  public ConnectionCounts(LimitsConfig limits) {
    this.limits = limits;
  }

  /** Takes a place; false, and none taken, when there is none. */
  boolean enter() {
    if (all.incrementAndGet() <= limits.maxConnections()) {
      return true;
    }
    all.decrementAndGet();
    return false;
  }

  void leave() {
    all.decrementAndGet();
  }

  /**
   * Takes one of the places of this origin; false, and none taken, when it has as many as it may.
   */
  boolean enter(String origin) {
    int most = limits.maxConnectionsPerAddress();
    int[] before = new int[1];
    byOrigin.compute(
        origin,
        (key, count) -> {
          before[0] = count == null ? 0 : count;
          return Math.min(before[0] + 1, most);
        });
    return before[0] < most;
  }

  void leave(String origin) {
    byOrigin.computeIfPresent(origin, (key, count) -> count == 1 ? null : count - 1);
  }
}
