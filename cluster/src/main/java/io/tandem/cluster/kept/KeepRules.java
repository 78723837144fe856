package io.tandem.cluster.kept;

import io.tandem.protocol.uri.MatchPolicy;
import java.util.List;

/**
 * Which publications a realm keeps, and how many. The same on all nodes. Immutable.
 *
 * @param retained where PUBLISH with {@code retain} is heeded; of several rules for a topic the
 *     most specific one counts, and a topic without one has no retained event
 * @param mostRetained how many retained events one SUBSCRIBE gets
 * @param history the subscriptions whose events are kept in order; a publication counts for each
 *     that it matches
 */
public record KeepRules(List<KeepRule> retained, int mostRetained, List<KeepRule> history) {

  /** For one SUBSCRIBE, unless configured. */
  public static final int MOST_RETAINED = 1_000;

  /** Of a rule that says nothing else. */
  public static final int EVENTS = 10_000;

  /** Likewise. */
  public static final long OCTETS = 16 << 20;

  /** Any topic has a retained event, and none has a history. */
  public static final KeepRules DEFAULT =
      new KeepRules(
          List.of(new KeepRule(MatchPolicy.PREFIX, "", EVENTS, OCTETS, null)),
          MOST_RETAINED,
          List.of());

  public KeepRules {
    retained = List.copyOf(retained);
    history = List.copyOf(history);
  }

  /** What all of it may take in the heap of each node. */
  public long octets() {
    return retained.stream().mapToLong(KeepRule::octets).sum()
        + history.stream().mapToLong(KeepRule::octets).sum();
  }
}
