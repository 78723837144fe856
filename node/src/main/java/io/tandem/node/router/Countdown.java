package io.tandem.node.router;

import java.util.concurrent.atomic.AtomicInteger;

/** Waits for several lanes. */
final class Countdown {

  private Countdown() {}

  /** Runs the task, on the thread of the last one, when this has been run so often. */
  static Runnable of(int times, Runnable task) {
    AtomicInteger left = new AtomicInteger(times);
    return () -> {
      if (left.decrementAndGet() == 0) {
        task.run();
      }
    };
  }
}
