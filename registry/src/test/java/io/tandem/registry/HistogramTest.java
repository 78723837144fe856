package io.tandem.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Values counted in buckets. */
class HistogramTest {

  @Test
  void bucketTakesItsBoundAndTheLastOneWhateverIsBeyond() {
    Histogram numbers = Histogram.ofNumbers(1, 4);
    LongStream.of(0, 1, 2, 4, 5, 1_000).forEach(numbers::add);
    assertThat(numbers.read().bounds()).containsExactly(1, 4, Double.POSITIVE_INFINITY);
    assertThat(numbers.read().counts()).containsExactly(2, 2, 2);
    assertThat(numbers.read().sum()).isEqualTo(1_012);
  }

  @Test
  void timesAreReadInSeconds() {
    Histogram times = Histogram.ofTimes();
    times.add(50_000);
    times.add(20_000_000_000L);
    Histogram.Reading read = times.read();
    assertThat(read.bounds()).startsWith(0.00005, 0.0001).endsWith(10, Double.POSITIVE_INFINITY);
    assertThat(read.bounds()).isSorted();
    assertThat(read.counts()[0]).isEqualTo(1);
    assertThat(read.counts()[read.counts().length - 1]).isEqualTo(1);
    assertThat(read.sum()).isEqualTo(20.00005);
  }

  @Test
  void valueBelowZeroCountsAsZero() {
    Histogram times = Histogram.ofTimes();
    times.add(-1_000_000_000);
    assertThat(times.read().counts()[0]).isEqualTo(1);
    assertThat(times.read().sum()).isZero();
  }
}
