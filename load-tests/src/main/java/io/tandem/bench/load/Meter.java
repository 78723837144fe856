package io.tandem.bench.load;

import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * What one event loop of the generator measures. Written on that loop, read by the thread that
 * leads the run. Times are nanoseconds since the generator began.
 */
final class Meter {

  private static final int DIGITS = 3;

  private final SingleWriterRecorder latencies = new SingleWriterRecorder(DIGITS);
  private final SingleWriterRecorder lags = new SingleWriterRecorder(DIGITS);
  private final AtomicLong received = new AtomicLong();
  private final AtomicLong sent = new AtomicLong();

  /** Messages that were meant to leave in this span count for the latencies. */
  private volatile long from = Long.MAX_VALUE;

  private volatile long to = Long.MAX_VALUE;

  void begin(long now) {
    from = now;
  }

  void end(long now) {
    to = now;
  }

  private boolean counts(long intended) {
    return intended >= from && intended < to;
  }

  void sent(long intended, long now) {
    sent.lazySet(sent.getPlain() + 1);
    if (counts(intended)) {
      lags.recordValue(Math.max(0, now - intended));
    }
  }

  void received(long intended, long now) {
    received.lazySet(received.getPlain() + 1);
    if (counts(intended)) {
      latencies.recordValue(Math.max(0, now - intended));
    }
  }

  long received() {
    return received.get();
  }

  long sent() {
    return sent.get();
  }

  /** Adds the latencies recorded since the last time. */
  void drainLatencies(Histogram into) {
    into.add(latencies.getIntervalHistogram());
  }

  /** Adds how late messages left, recorded since the last time. */
  void drainLags(Histogram into) {
    into.add(lags.getIntervalHistogram());
  }
}
