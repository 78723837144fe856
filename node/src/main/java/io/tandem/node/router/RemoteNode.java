package io.tandem.node.router;

import io.tandem.cluster.delivery.Delivery;
import io.tandem.cluster.delivery.Offered;
import io.tandem.cluster.link.NodeLink;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Another node, as the lanes of this one see it: the way there, and whether to be sparing with it.
 * Any thread.
 */
final class RemoteNode {

  private final NodeLink link;
  private final Queue<Runnable> held = new ConcurrentLinkedQueue<>();
  private volatile boolean holding;
  private volatile boolean draining;

  RemoteNode(NodeLink link) {
    this.link = link;
  }

  Offered offer(int fromLane, int toLane, Delivery delivery) {
    return link.offer(fromLane, toLane, delivery);
  }

  /** Whether it can be reached. */
  boolean isOpen() {
    return link.isOpen();
  }

  /** Whether a call should go to a callee there when there are others. */
  boolean isPreferred() {
    return !draining && link.isOpen();
  }

  void drains() {
    draining = true;
  }

  /** The node has no room: who feeds it waits until {@link #resume}. */
  void hold() {
    holding = true;
  }

  void resume() {
    holding = false;
    releaseHeld();
  }

  boolean isHolding() {
    return holding;
  }

  /** Runs the task when the node has room again, at once if it has. */
  void whenResumed(Runnable task) {
    held.add(task);
    if (!holding) {
      releaseHeld();
    }
  }

  private void releaseHeld() {
    for (Runnable task = held.poll(); task != null; task = held.poll()) {
      task.run();
    }
  }
}
