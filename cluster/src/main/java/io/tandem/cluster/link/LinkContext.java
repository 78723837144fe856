package io.tandem.cluster.link;

import io.tandem.registry.NodeId;

/** What is fixed for the life of a link. Immutable, for any thread. */
record LinkContext(
    NodeId self, NodeId otherNode, LinkSettings settings, Wire wire, LinkCounts counts) {

  void send(int stream, byte[] frame) {
    counts.add(LinkCount.FRAMES_SENT);
    counts.add(LinkCount.OCTETS_SENT, frame.length);
    wire.send(otherNode, stream, frame);
  }

  void resend(int stream, byte[] frame) {
    counts.add(LinkCount.FRAMES_RESENT);
    wire.send(otherNode, stream, frame);
  }
}
