package io.tandem.node.config;

import io.tandem.protocol.uri.MatchPolicy;
import java.time.Duration;

/**
 * That a realm's name is a pattern: a realm of a name that it meets is made, as the rest of the
 * configuration says, when the first client has logged in to it, and closed when it has been empty
 * for a while.
 *
 * @param match how the name is meant: prefix or wildcard
 * @param maxRealms how many of them one node has at a time: 1 to 10,000, 100 unless configured
 * @param closeWhenEmptyFor how long one stays that has no session: 1 s to 24 h, 5 min unless
 *     configured
 */
public record TemplateConfig(MatchPolicy match, int maxRealms, Duration closeWhenEmptyFor) {

  static final int MOST_REALMS = 10_000;
  static final int DEFAULT_REALMS = 100;
  static final Duration DEFAULT_CLOSE = Duration.ofMinutes(5);
}
