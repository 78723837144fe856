package io.tandem.cluster.link;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What the other node is ready to take in one epoch, in octets. All lanes draw on it; only the
 * link's thread adds to it. Totals since the epoch began, so that a lost or repeated grant does no
 * harm.
 */
final class Credit {

  private final long window;
  private final AtomicLong used = new AtomicLong();
  private volatile long granted;

  Credit(long window) {
    this.window = window;
    this.granted = window;
  }

  /** Draws on the credit, all or nothing. Any thread. */
  boolean take(long octets) {
    long before = used.get();
    while (before + octets <= granted) {
      if (used.compareAndSet(before, before + octets)) {
        return true;
      }
      before = used.get();
    }
    return false;
  }

  /** Draws on it whatever is left, for the little that must not be refused. Any thread. */
  void overdraw(long octets) {
    used.addAndGet(octets);
  }

  /** The other node's newest total. Link thread. */
  void grant(long total) {
    granted = Math.max(granted, total);
  }

  /** Whether less than a quarter of the window is left. Any thread. */
  boolean isShort() {
    return free() < window / 4;
  }

  /** Whether half of the window is free again: the low-water mark. Any thread. */
  boolean isRoomy() {
    return free() >= window / 2;
  }

  /** Octets that may still be drawn. Any thread. */
  long free() {
    return granted - used.get();
  }
}
