package io.tandem.bench.cluster;

import io.tandem.bench.Waiting;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What is left of the heap of each node after a full collection.
 *
 * @param octets of each node
 */
record LiveHeap(List<Long> octets) {

  private static final int LOOKS = 3;

  /** A full collection on a busy machine shall not be taken for a node's end. */
  static final Duration PATIENCE = Duration.ofMinutes(2);

  /**
   * The least of several looks at each: a collection that takes long on a busy machine breaks
   * links, and until they are in step again the nodes hold more than they need.
   */
  static LiveHeap of(List<BenchNode> nodes) {
    long[] least = new long[nodes.size()];
    Arrays.fill(least, Long.MAX_VALUE);
    for (int look = 0; look < LOOKS; look++) {
      for (int i = 0; i < nodes.size(); i++) {
        Waiting.isSoon(PATIENCE, () -> nodes.stream().allMatch(LiveHeap::isInStep));
        least[i] = Math.min(least[i], nodes.get(i).liveHeap());
      }
    }
    return new LiveHeap(Arrays.stream(least).boxed().toList());
  }

  private static boolean isInStep(BenchNode node) {
    JsonObject view = node.cluster(BenchNode.ANSWER);
    return view != null
        && Sighting.of(0, 0, view).members().stream().allMatch(Sighting.Member::linked);
  }

  /** Octets of each node for each of so many things that have come since the other look. */
  List<Double> each(LiveHeap before, int count) {
    return IntStream.range(0, octets.size())
        .mapToObj(i -> (double) (octets.get(i) - before.octets.get(i)) / count)
        .toList();
  }
}
