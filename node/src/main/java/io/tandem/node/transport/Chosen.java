package io.tandem.node.transport;

import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Which sessions a lane parts with: those that came last, but for those that came since the node
 * began to part with any. What a node has too much of has come to it while others were away, and
 * belongs to those where the balancer goes by addresses.
 */
final class Chosen {

  private record Candidate<T>(long since, T session) {}

  private Chosen() {}

  /**
   * So many of them at most.
   *
   * @param since when one came; nothing where it stays
   * @param before who came then, or later, stays
   */
  static <T> List<T> of(Stream<T> all, Function<T, OptionalLong> since, int most, long before) {
    // Of few among many: the one that came first goes as soon as there is one too many.
    PriorityQueue<Candidate<T>> youngest =
        new PriorityQueue<>(
            Comparator.comparingLong((Candidate<T> candidate) -> candidate.since() - before));
    all.forEach(
        session -> {
          OptionalLong came = since.apply(session);
          if (came.isPresent() && came.getAsLong() - before < 0) {
            youngest.add(new Candidate<>(came.getAsLong(), session));
            if (youngest.size() > most) {
              youngest.remove();
            }
          }
        });
    return youngest.stream().map(Candidate::session).toList();
  }
}
