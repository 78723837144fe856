package io.tandem.node.ops;

import io.tandem.cluster.link.Loop;
import io.tandem.registry.Histogram;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Notices how late a loop is with what is due, some times in a second. The loop's own; {@link
 * #silence} any thread.
 */
final class LoopWatch {

  private static final Duration TICK = Duration.ofMillis(250);

  private final Loop loop;
  private final Histogram late;
  private volatile long due;

  /**
   * Watches from now on, as long as the loop lives.
   *
   * @param late gets by how much it is late each time, in nanoseconds
   */
  LoopWatch(Loop loop, Histogram late) {
    this.loop = loop;
    this.late = late;
    this.due = loop.scheduler().nanoTime();
    loop.executor().execute(this::tick);
  }

  private void tick() {
    long now = loop.scheduler().nanoTime();
    late.add(now - due);
    due = now + TICK.toNanos();
    loop.scheduler().schedule(TICK, this::tick);
  }

  /** By how much it is late now, in seconds: since when it is busy with something else. */
  double silence() {
    long nanos = Math.max(0, loop.scheduler().nanoTime() - due);
    return (double) nanos / TimeUnit.SECONDS.toNanos(1);
  }
}
