package io.tandem.node.config;

import io.tandem.protocol.uri.UriSyntax;
import org.jspecify.annotations.Nullable;

/**
 * What the sessions of a realm may hold; a request beyond it gets an ERROR, the session goes on.
 *
 * @param maxSessions of the realm on one node: 1 to 1,000,000, or null for any number
 * @param maxSubscriptions 1 to 1,000,000; 10,000 unless configured
 * @param maxRegistrations 1 to 1,000,000; 10,000 unless configured
 * @param maxPendingCalls calls of a caller without a final answer: 1 to 1,000,000; 10,000 unless
 *     configured
 * @param maxPayloadSize of one message: 1 B to 16 MiB, or null for any that the listener takes
 * @param rate how fast a session may send, or null for as fast as it likes
 * @param memory what all sessions of the realm together may make the node keep, in octets: 1 MiB to
 *     1 TiB, or null for all that the node has, half of it where there are several realms
 * @param sessionMemory what one session may make the node keep, in octets: 64 KiB to 1 TiB, or null
 *     for as much as it leaves to the others
 * @param maxUriLength longest URI or pattern, in octets of UTF-8: 64 B to 16 KiB, 1 KiB unless
 *     configured
 * @param maxWildcardShapes in how many ways wildcards may stand in the patterns of its
 *     subscriptions, and of its registrations: 1 to 1,000, 32 unless configured
 * @param maxOptionsSize what the Options of one request may take, in octets of memory: 1 KiB to 16
 *     MiB, 64 KiB unless configured
 * @param maxTestaments of one session: 1 to 100,000; 1,000 unless configured
 * @param maxTestamentsSize of all testaments of one session, in octets: 1 KiB to 4 MiB, 256 KiB
 *     unless configured
 */
public record SessionLimitsConfig(
    @Nullable Integer maxSessions,
    int maxSubscriptions,
    int maxRegistrations,
    int maxPendingCalls,
    @Nullable Long maxPayloadSize,
    @Nullable RateConfig rate,
    @Nullable Long memory,
    @Nullable Long sessionMemory,
    int maxUriLength,
    int maxWildcardShapes,
    int maxOptionsSize,
    int maxTestaments,
    int maxTestamentsSize) {

  /** What a session may hold in a realm that says nothing else. */
  public static final SessionLimitsConfig DEFAULT =
      new SessionLimitsConfig(
          null,
          10_000,
          10_000,
          10_000,
          null,
          null,
          null,
          null,
          UriSyntax.DEFAULT_LENGTH,
          32,
          64 << 10,
          1_000,
          256 << 10);

  static final long MIN_SESSION_MEMORY = 64 << 10;

  static final int MAX = 1_000_000;
  static final int MAX_SHAPES = 1_000;
  static final int MIN_URI_LENGTH = 64;
  static final int MAX_URI_LENGTH = 16 << 10;
  static final int MIN_OPTIONS_SIZE = 1 << 10;
  static final int MAX_OPTIONS_SIZE = 16 << 20;
  static final int MAX_TESTAMENTS = 100_000;
  static final int MIN_TESTAMENTS_SIZE = 1 << 10;
  static final int MAX_TESTAMENTS_SIZE = 4 << 20;
}
