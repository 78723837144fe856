package io.tandem.cluster.link;

import io.tandem.cluster.simulation.VirtualTime;
import io.tandem.registry.Scheduler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.function.BiConsumer;

/** The loops of a simulated node: what they are given runs a little later, in its order. */
final class VirtualLoops {

  private final VirtualTime time;
  private final Random random;
  private final BiConsumer<Duration, Runnable> later;

  /**
   * @param later does something after a while, as far as the node can
   */
  VirtualLoops(VirtualTime time, Random random, BiConsumer<Duration, Runnable> later) {
    this.time = time;
    this.random = random;
    this.later = later;
  }

  Loop next() {
    Deque<Runnable> queue = new ArrayDeque<>();
    return new Loop(
        task -> {
          queue.add(task);
          later.accept(Duration.ofNanos(random.nextInt(50_000)), () -> queue.remove().run());
        },
        scheduler());
  }

  private Scheduler scheduler() {
    return new Scheduler() {
      @Override
      public long nanoTime() {
        return time.now();
      }

      @Override
      public Timer schedule(Duration delay, Runnable task) {
        boolean[] canceled = {false};
        later.accept(
            delay,
            () -> {
              if (!canceled[0]) {
                task.run();
              }
            });
        return () -> canceled[0] = true;
      }
    };
  }
}
