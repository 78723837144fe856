package io.tandem.registry;

import java.util.ArrayList;
import java.util.List;

/**
 * Where the subscribers of one subscription are, as a node's routing table knows it: the lanes of
 * this node and the other nodes with at least one. Immutable; any lane reads it.
 *
 * @param lanes one bit for each lane of this node
 * @param nodes the other nodes
 */
public record Interest(long lanes, List<NodeId> nodes) {

  public Interest {
    nodes = List.copyOf(nodes);
  }

  /** The interest of nobody, yet. */
  public static final Interest NONE = new Interest(0, List.of());

  public boolean isNone() {
    return lanes == 0 && nodes.isEmpty();
  }

  public Interest withLane(int lane) {
    return new Interest(lanes | 1L << lane, nodes);
  }

  public Interest withoutLane(int lane) {
    return new Interest(lanes & ~(1L << lane), nodes);
  }

  public Interest withNode(NodeId node) {
    if (nodes.contains(node)) {
      return this;
    }
    List<NodeId> more = new ArrayList<>(nodes);
    more.add(node);
    return new Interest(lanes, more);
  }

  public Interest withoutNode(NodeId node) {
    return new Interest(lanes, nodes.stream().filter(other -> !other.equals(node)).toList());
  }
}
