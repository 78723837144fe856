package io.tandem.node.router;

import io.tandem.cluster.simulation.VirtualTime;
import io.tandem.registry.Scheduler;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Executor;

/** One thread of a {@link VirtualLife}: its tasks, in order and each a little later, and timers. */
final class VirtualLoop implements Executor, Scheduler {

  /** What a life that was frozen has missed of a loop. */
  enum Kind {
    TASK,
    TIMER,
    FRAME
  }

  private static final int LATEST_NANOS = 50_000;

  private final VirtualLife life;
  private final VirtualTime time;
  private final Random random;
  private long last;

  VirtualLoop(VirtualLife life, VirtualTime time, Random random) {
    this.life = life;
    this.time = time;
    this.random = random;
  }

  @Override
  public void execute(Runnable task) {
    last = Math.max(last, time.now() + random.nextInt(LATEST_NANOS));
    time.at(last, () -> life.run(this, Kind.TASK, task));
  }

  @Override
  public long nanoTime() {
    return time.now();
  }

  @Override
  public Timer schedule(Duration delay, Runnable task) {
    boolean[] canceled = {false};
    Timer timer =
        time.after(
            delay,
            () ->
                life.run(
                    this,
                    Kind.TIMER,
                    () -> {
                      if (!canceled[0]) {
                        task.run();
                      }
                    }));
    return () -> {
      canceled[0] = true;
      timer.cancel();
    };
  }
}
