package io.tandem.node.config;

import io.tandem.protocol.uri.MatchPolicy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of the publications to some topics: retained events, or a history.
 *
 * @param uri the URI or pattern, valid for {@code match} under the realm's URI rule
 * @param match how topics are compared with it, {@link MatchPolicy#EXACT} unless configured
 * @param events how many; {@value #DEFAULT_EVENTS} unless configured
 * @param bytes what they may take in the heap of each node; null for a share of what is left to
 *     those that say nothing
 * @param age how long each is kept; null for as long as there is room
 */
public record KeptTopicsConfig(
    String uri, MatchPolicy match, int events, @Nullable Long bytes, @Nullable Duration age) {

  static final int DEFAULT_EVENTS = 10_000;
  static final int MAX_EVENTS = 10_000_000;
  static final long MIN_BYTES = 64 << 10;
  static final Duration MAX_AGE = Duration.ofDays(365);

  /** Any topic. */
  static final KeptTopicsConfig ANY =
      new KeptTopicsConfig("", MatchPolicy.PREFIX, DEFAULT_EVENTS, null, null);
}
