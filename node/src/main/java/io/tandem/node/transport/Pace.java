package io.tandem.node.transport;

import io.netty.util.concurrent.Ticker;
import java.time.Duration;

/**
 * How much one client is read: so many frames, and so much time, in a turn of its lane, since
 * others wait for theirs, and so many frames in a second that carry nothing, since a lane has
 * better things to do. Who sends more is read later, which TCP tells it. Belongs to its lane.
 */
final class Pace {

  /** About a millisecond's work, as a rule. */
  static final int FRAMES_IN_A_TURN = 512;

  /** Some frames are more work: the time is looked at once for so many. */
  private static final int FRAMES_OF_A_LOOK = 8;

  private static final long LONGEST_TURN = Duration.ofMillis(2).toNanos();

  /** Pings and the like: 4,000 in a second, and as many at once. */
  private static final long CONTROL_COST = Duration.ofSeconds(1).toNanos() / 4_000;

  private static final long CREDIT = Duration.ofSeconds(1).toNanos();

  /** A frame that long costs as much as two. */
  private static final int OCTETS_AS_A_FRAME = 4 << 10;

  /** Or timers would be the greater part of the work. */
  private static final long SHORTEST_PAUSE = Duration.ofMillis(20).toNanos();

  private int left = FRAMES_IN_A_TURN;

  /** When the time was first looked at in this turn. */
  private long began;

  /** The time until which control frames are paid for. */
  private long paidUntil;

  private boolean indebted;

  Pace(long now) {
    paidUntil = now;
  }

  /** A frame with something in it. */
  void frame(Ticker time) {
    left--;
    if (left > 0 && left % FRAMES_OF_A_LOOK == 0) {
      look(time.nanoTime());
    }
  }

  private void look(long now) {
    if (left == FRAMES_IN_A_TURN - FRAMES_OF_A_LOOK) {
      began = now;
    } else if (now - began > LONGEST_TURN) {
      left = 0;
    }
  }

  /** A frame with nothing for the session in it. */
  void control(int octets, long now) {
    left--;
    long from = paidUntil - now > 0 ? paidUntil : now;
    paidUntil = from + CONTROL_COST * (1 + octets / OCTETS_AS_A_FRAME);
    indebted = paidUntil - now > CREDIT;
  }

  boolean mayReadOn() {
    return left > 0 && !indebted;
  }

  /** How long to wait before the next turn, in nanoseconds. */
  long pause(long now) {
    return indebted ? Math.max(SHORTEST_PAUSE, paidUntil - now - CREDIT) : 1;
  }

  /** A new turn of the lane. */
  void turn() {
    left = FRAMES_IN_A_TURN;
  }

  /** A new turn after a pause. */
  void turn(long now) {
    turn();
    indebted = paidUntil - now > CREDIT;
  }
}
