package io.tandem.bench.report;

/**
 * One second of a leg.
 *
 * @param atSeconds its end, since measuring began
 * @param perSecond messages that arrived in it
 * @param p50Nanos median latency of these messages
 * @param p99Nanos 99th percentile
 */
public record Sample(double atSeconds, double perSecond, long p50Nanos, long p99Nanos) {}
