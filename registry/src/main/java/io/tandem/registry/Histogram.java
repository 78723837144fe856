package io.tandem.registry;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Values of one kind, such as how long something took, counted in buckets whose bounds never
 * change. Any thread; to add one takes no lock and no memory.
 */
public final class Histogram {

  /** From 50 us to 10 s, in nanoseconds. */
  private static final long[] TIMES = {
    50_000,
    100_000,
    250_000,
    500_000,
    1_000_000,
    2_500_000,
    5_000_000,
    10_000_000,
    25_000_000,
    50_000_000,
    100_000_000,
    250_000_000,
    500_000_000,
    1_000_000_000,
    2_500_000_000L,
    10_000_000_000L
  };

  private final long[] bounds;
  private final double unit;
  private final LongAdder[] counts;
  private final LongAdder sum = new LongAdder();

  private Histogram(long[] bounds, double unit) {
    this.bounds = bounds;
    this.unit = unit;
    this.counts = new LongAdder[bounds.length + 1];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = new LongAdder();
    }
  }

  /** Of times: they are added in nanoseconds and read in seconds. */
  public static Histogram ofTimes() {
    return new Histogram(TIMES, TimeUnit.SECONDS.toNanos(1));
  }

  /**
   * Of numbers.
   *
   * @param bounds the largest that each bucket takes, in ascending order; one more takes the rest
   */
  public static Histogram ofNumbers(long... bounds) {
    return new Histogram(bounds.clone(), 1);
  }

  /** Adds a value; one below zero, as clocks that differ give it, counts as zero. */
  public void add(long value) {
    int bucket = 0;
    while (bucket < bounds.length && value > bounds[bucket]) {
      bucket++;
    }
    counts[bucket].increment();
    sum.add(Math.max(0, value));
  }

  /**
   * What has been counted so far.
   *
   * @param bounds the largest value of each bucket; the last one has none
   * @param counts the values in each bucket, not in those below it
   * @param sum of all values
   */
  @SuppressWarnings("ArrayRecordComponent") // read once, and never compared
  public record Reading(double[] bounds, long[] counts, double sum) {}

  /** Reads it while others add to it: what they add meanwhile is in it or is not. */
  public Reading read() {
    double[] upTo = new double[counts.length];
    long[] read = new long[counts.length];
    for (int i = 0; i < counts.length; i++) {
      upTo[i] = i < bounds.length ? bounds[i] / unit : Double.POSITIVE_INFINITY;
      read[i] = counts[i].sum();
    }
    return new Reading(upTo, read, sum.sum() / unit);
  }
}
