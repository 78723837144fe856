package io.tandem.node.transport;

import io.tandem.registry.Scheduler;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The request that waits until there is something for its client: one at a time (LP-06), and not
 * for ever (LP-05). Belongs to its lane's event loop.
 */
final class LongPollWait {

  private final Scheduler scheduler;
  private final Duration longest;
  private final Runnable ended;
  private @Nullable Poll poll;
  private Scheduler.@Nullable Timer timer;

  /**
   * @param ended runs whenever no request waits any more
   */
  LongPollWait(Scheduler scheduler, Duration longest, Runnable ended) {
    this.scheduler = scheduler;
    this.longest = longest;
    this.ended = ended;
  }

  boolean isOn() {
    return poll != null;
  }

  /** This request waits from now on; one that has waited is answered with nothing. */
  void begin(Poll next) {
    expire();
    poll = next;
    timer = scheduler.schedule(longest, this::expire);
  }

  private void expire() {
    Poll waiting = end();
    if (waiting != null) {
      waiting.answer(Poll.NO_CONTENT, null);
    }
  }

  /** Nobody is there any more who could be answered. */
  void abandon(Poll gone) {
    if (poll == gone) {
      end();
    }
  }

  /** The request that has waited, which is the caller's to answer; null where none has. */
  @Nullable Poll end() {
    Poll waiting = poll;
    poll = null;
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
    if (waiting != null) {
      ended.run();
    }
    return waiting;
  }
}
