package io.tandem.cluster.link;

import io.tandem.registry.Scheduler;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How two nodes agree on an epoch: each draws a number and says it, with what it has heard of the
 * other's, until the other is in the epoch of both. The link's loop alone.
 */
final class Opening {

  private static final long ASK_EVERY = Duration.ofMillis(200).toNanos();

  /** Asked in vain for so long, a link tries other connections. */
  private static final long RENEW_EVERY = Duration.ofSeconds(2).toNanos();

  private final LinkContext peering;
  private final Scheduler scheduler;

  /** Our number of the epoch, and the newest one of the other node with what it said of itself. */
  private long mine = 1;

  private Frame.@Nullable Open theirs;

  private long asked;

  /** When the ways to the other node were last begun anew. */
  private long renewed;

  Opening(LinkContext peering, Scheduler scheduler) {
    this.peering = peering;
    this.scheduler = scheduler;
  }

  /** Our number of the epoch. */
  long number() {
    return mine;
  }

  /** The epoch is over: the next has another number. */
  void drawNext() {
    mine++;
  }

  /**
   * Begins to ask for the epoch.
   *
   * @param broken whether the ways to the other node are: what asks says nothing of those of lanes
   */
  void begin(boolean broken) {
    if (broken) {
      renew();
    } else {
      renewed = scheduler.nanoTime();
    }
    ask(false);
  }

  /**
   * Asks again if it is time. What is asked in vain may be answers: another node that we hear but
   * that does not hear us asks as often as this side would.
   */
  void askAgain() {
    long now = scheduler.nanoTime();
    if (now - renewed >= RENEW_EVERY) {
      renew();
    }
    if (now - asked >= ASK_EVERY) {
      ask(false);
    }
  }

  private void renew() {
    renewed = scheduler.nanoTime();
    peering.wire().renew(peering.otherNode());
  }

  /**
   * Says our number.
   *
   * @param open whether this side is in the epoch
   */
  void ask(boolean open) {
    asked = scheduler.nanoTime();
    LinkSettings ours = peering.settings();
    peering.send(
        Epoch.CONTROL,
        Frame.open(
            new Frame.Open(ends(), ours.lanes(), ours.features(), ours.windowOctets(), open)));
  }

  /** Both numbers of the epoch as far as they are known. */
  Frame.Ends ends() {
    return new Frame.Ends(
        peering.self().incarnation(), peering.otherNode().incarnation(), mine, theirNumber());
  }

  /** The other node's number of the epoch; 0 before it is known. */
  long theirNumber() {
    return theirs == null ? 0 : theirs.ends().fromEpoch();
  }

  /** The other node has said its number, which is not older than what is known. */
  void learn(Frame.Open open) {
    theirs = open;
  }

  /** What the other node said of itself, if a frame proves that it has the numbers of both. */
  Frame.@Nullable Open agreed(Frame.Ends ends) {
    return ends.toEpoch() == mine && ends.fromEpoch() == theirNumber() ? theirs : null;
  }
}
