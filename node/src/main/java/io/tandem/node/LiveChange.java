package io.tandem.node;

import io.tandem.node.config.ListenerConfig;
import io.tandem.node.config.NodeConfig;
import io.tandem.node.router.RealmSettings;
import io.tandem.node.router.Router;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Another configuration for a life that goes on: what may fail comes first, so that it is taken
 * over as a whole or not at all. Home loop; one at a time.
 */
final class LiveChange {

  private final HomeVerticle home;
  private final @Nullable Seat seat;
  private final Router router;
  private final Listeners listeners;
  private final OpenRealms realms;

  LiveChange(
      HomeVerticle home,
      @Nullable Seat seat,
      Router router,
      Listeners listeners,
      OpenRealms realms) {
    this.home = home;
    this.seat = seat;
    this.router = router;
    this.listeners = listeners;
    this.realms = realms;
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
  Future<Void> apply(List<RealmSettings> named, Templates templates, NodeConfig changed) {
    List<ListenerConfig> doors = changed.listeners();
    Future<Runnable> renewal =
        seat == null
            ? Future.succeededFuture(() -> {})
            : seat.identity().renewal(home.vertx(), changed.cluster());
    return renewal
        .compose(read -> listeners.open(doors).onSuccess(opened -> read.run()))
        .compose(opened -> realms.reload(named, templates))
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
                        router.realms().stream().map(RealmSettings::name).toList(),
                        "listeners",
                        doors.stream().map(door -> door.endpoint().toString()).toList(),
                        "bans",
                        List.copyOf(changed.bans())));
  }
}
