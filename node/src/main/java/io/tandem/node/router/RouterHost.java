package io.tandem.node.router;

import io.tandem.cluster.entry.Entry;
import io.tandem.cluster.link.NodeLink;
import io.tandem.cluster.link.Refund;
import io.tandem.cluster.peers.Host;
import io.tandem.registry.NodeId;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** This node as its peers know it. Home thread. */
public final class RouterHost implements Host {

  private final Router router;
  private final Function<Predicate<NodeId>, CompletionStage<@Nullable Void>> free;
  private final Runnable evicted;

  /**
   * @param free frees in the shared record what lives of nodes hold that are over
   * @param evicted ends this life
   */
  public RouterHost(
      Router router,
      Function<Predicate<NodeId>, CompletionStage<@Nullable Void>> free,
      Runnable evicted) {
    this.router = router;
    this.free = free;
    this.evicted = evicted;
  }

  @Override
  public void linked(NodeId peer, NodeLink link) {
    router.link(peer, link);
  }

  @Override
  public void unlinked(NodeId peer) {
    router.unlink(peer);
  }

  @Override
  public void received(int toLane, Entry entry, Refund refund) {
    router.receive(toLane, entry, refund::give);
  }

  @Override
  public void lost(NodeId peer, Runnable settled) {
    router.lost(peer, settled);
  }

  @Override
  public void afterTurns(Runnable task) {
    router.afterTurns(task);
  }

  @Override
  public void hold(NodeId peer) {
    router.nodes().hold(peer);
  }

  @Override
  public void resume(NodeId peer) {
    router.nodes().resume(peer);
  }

  @Override
  public void draining(NodeId peer) {
    router.drains(peer);
  }

  @Override
  public CompletionStage<@Nullable Void> free(Predicate<NodeId> isOver) {
    return free.apply(isOver);
  }

  @Override
  public void evicted() {
    evicted.run();
  }
}
