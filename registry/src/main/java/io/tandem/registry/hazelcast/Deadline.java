package io.tandem.registry.hazelcast;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** When an operation of several steps has to be over. */
record Deadline(long nanoTime) {

  static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos());
  }

  boolean isOver() {
    return millisLeft() <= 0;
  }

  /** Whole milliseconds until then, negative afterwards. */
  long millisLeft() {
    return TimeUnit.NANOSECONDS.toMillis(nanoTime - System.nanoTime());
  }
}
