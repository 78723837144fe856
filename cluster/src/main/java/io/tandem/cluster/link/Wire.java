package io.tandem.cluster.link;

import io.tandem.registry.NodeId;

/**
 * The way frames travel between nodes: sockets in production, a virtual network in the simulation.
 * It may lose, delay and duplicate a frame and never damages one. What is sent by one thread to one
 * node usually arrives in that order, but not across a reconnect.
 */
public interface Wire {

  /**
   * Sends a frame, or loses it. Never blocks. Any thread; the array belongs to the link, which may
   * send it again, and nobody writes to it.
   */
  void send(NodeId to, byte[] frame);

  /**
   * What was sent to the node is not answered, though it may be there: a connection that carries it
   * is given up, and the next frame begins another. Any thread.
   */
  default void renew(NodeId to) {}
}
