package io.tandem.cluster.link;

import io.tandem.registry.NodeId;

/** What is fixed for the life of a link. Immutable, for any thread. */
record Peering(NodeId self, NodeId peer, LinkSettings settings, Wire wire, LinkCounts counts) {

  void send(int stream, byte[] frame) {
    counts.add(LinkCount.FRAMES_SENT);
    wire.send(peer, stream, frame);
  }

  void resend(int stream, byte[] frame) {
    counts.add(LinkCount.FRAMES_RESENT);
    wire.send(peer, stream, frame);
  }
}
