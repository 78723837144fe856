package io.tandem.node.transport;

import io.tandem.registry.Scheduler;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds out that a long-poll client asks for nothing any more, and so is gone (LP-12). Belongs to
 * its lane's event loop.
 */
final class LongPollIdle {

  private final Scheduler scheduler;
  private final Duration longest;
  private final BooleanSupplier isAtWork;
  private final Runnable gone;
  private Scheduler.@Nullable Timer timer;
  private long lastHeard;

  /**
   * @param isAtWork whether the client waits, or is made to wait, which is not its silence
   */
  LongPollIdle(Scheduler scheduler, Duration longest, BooleanSupplier isAtWork, Runnable gone) {
    this.scheduler = scheduler;
    this.longest = longest;
    this.isAtWork = isAtWork;
    this.gone = gone;
  }

  void begin() {
    heard();
    lookIn(longest);
  }

  void heard() {
    lastHeard = scheduler.nanoTime();
  }

  private void lookIn(Duration delay) {
    timer = scheduler.schedule(delay, this::look);
  }

  private void look() {
    if (isAtWork.getAsBoolean()) {
      heard();
    }
    Duration silence = Duration.ofNanos(scheduler.nanoTime() - lastHeard);
    if (silence.compareTo(longest) >= 0) {
      gone.run();
    } else {
      lookIn(longest.minus(silence));
    }
  }

  void end() {
    if (timer != null) {
      timer.cancel();
    }
  }
}
