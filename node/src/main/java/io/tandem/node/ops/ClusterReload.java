package io.tandem.node.ops;

import io.tandem.cluster.link.ReloadOutcome;
import io.tandem.cluster.link.ReloadResult;
import io.tandem.cluster.nodes.NodeConfigurations;
import io.tandem.node.audit.AuditLog;
import io.tandem.registry.NodeId;
import io.tandem.registry.SharedTurn;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Has this node and all others read their configurations again, or this one because another node
 * asks. Calls that come while one is under way share the next. Any thread.
 */
public final class ClusterReload {

  private final NodeId self;
  private final Supplier<Future<ReloadResult>> own;
  private final Supplier<Future<List<NodeConfigurations.Answer>>> others;
  private final AuditLog audit;
  private final SharedTurn<Boolean, ReloadReport> turn =
      SharedTurn.of(() -> ask().toCompletionStage());

  /**
   * @param own has this node read its configuration again; never fails
   * @param others the same of all other nodes, which have a limited time for it
   */
  public ClusterReload(
      NodeId self,
      Supplier<Future<ReloadResult>> own,
      Supplier<Future<List<NodeConfigurations.Answer>>> others,
      AuditLog audit) {
    this.self = self;
    this.own = own;
    this.others = others;
    this.audit = audit;
  }

  /** This node alone, since another one asks. */
  public Future<ReloadResult> asked(NodeId by) {
    return own.get()
        .onSuccess(
            result ->
                audit.tell("reload asked", "by", by.name(), "outcome", result.outcome().words()));
  }

  /**
   * All nodes.
   *
   * @param address of who asks
   */
  Future<ReloadReport> all(String address) {
    return Future.fromCompletionStage(turn.ask())
        .onComplete(
            done ->
                audit.tell(
                    "reload asked",
                    "address",
                    address,
                    "outcome",
                    done.succeeded() ? done.result().outcome() : "failed",
                    "nodes",
                    done.succeeded() ? done.result().lines() : null));
  }

  /** Somebody who may not has asked for it. */
  void refused(String address, String why) {
    audit.tell("reload refused", "address", address, "why", why);
  }

  private Future<ReloadReport> ask() {
    Future<List<NodeConfigurations.Answer>> asked = others.get(); // at the same time
    return own.get()
        .timeout(NodeConfigurations.LONGEST_ANSWER.toSeconds(), TimeUnit.SECONDS)
        .otherwise(ReloadResult.of(ReloadOutcome.UNANSWERED))
        .compose(mine -> asked.map(theirs -> report(mine, theirs)));
  }

  private ReloadReport report(ReloadResult mine, List<NodeConfigurations.Answer> theirs) {
    List<ReloadReport.OfNode> nodes = new ArrayList<>();
    nodes.add(ReloadReport.OfNode.of(self, mine));
    theirs.forEach(answer -> nodes.add(ReloadReport.OfNode.of(answer.node(), answer.result())));
    return ReloadReport.of(nodes, mine, theirs);
  }
}
