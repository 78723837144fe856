package io.tandem.node.router;

import java.util.function.LongSupplier;

/**
 * What one session makes the node keep. It may have as much as it leaves to all others; the last
 * quarter of the budget is for small shares alone, of which there are five hundred. So those who
 * keep much are refused first, and who asks for little finds room beside them.
 *
 * <p>What is taken has to be given back by whoever took it, before the session ends or after.
 * Belongs to its session's lane.
 */
public final class Account {

  private final Purse purse;
  private final LongSupplier limit;
  private long used;

  /**
   * @param limit for this session alone, in octets, as it is now
   */
  Account(Purse purse, LongSupplier limit) {
    this.purse = purse;
    this.limit = limit;
  }

  long used() {
    return used;
  }

  /** Takes all of it, or nothing and returns false: the request has to be refused. */
  boolean tryTake(long octets) {
    long wanted = used + octets;
    if (wanted > limit.getAsLong()
        || (wanted > purse.share() && wanted > purse.freeForAll())
        || !purse.tryTake(octets)) {
      return false;
    }
    used = wanted;
    return true;
  }

  void give(long octets) {
    used -= octets;
    purse.give(octets);
  }

  /** Another session of the same lane and realm keeps it from now on, however much that one has. */
  void pass(long octets, Account to) {
    used -= octets;
    to.used += octets;
  }
}
