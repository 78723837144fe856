package io.tandem.cluster.link;

import io.tandem.cluster.Scheduler;
import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * An event loop, seen by code that has none.
 *
 * @param executor runs a task on the loop, in the order given; any thread
 * @param scheduler the loop's time: read by any thread, tasks from the loop only
 */
public record Loop(Executor executor, Scheduler scheduler) {

  /**
   * Runs the task when all that is ready on the loop had its turn. Tasks that a task adds to the
   * executor run in the same iteration of a Netty loop, for as long as a second; what is due after
   * it runs when all channels that are ready were read once more. From the loop only.
   */
  public void nextTurn(Runnable task) {
    scheduler.schedule(Duration.ofNanos(1), task);
  }
}
