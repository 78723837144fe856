package io.tandem.node.transport;

import io.tandem.node.session.SessionMachine;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.stream.Stream;

/**
 * Which sessions a lane parts with: those that came last, but for those that came since the node
 * began to part with any. What a node has too much of has come to it while others were away, and
 * belongs to those where the balancer goes by addresses.
 */
final class Chosen {

  private record Candidate(long since, SessionMachine conversation) {}

  private Chosen() {}

  /**
   * So many of them at most.
   *
   * @param before who came then, or later, stays
   */
  static List<SessionMachine> of(Stream<SessionMachine> all, int most, long before) {
    // Of few among many: the one that came first goes as soon as there is one too many.
    PriorityQueue<Candidate> youngest =
        new PriorityQueue<>(
            Comparator.comparingLong((Candidate candidate) -> candidate.since() - before));
    all.forEach(
        conversation -> {
          OptionalLong since = conversation.departure().movableSince();
          if (since.isPresent() && since.getAsLong() - before < 0) {
            youngest.add(new Candidate(since.getAsLong(), conversation));
            if (youngest.size() > most) {
              youngest.remove();
            }
          }
        });
    return youngest.stream().map(Candidate::conversation).toList();
  }
}
