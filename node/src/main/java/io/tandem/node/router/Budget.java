package io.tandem.node.router;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * How many octets of heap some sessions together may make the node keep, of a realm or of the whole
 * node: payloads of calls under way, subscriptions, registrations (B1). Lanes take from it through
 * a {@link Purse}, sessions from that through an {@link Account}. Any thread.
 */
public final class Budget {

  private final @Nullable Budget around;
  private volatile long limit;
  private final AtomicLong used = new AtomicLong();

  /**
   * @param limit in octets, above 0
   */
  public Budget(long limit) {
    this(null, limit);
  }

  private Budget(@Nullable Budget around, long limit) {
    this.around = around;
    this.limit = limit;
  }

  /** A part of this one: what is taken there is taken here too. */
  public Budget part(long partsLimit) {
    return new Budget(this, Math.min(partsLimit, limit));
  }

  public long limit() {
    return limit;
  }

  /** From now on that much may be taken: what is taken already stays. */
  void limit(long octets) {
    limit = around == null ? octets : Math.min(octets, around.limit);
  }

  /** What is taken, with what the lanes hold for the next ones who ask: at most an eighth more. */
  public long used() {
    return used.get();
  }

  /** What is left of three quarters, here and in those that this one is a part of. */
  long freeForAll() {
    long here = limit / 4 * 3 - used.get();
    return around == null ? here : Math.min(here, around.freeForAll());
  }

  /** Takes all of it, or nothing and returns false. */
  boolean tryTake(long octets) {
    if (used.addAndGet(octets) > limit || (around != null && !around.tryTake(octets))) {
      used.addAndGet(-octets);
      return false;
    }
    return true;
  }

  void give(long octets) {
    used.addAndGet(-octets);
    if (around != null) {
      around.give(octets);
    }
  }
}
