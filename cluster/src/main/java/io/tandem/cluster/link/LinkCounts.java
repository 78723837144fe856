package io.tandem.cluster.link;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** The counters of one link, or of all links of a node. Any thread. */
public final class LinkCounts {

  private final Map<LinkCount, LongAdder> counts = new EnumMap<>(LinkCount.class);

  public LinkCounts() {
    for (LinkCount count : LinkCount.values()) {
      counts.put(count, new LongAdder());
    }
  }

  void add(LinkCount count) {
    adder(count).increment();
  }

  /** It has happened so many times more. */
  public void add(LinkCount count, int times) {
    adder(count).add(times);
  }

  /** How often it happened since the link was made. */
  public long get(LinkCount count) {
    return adder(count).sum();
  }

  private LongAdder adder(LinkCount count) {
    return java.util.Objects.requireNonNull(counts.get(count));
  }
}
