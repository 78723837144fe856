package io.tandem.cluster.nodes;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Whether a node reaches most of the nodes that last agreed on each other, itself included. Nodes
 * are told apart by name: one that starts over is the same, and one that is new on a side of a
 * partition adds nothing to it.
 *
 * <p>The side with the majority soon agrees on being fewer; the other side never does, however long
 * it is alone. The home thread, but for {@link #isReached}.
 */
final class Majority {

  /** The others that this node last agreed with. */
  private Set<String> agreed = new HashSet<>();

  private volatile boolean reached = true;

  /** Any thread. */
  boolean isReached() {
    return reached;
  }

  /** These are all other nodes now. */
  void count(List<OtherNodes.State> otherNodes) {
    long open =
        otherNodes.stream()
            .filter(OtherNodes.State::open)
            .map(otherNode -> otherNode.node().name())
            .filter(agreed::contains)
            .distinct()
            .count();
    reached = 2 * (open + 1) > agreed.size() + 1;
    if (reached && otherNodes.stream().allMatch(OtherNodes.State::inStep)) {
      agreed =
          new HashSet<>(otherNodes.stream().map(otherNode -> otherNode.node().name()).toList());
    }
  }

  /** A node has left after it said so: nobody counts on it any more. */
  void drained(String name) {
    agreed.remove(name);
  }
}
