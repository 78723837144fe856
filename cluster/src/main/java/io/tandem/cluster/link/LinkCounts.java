package io.tandem.cluster.link;

import io.tandem.registry.Histogram;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** The counters of one link, or of all links of a node. Any thread. */
public final class LinkCounts {

  private final Map<LinkCount, LongAdder> counts = new EnumMap<>(LinkCount.class);

  private final Histogram batches = Histogram.ofNumbers(1, 2, 4, 8, 16, 32, 64);
  private final Histogram roundTrips = Histogram.ofTimes();

  public LinkCounts() {
    for (LinkCount count : LinkCount.values()) {
      counts.put(count, new LongAdder());
    }
  }

  /** How many items numbered frames take: what a turn of a loop had for another node. */
  public Histogram batches() {
    return batches;
  }

  /** How long the other nodes take to answer pings, in nanoseconds. */
  public Histogram roundTrips() {
    return roundTrips;
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
