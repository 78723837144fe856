package io.tandem.node.router;

import io.tandem.cluster.delivery.Delivery;
import io.tandem.cluster.delivery.LaneAddress;
import io.tandem.cluster.delivery.Offered;
import io.tandem.cluster.link.NodeLink;
import io.tandem.registry.NodeId;
import io.tandem.registry.RoutingTables;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The other nodes, as the lanes of this one see them. Any thread. */
public final class Nodes {

  private final NodeId self;
  private final RoutingTables tables;
  private final Map<NodeId, RemoteNode> others = new ConcurrentHashMap<>();

  Nodes(NodeId self, RoutingTables tables) {
    this.self = self;
    this.tables = tables;
  }

  /** There is a way to another node from now on. */
  void link(NodeId node, NodeLink link) {
    others.put(node, new RemoteNode(link));
  }

  /** The node is gone for good. */
  void unlink(NodeId node) {
    RemoteNode gone = others.remove(node);
    if (gone != null) {
      gone.resume();
    }
  }

  /** The way to the node has no room for events: whoever publishes to it is not read from. */
  void hold(NodeId node) {
    with(node, RemoteNode::hold);
  }

  /** There is room again, or patience has an end. */
  void resume(NodeId node) {
    with(node, RemoteNode::resume);
  }

  /** The node, which may be this one, is on its way out. */
  void drains(NodeId node) {
    tables.leaves(node);
    with(node, RemoteNode::drains);
  }

  private void with(NodeId node, Consumer<RemoteNode> news) {
    RemoteNode other = others.get(node);
    if (other != null) {
      news.accept(other);
    }
  }

  /** Whether the node is on its way out, or went that way a moment ago. */
  boolean isLeaving(NodeId node) {
    return tables.isLeaving(node);
  }

  /** Whether calls may go to callees of this node although others have callees too. */
  boolean isPreferred(NodeId node) {
    if (node.equals(self)) {
      return true;
    }
    RemoteNode other = others.get(node);
    return other != null && other.isPreferred();
  }

  /** Those that can be reached. */
  public List<NodeId> reached() {
    return others.entrySet().stream()
        .filter(other -> other.getValue().isOpen())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The node of this incarnation, which may be this one, or null when it is none or gone. */
  @Nullable NodeId find(long incarnation) {
    return Stream.concat(Stream.of(self), others.keySet().stream())
        .filter(node -> node.incarnation() == incarnation)
        .findAny()
        .orElse(null);
  }

  /** Visits all of them. */
  void forEach(Consumer<NodeId> visitor) {
    others.keySet().forEach(visitor);
  }

  /** The other node, or null when it is none or gone. */
  @Nullable RemoteNode find(NodeId node) {
    return others.get(node);
  }

  /** Hands a delivery over to a lane of another node. */
  Offered offer(int fromLane, LaneAddress to, Delivery delivery) {
    RemoteNode other = others.get(to.node());
    return other == null ? Offered.UNREACHABLE : other.offer(fromLane, to.lane(), delivery);
  }
}
