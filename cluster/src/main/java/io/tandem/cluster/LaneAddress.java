package io.tandem.cluster;

import io.tandem.registry.NodeId;

/** One lane of one node. */
public record LaneAddress(NodeId node, int lane) {}
