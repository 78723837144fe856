package io.tandem.bench.load;

import java.util.function.LongConsumer;

/**
 * Sends at a fixed rate, whatever happens: after a pause it sends everything that became due in it,
 * each with the time at which it was meant to leave, so that no delay is left out of a latency.
 */
final class Pacer {

  private final double intervalNanos;
  private final double start;
  private final LongConsumer send;
  private long sent;

  /**
   * @param ratePerSecond above 0
   * @param start when the first is due, in nanoseconds
   * @param send is given the time at which the message was meant to leave
   */
  Pacer(double ratePerSecond, double start, LongConsumer send) {
    this.intervalNanos = 1e9 / ratePerSecond;
    this.start = start;
    this.send = send;
  }

  private long due() {
    return (long) (start + sent * intervalNanos);
  }

  /** Sends what is due; returns when the next one is. */
  long advance(long now) {
    long due = due();
    while (due <= now) {
      sent++;
      send.accept(due);
      due = due();
    }
    return due;
  }
}
