package io.tandem.node.login;

import io.tandem.registry.Scheduler;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How long the step of a login may take that is under way. Belongs to its lane. */
final class Limit {

  private final Scheduler scheduler;
  private Scheduler.@Nullable Timer timer;

  Limit(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /** A step begins; what ran before has no limit any more. */
  void start(Duration time, Runnable expired) {
    stop();
    timer = scheduler.schedule(time, expired);
  }

  /** The step is over. */
  void stop() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  boolean isRunning() {
    return timer != null;
  }
}
