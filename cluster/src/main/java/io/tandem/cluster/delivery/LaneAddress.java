package io.tandem.cluster.delivery;

import io.tandem.registry.NodeId;

/** One lane of one node. */
public record LaneAddress(NodeId node, int lane) {

  /** No lane in particular: the receiving node spreads the delivery itself. */
  public static final int ANY = -1;
}
