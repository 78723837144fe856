package io.tandem.cluster.entry;

import io.tandem.registry.NodeId;

/** One lane of one node. */
public record LaneAddress(NodeId node, int lane) {

  /** No lane in particular: the receiving node spreads the entry itself. */
  public static final int ANY = -1;
}
