package io.tandem.node;

import io.tandem.cluster.link.ReloadResult;
import io.tandem.node.audit.AuditLog;
import io.tandem.node.config.ManagementConfig;
import io.tandem.node.ops.ClusterReload;
import io.tandem.node.ops.ClusterView;
import io.tandem.node.ops.Health;
import io.tandem.node.ops.ManagementVerticle;
import io.tandem.node.ops.NodeMeters;
import io.tandem.registry.NodeId;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Where a life is looked at and told things: the port for that, and what stands behind it. */
final class ManagementDoor {

  private final HomeVerticle home;
  private final @Nullable Seat seat;
  private final NodeMeters meters;
  private final Supplier<String> configuration;
  private final ClusterReload reload;

  /**
   * @param configuration a digest of what all nodes should be told alike; any thread
   * @param reread has this node read its configuration again; any thread
   */
  ManagementDoor(
      HomeVerticle home,
      @Nullable Seat seat,
      NodeMeters meters,
      Supplier<String> configuration,
      Supplier<Future<ReloadResult>> reread,
      AuditLog audit) {
    this.home = home;
    this.seat = seat;
    this.meters = meters;
    this.configuration = configuration;
    this.reload =
        new ClusterReload(
            home.tables().self(),
            reread,
            () -> seat == null ? Future.succeededFuture(List.of()) : home.run(seat::reloadOthers),
            audit);
  }

  /** Has this node read its configuration again, since another one asks. Any thread. */
  CompletionStage<ReloadResult> reloadFor(NodeId by) {
    return reload.asked(by).toCompletionStage();
  }

  /** Opens the port, which is the first one to open; completes with its number. */
  Future<Integer> open(ManagementConfig config, List<Executor> lanes, Readiness readiness) {
    ClusterView view =
        new ClusterView(
            configuration,
            () -> seat == null ? 1 : seat.configurations(),
            home.tables(),
            home.log(),
            () -> seat == null ? List.of() : seat.otherNodeStates());
    Health health = new Health(lanes, readiness::hasBegun, readiness::waitsFor);
    ManagementVerticle management = new ManagementVerticle(config, meters, view, health, reload);
    return home.run(() -> home.vertx().deployVerticle(management))
        .map(deployed -> management.port())
        .recover(
            failure ->
                Future.failedFuture(
                    new CannotListenException(
                        CannotListenException.Purpose.MANAGEMENT, config.endpoint(), failure)));
  }
}
