package io.tandem.node.config;

import org.jspecify.annotations.Nullable;

/**
 * What the sessions of a realm may hold; a request beyond it gets an ERROR, the session goes on.
 *
 * @param maxSubscriptions 1 to 1,000,000; 10,000 unless configured
 * @param maxRegistrations 1 to 1,000,000; 10,000 unless configured
 * @param maxPendingCalls calls of a caller without a final answer: 1 to 1,000,000; 10,000 unless
 *     configured
 * @param memory what all sessions of the realm together may make the node keep, in octets: 1 MiB to
 *     1 TiB, or null for all that the node has, half of it where there are several realms
 * @param sessionMemory what one session may make the node keep, in octets: 64 KiB to 1 TiB, or null
 *     for as much as it leaves to the others
 */
public record SessionLimitsConfig(
    int maxSubscriptions,
    int maxRegistrations,
    int maxPendingCalls,
    @Nullable Long memory,
    @Nullable Long sessionMemory) {

  /** What a session may hold in a realm that says nothing else. */
  public static final SessionLimitsConfig DEFAULT =
      new SessionLimitsConfig(10_000, 10_000, 10_000, null, null);

  static final long MIN_SESSION_MEMORY = 64 << 10;

  static final int MAX = 1_000_000;
}
