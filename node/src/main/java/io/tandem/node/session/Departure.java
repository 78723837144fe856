package io.tandem.node.session;

import io.tandem.node.router.CloseCause;
import io.tandem.node.router.Lane;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * How a session leaves that is asked to: nobody calls it any more, and it ends when all that was
 * taken from it or is on its way to it is answered, in the turn of the last answer. Belongs to its
 * conversation.
 */
public final class Departure {

  /**
   * How long a session that leaves waits for a moment in which nothing is on its way to it on this
   * node. On a lane that always has something no such moment may come.
   */
  private static final Duration LONGEST_LULL = Duration.ofMillis(200);

  private final Lane lane;
  private final SessionMachine conversation;

  /** Null until the session is to leave; then completes when nobody sends anything to it. */
  private @Nullable CompletableFuture<?> retired;

  private CloseCause cause = CloseCause.NODE_LEAVES;

  /** When it was first found idle, in nanoseconds of the lane's clock; null before. */
  private @Nullable Long idleSince;

  Departure(Lane lane, SessionMachine conversation) {
    this.lane = lane;
    this.conversation = conversation;
  }

  /**
   * Whether the session may be asked to leave so that its client connects to another node.
   *
   * @return when it was established, in nanoseconds of the lane's clock; nothing where it may not
   */
  public OptionalLong movableSince() {
    Dialogue dialogue = conversation.dialogue();
    return dialogue == null || hasBegun() || conversation.isBusy() || !dialogue.isMovable()
        ? OptionalLong.empty()
        : OptionalLong.of(dialogue.begun());
  }

  /** The session is to leave so that its client connects to another node. */
  public void move() {
    cause = CloseCause.REBALANCED;
    begin();
  }

  /** Whether it is over. */
  public boolean isOver() {
    return conversation.hasEnded();
  }

  /** It begins, or goes on. */
  public void begin() {
    if (retired == null) {
      retired = conversation.retire();
      if (retired != null) {
        retired.thenRun(this::leaveIfIdle);
        return;
      }
    }
    if (!hasBegun()) {
      leaveIfIdle();
    }
  }

  /** Whether there is a session that is to leave. */
  public boolean hasBegun() {
    return retired != null;
  }

  /** Whether others may still send to it. */
  public boolean isRetiring() {
    return retired != null && !retired.isDone();
  }

  /** A turn in which the client was sent something is over. */
  public void turned() {
    if (retired != null && retired.isDone()) {
      leaveIfIdle();
    }
  }

  private void leaveIfIdle() {
    if (conversation.hasEnded()) {
      return;
    }
    if (!conversation.isBusy()) {
      leaveInALull();
    } else if (!conversation.owesAnswers()) {
      // Whoever goes on asking would never have been answered.
      conversation.hearNoMore();
    }
  }

  /**
   * An event is acknowledged when other lanes have it, not when their subscribers do: it is let in
   * first. Until the next look the session goes on as before.
   */
  private void leaveInALull() {
    long now = lane.scheduler().nanoTime();
    idleSince = Objects.requireNonNullElse(idleSince, now);
    if (lane.isQuiet() || now - idleSince >= LONGEST_LULL.toNanos()) {
      conversation.leave(cause);
    }
  }
}
