package io.tandem.cluster.simulation;

import io.tandem.registry.Scheduler;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;

/** One clock and one thread for a whole simulation: tasks run in the order of their times. */
public final class VirtualTime implements Scheduler {

  /** A task at its time; tasks of the same time run in the order in which they were planned. */
  private static final class Task implements Scheduler.Timer {
    final long at;
    final long order;
    final Runnable run;
    boolean canceled;

    Task(long at, long order, Runnable run) {
      this.at = at;
      this.order = order;
      this.run = run;
    }

    @Override
    public void cancel() {
      canceled = true;
    }
  }

  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(
          Comparator.<Task>comparingLong(task -> task.at).thenComparingLong(task -> task.order));
  private long now;
  private long planned;

  /** Nanoseconds since the beginning. */
  public long now() {
    return now;
  }

  @Override
  public long nanoTime() {
    return now;
  }

  @Override
  public Timer schedule(Duration delay, Runnable task) {
    return after(delay, task);
  }

  /** Plans a task for this time, or for now if it is over. */
  public Scheduler.Timer at(long nanos, Runnable run) {
    Task task = new Task(Math.max(nanos, now), planned++, run);
    tasks.add(task);
    return task;
  }

  public Scheduler.Timer after(Duration delay, Runnable run) {
    return at(now + delay.toNanos(), run);
  }

  /** Runs until this time; {@code check} after every task. */
  public void runUntil(long nanos, Runnable check) {
    while (!tasks.isEmpty() && tasks.peek().at <= nanos) {
      Task task = tasks.remove();
      now = task.at;
      if (!task.canceled) {
        task.run.run();
        check.run();
      }
    }
    now = nanos;
  }
}
