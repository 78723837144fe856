package io.tandem.node.config;

/**
 * What one session of a realm may hold; a request beyond it gets an ERROR, the session goes on.
 *
 * @param maxSubscriptions 1 to 1,000,000; 10,000 unless configured
 * @param maxRegistrations 1 to 1,000,000; 10,000 unless configured
 * @param maxPendingCalls calls of a caller without a final answer: 1 to 1,000,000; 10,000 unless
 *     configured
 */
public record SessionLimitsConfig(int maxSubscriptions, int maxRegistrations, int maxPendingCalls) {

  /** What a session may hold in a realm that says nothing else. */
  public static final SessionLimitsConfig DEFAULT = new SessionLimitsConfig(10_000, 10_000, 10_000);

  static final int MAX = 1_000_000;
}
