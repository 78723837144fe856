package io.tandem.cluster.link;

import java.time.Duration;

/**
 * What a link knows of the other node by asking it: whether it answers, on the node's own way and
 * on those of its lanes, and since when it must have known of this node. The link's loop alone.
 */
final class Watch {

  private static final long PING_EVERY = Duration.ofMillis(500).toNanos();

  /**
   * A lane's way at rest is asked about so often: before an accepted connection is taken for dead
   * ({@code WireLimits.SILENCE}), and so that it is not found broken by what is to travel on it.
   */
  private static final long PROBE_EVERY = Duration.ofSeconds(3).toNanos();

  private static final long HEARD_LATELY = Duration.ofSeconds(1).toNanos();

  /** A tick that comes so late says that this node had no time for anything. */
  private static final long ASLEEP = Duration.ofSeconds(1).toNanos();

  private final long patience;

  private long ticked;
  private long pinged;
  private long probed;

  /** When the newest ping that was answered was sent; before the first, when the epoch began. */
  private long answered;

  /** When the other node last asked for an epoch; before the first time, 0. */
  private long heard;

  /** When our number of the epoch was drawn. */
  private long drawn;

  /**
   * When the newest was sent that the other node has answered in this epoch, our number of it
   * included. Not when the answer was read: it may have lain unread during a freeze.
   */
  private long proven;

  /**
   * @param unreachableAfter how long a ping may stay unanswered
   */
  Watch(Duration unreachableAfter) {
    this.patience = unreachableAfter.toNanos();
  }

  void drawn(long now) {
    drawn = now;
  }

  void begins(long now) {
    answered = now;
    proven = drawn;
    pinged = now;
    probed = now;
  }

  void heard(long now) {
    heard = now;
  }

  boolean isHeard(long now) {
    return heard != 0 && now - heard < HEARD_LATELY;
  }

  boolean isProvenSince(long time) {
    return proven - time >= 0;
  }

  /**
   * The other node has answered a ping of this time.
   *
   * @param echo which way the ping took; what comes back from that of a lane says nothing about the
   *     node's own
   */
  void answered(long ping, long[] echo, Epoch epoch) {
    if (Epoch.isOfNode(echo)) {
      answered = later(answered, ping);
      proven = later(proven, ping);
    } else {
      epoch.isAlive(echo);
    }
  }

  /** Looks whether the other node still answers, and asks it again. False when it does not. */
  boolean answers(Epoch epoch, long now) {
    if (now - ticked > ASLEEP) { // it was this node that did not listen
      answered = later(answered, now);
      epoch.isAlive();
    }
    ticked = now;
    boolean answers = now - answered <= patience && epoch.isAliveSince(now - patience);
    if (answers) {
      ask(epoch, now | 1); // 0 stands for none
    }
    return answers;
  }

  /** Each stream is asked about on its own way, where something was sent that may be lost. */
  private void ask(Epoch epoch, long now) {
    if (now - pinged >= PING_EVERY || !epoch.out(Epoch.CONTROL).isAcknowledged()) {
      pinged = now;
      epoch.peering().send(Epoch.CONTROL, epoch.ping(now, Epoch.CONTROL));
    }
    boolean all = now - probed >= PROBE_EVERY;
    if (all) {
      probed = now;
    }
    epoch.probe(all);
  }

  private static long later(long one, long other) {
    return other - one > 0 ? other : one;
  }
}
