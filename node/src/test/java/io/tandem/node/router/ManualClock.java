package io.tandem.node.router;

import io.tandem.registry.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Time that moves when the test says so, but for the next turn of a thread, which comes at once.
 */
final class ManualClock {

  private final List<Alarm> alarms = new ArrayList<>();
  private long now;

  /** The time of one lane. */
  Scheduler scheduler(Executor owner) {
    return new Scheduler() {
      @Override
      public long nanoTime() {
        return now;
      }

      @Override
      public Timer schedule(Duration delay, Runnable task) {
        if (delay.toNanos() == 1) {
          owner.execute(task);
          return () -> {};
        }
        Alarm alarm = new Alarm(now + delay.toNanos(), owner, task);
        alarms.add(alarm);
        return alarm;
      }
    };
  }

  /** Lets time pass; what is due is handed to its owners, in the order of time. */
  void advance(Duration time) {
    now += time.toNanos();
    List<Alarm> due = alarms.stream().filter(alarm -> alarm.at <= now).toList();
    due.stream().sorted(Comparator.comparingLong(alarm -> alarm.at)).forEach(Alarm::ring);
  }

  int pending() {
    return alarms.size();
  }

  private final class Alarm implements Scheduler.Timer {
    private final long at;
    private final Executor owner;
    private final Runnable task;

    Alarm(long at, Executor owner, Runnable task) {
      this.at = at;
      this.owner = owner;
      this.task = task;
    }

    void ring() {
      owner.execute(
          () -> {
            if (alarms.remove(this)) {
              task.run();
            }
          });
    }

    @Override
    public void cancel() {
      alarms.remove(this);
    }
  }
}
