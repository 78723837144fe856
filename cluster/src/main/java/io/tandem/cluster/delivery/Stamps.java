package io.tandem.cluster.delivery;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Gives publications that are kept their place in an order that all nodes agree on: the time in
 * milliseconds, and below it a number, so that what a node stamps is later than all that it has
 * stamped or heard of, whatever its clock says. The lowest bits say whose stamp it is, as far as
 * they can: two nodes may have the same. Any thread.
 */
public final class Stamps {

  private static final int BITS = 16;

  /** Of these the ones that name the node. */
  private static final int NODE_BITS = 6;

  private static final long NODE = (1 << NODE_BITS) - 1;

  private final InstantSource clock;
  private final long node;
  private final AtomicLong last = new AtomicLong();

  /**
   * @param self the incarnation of this node
   */
  public Stamps(InstantSource clock, long self) {
    this.clock = clock;
    this.node = self & NODE;
  }

  /** The stamp of a publication that comes now. */
  public long next() {
    long now = now();
    return last.updateAndGet(
        before -> Math.max(((before >>> NODE_BITS) + 1) << NODE_BITS, now) | node);
  }

  /** Whether this node has given it, or one that is hard to tell from it. */
  public boolean isOwn(long stamp) {
    return (stamp & NODE) == node;
  }

  /** A bit of its own for each node, as far as there are enough: of its incarnation or a stamp. */
  public static long bit(long incarnationOrStamp) {
    return 1L << (incarnationOrStamp & NODE);
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
