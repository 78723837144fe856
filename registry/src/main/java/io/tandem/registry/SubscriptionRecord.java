package io.tandem.registry;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The record of a subscription that the whole cluster shares: its ID and the nodes with at least
 * one subscriber. Immutable; every change is a new record, put in place by compare-and-set.
 */
public record SubscriptionRecord(long id, Instant created, List<NodeId> nodes) {

  public SubscriptionRecord {
    nodes = List.copyOf(nodes);
  }

  /** With this node behind it too. */
  public SubscriptionRecord with(NodeId node) {
    List<NodeId> more = new ArrayList<>(nodes);
    more.add(node);
    return new SubscriptionRecord(id, created, more);
  }

  /** Without this node. */
  public SubscriptionRecord without(NodeId node) {
    return new SubscriptionRecord(
        id, created, nodes.stream().filter(other -> !other.equals(node)).toList());
  }
}
