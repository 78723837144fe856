package io.tandem.node.balance;

import org.jspecify.annotations.Nullable;

/** What has become of the sessions that a node has parted with: whether it is of any use. */
final class Trial {

  /** Fewer tell nothing: where lots are drawn, some come back. */
  static final int LEAST = 20;

  /** Why it was of no use. */
  enum Failure {
    CAME_BACK,
    LOST,
    NOBODY
  }

  private long parted;
  private double moved;
  private long lost;
  private double due;

  /**
   * A round is over.
   *
   * @param sessions that the node has parted with
   */
  void add(long sessions, Scene before, Scene after) {
    parted += sessions;
    // Measured from the mean: clients that come for the first time, or go, are no answer.
    moved += before.excess() - after.excess();
    lost += before.total() - after.total();
    due += (double) sessions * (before.nodes() - 1) / before.nodes();
  }

  boolean isOver() {
    return parted >= LEAST;
  }

  /** For people to read. */
  String said(Failure failure) {
    return switch (failure) {
      case CAME_BACK -> "the clients of the last " + parted + " came back to this node";
      case LOST -> "the clients of the last " + parted + " did not come back to any node";
      case NOBODY -> "none of those that are left may move";
    };
  }

  /**
   * Null where it was of use: of as many as a balancer that knows nothing would have given to other
   * nodes, half at least are there.
   */
  @Nullable Failure failure() {
    if (moved < due / 2) {
      return Failure.CAME_BACK;
    }
    return 2 * lost > parted ? Failure.LOST : null;
  }
}
