package io.tandem.registry;

import java.time.Duration;

/**
 * Time, for code that has no clock and no thread of its own: event loops stand behind it in
 * production, a virtual clock in a simulation. Tasks run on the thread that owns the scheduler.
 */
public interface Scheduler {

  /** Nanoseconds since some fixed point; only differences mean anything. */
  long nanoTime();

  /** Runs the task once, after the delay. */
  Timer schedule(Duration delay, Runnable task);

  /**
   * Runs the task when all that is ready on the loop had its turn. Tasks that a task adds to an
   * event loop run in the same iteration of it, for as long as a second; what is due after it runs
   * when all channels that are ready were read once more.
   */
  default void nextTurn(Runnable task) {
    schedule(Duration.ofNanos(1), task);
  }

  /** A task that has been scheduled. */
  interface Timer {
    /** Drops the task; nothing happens when it has run or was dropped before. */
    void cancel();
  }
}
