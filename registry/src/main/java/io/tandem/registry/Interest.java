package io.tandem.registry;

import java.util.ArrayList;
import java.util.List;

/**
 * Where the subscribers of one subscription are, as a node's routing table knows it: the lanes of
 * this node and the other nodes with at least one. Immutable; any lane reads it.
 *
 * @param id the subscription's ID
 * @param lanes one bit for each lane of this node
 * @param nodes the other nodes
 */
public record Interest(long id, long lanes, List<NodeId> nodes) {

  public Interest {
    nodes = List.copyOf(nodes);
  }

  /** The interest of nobody, yet. */
  public static Interest none(long id) {
    return new Interest(id, 0, List.of());
  }

  public boolean isNone() {
    return lanes == 0 && nodes.isEmpty();
  }

  /** With another ID: the record was made anew while this node kept its interest. */
  public Interest identified(long newId) {
    return newId == id ? this : new Interest(newId, lanes, nodes);
  }

  public Interest withLane(int lane) {
    return new Interest(id, lanes | 1L << lane, nodes);
  }

  public Interest withoutLane(int lane) {
    return new Interest(id, lanes & ~(1L << lane), nodes);
  }

  public Interest withNode(NodeId node) {
    List<NodeId> more = new ArrayList<>(nodes);
    more.remove(node);
    more.add(node);
    return new Interest(id, lanes, more);
  }

  public Interest withoutNode(NodeId node) {
    return new Interest(id, lanes, nodes.stream().filter(other -> !other.equals(node)).toList());
  }
}
