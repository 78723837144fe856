package io.tandem.node.router;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fan-outs of a lane that are too large for one turn. In each turn one of them goes on by a
 * slice, then the next one: sessions and deliveries that have nothing to do with them get the turns
 * between. Belongs to its lane.
 *
 * <p>Their number is bounded: a session that publishes is held while it has one, and so is the
 * mailbox.
 */
final class Slices {

  /** Subscribers that one turn serves with short events: half a millisecond. */
  static final int SUBSCRIBERS_PER_TURN = 256;

  private static final Logger LOG = LoggerFactory.getLogger(Slices.class);

  private record UnderWay(FanOut fanOut, Runnable done) {}

  private final Executor nextTurn;
  private final Deque<UnderWay> underWay = new ArrayDeque<>();
  private int subscribersPerTurn = SUBSCRIBERS_PER_TURN;

  /**
   * @param nextTurn runs a task when all others had their turn
   */
  Slices(Executor nextTurn) {
    this.nextTurn = nextTurn;
  }

  /** How many subscribers one turn serves. */
  int size() {
    return subscribersPerTurn;
  }

  /** Whether none is under way. */
  boolean isEmpty() {
    return underWay.isEmpty();
  }

  /** For tests, which have few subscribers. */
  void size(int subscribers) {
    subscribersPerTurn = subscribers;
  }

  /** Goes on with the fan-out in the next turns, and runs the task when it has come to its end. */
  void add(FanOut fanOut, Runnable done) {
    underWay.add(new UnderWay(fanOut, done));
    if (underWay.size() == 1) {
      nextTurn.execute(this::turn);
    }
  }

  private void turn() {
    UnderWay first = underWay.element();
    boolean goesOn = false;
    try {
      goesOn = first.fanOut.serve(subscribersPerTurn);
    } catch (RuntimeException defect) {
      LOG.error("A fan-out has ended by a defect", defect);
    }
    underWay.remove();
    if (goesOn) {
      underWay.add(first);
    }
    if (!underWay.isEmpty()) {
      nextTurn.execute(this::turn);
    }
    if (!goesOn) {
      first.done.run();
    }
  }
}
