package io.tandem.node.testing;

import io.tandem.registry.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Time that passes when told to. */
public final class ManualTime implements Scheduler {

  private final List<Task> tasks = new ArrayList<>();
  private long now;

  private record Task(long due, Runnable action) {}

  @Override
  public long nanoTime() {
    return now;
  }

  @Override
  public Timer schedule(Duration delay, Runnable action) {
    Task task = new Task(now + delay.toNanos(), action);
    tasks.add(task);
    return () -> tasks.remove(task);
  }

  public void pass(Duration time) {
    now += time.toNanos();
    List<Task> due = new ArrayList<>(tasks.stream().filter(task -> task.due <= now).toList());
    due.sort(Comparator.comparingLong(Task::due));
    for (Task task : due) {
      if (tasks.remove(task)) {
        task.action.run();
      }
    }
  }

  /** How many timers run. */
  public int timers() {
    return tasks.size();
  }
}
