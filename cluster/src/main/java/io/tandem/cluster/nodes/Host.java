package io.tandem.cluster.nodes;

import io.tandem.cluster.delivery.Delivery;
import io.tandem.cluster.link.NodeLink;
import io.tandem.cluster.link.Refund;
import io.tandem.cluster.link.ReloadResult;
import io.tandem.registry.NodeId;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The node, as its {@link OtherNodes} need it. Called on the home thread; never blocks. */
public interface Host {

  /** There is a way to this node from now on, open or not. */
  void linked(NodeId otherNode, NodeLink link);

  /** There is none any more: the node is gone for good. */
  void unlinked(NodeId otherNode);

  /**
   * A delivery of the other node for a lane, or for {@link
   * io.tandem.cluster.delivery.LaneAddress#ANY}.
   *
   * @param refund to be given back when there is room for more of the kind
   */
  void received(int toLane, Delivery delivery, Refund refund);

  /**
   * Nothing on its way to or from the other node will arrive: fails the calls whose callee is
   * there, and interrupts the invocations whose caller is.
   *
   * @param cleared to be run, on any thread, when every lane has done so
   */
  void lost(NodeId otherNode, Runnable cleared);

  /**
   * Runs the task, on any thread, when every lane has sent what it was about to send by an older
   * state of the tables.
   */
  void afterTurns(Runnable task);

  /**
   * The other node has no room for events: whoever publishes to it is not read from until resumed.
   */
  void hold(NodeId otherNode);

  void resume(NodeId otherNode);

  /** The other node is draining: others are preferred to its callees. */
  void draining(NodeId otherNode);

  /**
   * Frees in the shared record what lives hold that are over. Asked of the node that has been there
   * longest; may be asked again.
   *
   * @param isOver whether a life is; any thread
   */
  CompletionStage<@Nullable Void> free(Predicate<NodeId> isOver);

  /**
   * Has this node read its configuration again.
   *
   * @param by who asks
   * @return what came of it; completes on any thread
   */
  CompletionStage<ReloadResult> reload(NodeId by);

  /** This life is over: the others have evicted it. It ends, and a new one begins. */
  void evicted();
}
