package io.tandem.node.router;

import io.tandem.cluster.delivery.Delivery;
import io.tandem.cluster.link.NodeLink;
import io.tandem.cluster.link.Refund;
import io.tandem.cluster.link.ReloadResult;
import io.tandem.cluster.nodes.Host;
import io.tandem.registry.NodeId;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** This node as the other nodes know it. Home thread. */
public final class RouterHost implements Host {

  private final Router router;
  private final Function<Predicate<NodeId>, CompletionStage<@Nullable Void>> free;
  private final Function<NodeId, CompletionStage<ReloadResult>> reload;
  private final Runnable evicted;

  /**
   * @param free frees in the shared record what lives of nodes hold that are over
   * @param reload has this node read its configuration again, since another node asks
   * @param evicted ends this life
   */
  public RouterHost(
      Router router,
      Function<Predicate<NodeId>, CompletionStage<@Nullable Void>> free,
      Function<NodeId, CompletionStage<ReloadResult>> reload,
      Runnable evicted) {
    this.router = router;
    this.free = free;
    this.reload = reload;
    this.evicted = evicted;
  }

  @Override
  public void linked(NodeId otherNode, NodeLink link) {
    router.link(otherNode, link);
  }

  @Override
  public void unlinked(NodeId otherNode) {
    router.unlink(otherNode);
  }

  @Override
  public void received(int toLane, Delivery delivery, Refund refund) {
    router.receive(toLane, delivery, refund::give);
  }

  @Override
  public void lost(NodeId otherNode, Runnable cleared) {
    router.lost(otherNode, cleared);
  }

  @Override
  public void afterTurns(Runnable task) {
    router.afterTurns(task);
  }

  @Override
  public void hold(NodeId otherNode) {
    router.nodes().hold(otherNode);
  }

  @Override
  public void resume(NodeId otherNode) {
    router.nodes().resume(otherNode);
  }

  @Override
  public void draining(NodeId otherNode) {
    router.drains(otherNode);
  }

  @Override
  public CompletionStage<@Nullable Void> free(Predicate<NodeId> isOver) {
    return free.apply(isOver);
  }

  @Override
  public CompletionStage<ReloadResult> reload(NodeId by) {
    return reload.apply(by);
  }

  @Override
  public void evicted() {
    evicted.run();
  }
}
