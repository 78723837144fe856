package io.tandem.node;

import io.tandem.node.config.ListenerConfig;
import io.tandem.node.config.NodeConfig;
import io.tandem.node.meta.MetaApi;
import io.tandem.node.ops.NodeMeters;
import io.tandem.node.router.RealmSettings;
import io.tandem.node.router.Router;
import io.tandem.node.transport.LaneVerticle;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Another configuration for a life that goes on: what may fail comes first, so that it is taken
 * over as a whole or not at all. Home loop; one at a time.
 */
final class LiveChange {

  private final HomeVerticle home;
  private final @Nullable Seat seat;
  private final Router router;
  private final List<LaneVerticle> lanes;
  private final Listeners listeners;
  private final MetaApi meta;
  private final NodeMeters meters;

  LiveChange(
      HomeVerticle home,
      @Nullable Seat seat,
      Router router,
      List<LaneVerticle> lanes,
      Listeners listeners,
      MetaApi meta,
      NodeMeters meters) {
    this.home = home;
    this.seat = seat;
    this.router = router;
    this.lanes = lanes;
    this.listeners = listeners;
    this.meta = meta;
    this.meters = meters;
  }

  /**
   * Whether there is anything to apply.
   *
   * @param open the listeners that are
   */
  boolean isNeeded(NodeConfig before, List<ListenerConfig> open, NodeConfig after) {
    return !after.realms().equals(before.realms())
        || !after.listeners().equals(open)
        || !after.bans().equals(before.bans())
        || (seat != null && seat.identity().isRenewedBy(after.cluster()));
  }

  /**
   * Fails where a listener cannot be opened, or a certificate not be read: then nothing changes.
   */
  Future<Void> apply(List<RealmSettings> realms, NodeConfig changed) {
    List<ListenerConfig> doors = changed.listeners();
    Set<String> before = names(router.realms());
    Set<String> now = names(realms);
    List<String> added = now.stream().filter(name -> !before.contains(name)).toList();
    List<String> removed = before.stream().filter(name -> !now.contains(name)).toList();
    Future<Runnable> renewal =
        seat == null
            ? Future.succeededFuture(() -> {})
            : seat.identity().renewal(home.vertx(), changed.cluster());
    return renewal
        .compose(read -> listeners.open(doors).onSuccess(opened -> read.run()))
        .compose(opened -> swap(realms))
        .compose(swapped -> openRealms(added))
        .compose(open -> closeRealms(removed))
        .compose(closed -> listeners.closeAllBut(doors))
        .compose(closed -> listeners.ban(changed.bans()))
        .onComplete(
            done ->
                router
                    .audit()
                    .tell(
                        done.succeeded() ? "reloaded" : "reload failed",
                        "why",
                        done.failed() ? NodeException.reason(done.cause()) : null,
                        "realms",
                        List.copyOf(now),
                        "listeners",
                        doors.stream().map(door -> door.endpoint().toString()).toList(),
                        "bans",
                        List.copyOf(changed.bans())));
  }

  private static Set<String> names(List<RealmSettings> realms) {
    return realms.stream().map(RealmSettings::name).collect(Collectors.toSet());
  }

  private Future<Void> swap(List<RealmSettings> realms) {
    Promise<Void> swapped = Promise.promise();
    router.reload(realms, swapped::complete);
    return swapped.future();
  }

  private Future<Void> openRealms(List<String> names) {
    names.forEach(name -> meters.bindRealm(router, name));
    return Future.fromCompletionStage(meta.serve(names), home.context())
        .compose(served -> onLanes(lane -> lane.openRealms(names)));
  }

  private Future<Void> closeRealms(List<String> names) {
    return Future.all(names.stream().map(name -> onLanes(lane -> lane.closeRealm(name))).toList())
        .compose(left -> Future.fromCompletionStage(meta.withdraw(names), home.context()))
        .mapEmpty();
  }

  private Future<Void> onLanes(Function<LaneVerticle, Future<Void>> task) {
    return Future.all(lanes.stream().map(task).toList()).mapEmpty();
  }
}
