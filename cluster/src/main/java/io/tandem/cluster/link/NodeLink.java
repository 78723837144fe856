package io.tandem.cluster.link;

import io.tandem.cluster.delivery.Delivery;
import io.tandem.cluster.delivery.Offered;

/**
 * The way to one other node. Any lane offers deliveries; what one lane offers arrives in the order
 * offered, whichever lanes it is for (O1), or the link breaks and tells so. Never blocks.
 */
public interface NodeLink {

  /**
   * Takes a delivery for a lane of the node.
   *
   * @return whether it was taken; if not, it is dropped, and the sender answers or counts
   */
  Offered offer(int fromLane, int toLane, Delivery delivery);

  /** Whether deliveries are taken now. */
  boolean isOpen();
}
