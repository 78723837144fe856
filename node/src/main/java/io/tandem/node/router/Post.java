package io.tandem.node.router;

import io.tandem.cluster.delivery.Delivery;
import io.tandem.cluster.delivery.LaneAddress;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** The ways from one lane to all lanes, itself included. Belongs to its thread. */
final class Post {

  private final LaneAddress self;
  private final Router router;
  private final Executor executor;
  private final Consumer<Delivery> here;

  /**
   * @param executor runs tasks on the lane's thread
   * @param here takes what the lane sends to itself
   */
  Post(LaneAddress self, Router router, Executor executor, Consumer<Delivery> here) {
    this.self = self;
    this.router = router;
    this.executor = executor;
    this.here = here;
  }

  /**
   * Sends a delivery to a lane. To this lane itself it is handed over at once, to any other through
   * its mailbox or link: always the same way for the same two lanes, so order holds (O1).
   *
   * @return false when the other side has no room; only events and calls are ever turned away by a
   *     lane of this node
   */
  boolean send(LaneAddress to, Delivery delivery) {
    if (to.equals(self)) {
      here.accept(delivery);
      return true;
    }
    return router.forward(self.lane(), to, delivery);
  }

  /**
   * Takes nothing more from a client that feeds a crowded lane, or a node without room, until that
   * has room. The release comes whatever has become of the session meanwhile.
   */
  void holdWhileCrowded(LaneAddress to, Outbox feeder) {
    if (!to.node().equals(self.node())) {
      RemoteNode node = router.nodes().find(to.node());
      if (node != null && node.isHolding()) {
        feeder.hold();
        node.whenResumed(() -> executor.execute(feeder::release));
      }
    } else if (!to.equals(self)) {
      Mailbox fed = router.mailbox(to.lane());
      if (fed.isCrowded()) {
        feeder.hold();
        fed.whenRoomy(() -> executor.execute(feeder::release));
      }
    }
  }
}
