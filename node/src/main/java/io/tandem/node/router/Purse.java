package io.tandem.node.router;

/**
 * A lane's way to a {@link Budget} that all lanes share: it takes more than it needs and keeps what
 * comes back, so that they seldom meet there. Belongs to its lane.
 */
final class Purse {

  /** With the most lanes that there are, what they keep is an eighth of the budget. */
  private static final int CHUNKS_IN_A_BUDGET = 1024;

  /** A quarter of them is the part of the budget that is for nothing else. */
  private static final int SHARES_IN_A_BUDGET = 2048;

  /** A few small calls. */
  private static final long LEAST_SHARE = 4 << 10;

  private static final long MOST_SHARE = 64 << 10;

  private final Budget budget;
  private long chunk;
  private final long share;
  private long spare;

  Purse(Budget budget) {
    this.budget = budget;
    this.chunk = Math.max(1, budget.limit() / CHUNKS_IN_A_BUDGET);
    this.share = Math.max(LEAST_SHARE, Math.min(budget.limit() / SHARES_IN_A_BUDGET, MOST_SHARE));
  }

  /** Octets that a session may have although others are greedy. */
  long share() {
    return share;
  }

  /** What is left, without what is kept for small shares. */
  long freeForAll() {
    return spare + budget.freeForAll();
  }

  /** Takes all of it, or nothing and returns false. */
  boolean tryTake(long octets) {
    if (spare < octets) {
      long missing = octets - spare;
      if (budget.tryTake(missing + chunk)) {
        spare += missing + chunk;
      } else if (budget.tryTake(missing)) {
        spare += missing;
      } else {
        return false;
      }
    }
    spare -= octets;
    return true;
  }

  /** Nobody takes from it any more: what is spare, and what comes back yet, is the budget's. */
  void close() {
    chunk = 0;
    give(0);
  }

  void give(long octets) {
    spare += octets;
    if (spare > 2 * chunk) {
      budget.give(spare - chunk);
      spare = chunk;
    }
  }
}
