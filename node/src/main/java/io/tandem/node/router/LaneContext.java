package io.tandem.node.router;

import io.tandem.cluster.delivery.LaneAddress;
import io.tandem.registry.Scheduler;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * What a lane lends to its share of each realm: its thread and clock, its queues and the ways out.
 *
 * @param executor runs tasks on the lane's thread, in order; any thread
 * @param router what all lanes of the node share
 */
record LaneContext(
    LaneAddress address,
    Executor executor,
    Scheduler scheduler,
    ClientLog clientLog,
    Mailbox mailbox,
    Slices slices,
    SharedMessage.Factory sharing,
    Post post,
    Router router) {

  int number() {
    return address.lane();
  }

  void execute(Runnable task) {
    executor.execute(task);
  }

  /** Measures how long it takes from now on; returns the same. */
  <T> CompletionStage<T> measured(Latency what, CompletionStage<T> underWay) {
    return router.metrics().measured(what, scheduler, underWay);
  }
}
