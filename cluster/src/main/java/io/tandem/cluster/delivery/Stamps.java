package io.tandem.cluster.delivery;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Gives publications that are kept their place in an order that all nodes agree on: the time in
 * milliseconds, and below it a number, so that what a node stamps is later than all that it has
 * stamped or heard of, whatever its clock says. Any thread.
 */
public final class Stamps {

  private static final int BITS = 16;

  private final InstantSource clock;
  private final AtomicLong last = new AtomicLong();

  public Stamps(InstantSource clock) {
    this.clock = clock;
  }

  /** The stamp of a publication that comes now. */
  public long next() {
    long now = now();
    return last.updateAndGet(before -> Math.max(before + 1, now));
  }

  /** Another node has given this one. */
  public void heard(long stamp) {
    last.accumulateAndGet(stamp, Math::max);
  }

  /** What a publication of so long ago would have, at least; 0 for before all time. */
  public long ago(Duration duration) {
    return Math.max(0, now() - (duration.toMillis() << BITS));
  }

  private long now() {
    return clock.millis() << BITS;
  }

  /** When it was given, in milliseconds since 1970, by the clock of the node that gave it. */
  public static long millis(long stamp) {
    return stamp >>> BITS;
  }
}
