package io.tandem.bench.report;

import java.util.List;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * One measurement of one target.
 *
 * @param target router or relay
 * @param round from 1
 * @param seconds how long it was measured
 * @param messages calls or deliveries that were counted in this time
 * @param sentPerSecond calls or publications
 * @param missing messages that never arrived
 * @param latencies from the intended time of sending, in nanoseconds
 * @param lagP99Nanos how late the generator itself was, 99th percentile
 * @param cpuSeconds of the target's processes; null when it is not available
 * @param residentBytes of the target's processes at the end; null when it is not available
 * @param generatorShare of the machine's CPU
 * @param busiestLoopShare share of its time for which the generator's busiest event loop ran
 * @param othersShare of the machine's CPU, by processes that do not belong to the run; null when it
 *     is not available
 * @param samples one for each second
 */
public record Leg(
    String target,
    int round,
    double seconds,
    long messages,
    double sentPerSecond,
    long missing,
    Histogram latencies,
    long lagP99Nanos,
    @Nullable Double cpuSeconds,
    @Nullable Long residentBytes,
    double generatorShare,
    double busiestLoopShare,
    @Nullable Double othersShare,
    List<Sample> samples) {

  public double perSecond() {
    return messages / seconds;
  }

  /** CPU time of the target for each message in microseconds; null when it is not available. */
  public @Nullable Double cpuMicrosPerMessage() {
    return cpuSeconds == null || messages == 0 ? null : cpuSeconds * 1e6 / messages;
  }

  /** Latency in microseconds. */
  public double latencyMicros(double percentile) {
    return latencies.getValueAtPercentile(percentile) / 1e3;
  }
}
