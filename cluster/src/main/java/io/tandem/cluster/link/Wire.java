package io.tandem.cluster.link;

import io.tandem.registry.NodeId;

/**
 * The way frames travel between nodes: the event bus or sockets in production, a virtual network in
 * the simulation. It may lose, delay and duplicate a frame and never damages one. What is sent to
 * one node on one stream usually arrives in that order, but not across a reconnect; streams may
 * have ways of their own, and overtake each other.
 */
public interface Wire {

  /** The stream of what is the node's. */
  int NODE = 0;

  /** The most lanes that a node has: lane n sends on stream n + 1. */
  int MOST_LANES = DeliveryCodec.MAX_LANES;

  /**
   * Sends a frame, or loses it. Never blocks. Any thread, though the stream's own is the one that
   * wakes nobody else; the array belongs to the link, which may send it again, and nobody writes to
   * it.
   *
   * @param stream {@link #NODE}, or n + 1 for what lane n sends
   */
  void send(NodeId to, int stream, byte[] frame);

  /**
   * What was sent to the node is not answered, though it may be there: the connections that carry
   * it are given up, and the next frame begins another. Any thread.
   */
  default void renew(NodeId to) {}
}
