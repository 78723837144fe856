package io.tandem.node.balance;

/** One period in which a node parts with sessions: evenly in the first half, then it waits. */
final class Round {

  private final long begun;
  private final long half;
  private final long planned;
  private final Scene before;
  private long asked;
  private long parted;

  /**
   * @param planned how many sessions
   * @param before how many each node has when it begins
   */
  Round(long begun, long period, long planned, Scene before) {
    this.begun = begun;
    this.half = Math.max(1, period / 2);
    this.planned = planned;
    this.before = before;
  }

  /** How many are to go now. */
  int due(long now) {
    double part = Math.min(1, (double) (now - begun) / half);
    long due = (long) Math.floor(planned * part) - asked;
    asked += due;
    return Math.toIntExact(due);
  }

  /** So many do. */
  void parted(int sessions) {
    parted += sessions;
  }

  boolean isOver(long now) {
    return now - begun >= 2 * half;
  }

  long parted() {
    return parted;
  }

  Scene before() {
    return before;
  }
}
