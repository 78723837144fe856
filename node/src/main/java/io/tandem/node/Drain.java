package io.tandem.node;

import io.tandem.node.router.CloseCause;
import io.tandem.node.router.Lane;
import io.tandem.node.router.Router;
import io.tandem.node.transport.LaneVerticle;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How the sessions of a node end that leaves. */
final class Drain {

  private final HomeVerticle home;
  private final @Nullable Seat seat;
  private final Router router;
  private final List<LaneVerticle> lanes;
  private final Duration limit;

  /**
   * @param limit for the sessions to be done with their calls
   */
  Drain(
      HomeVerticle home,
      @Nullable Seat seat,
      Router router,
      List<LaneVerticle> lanes,
      Duration limit) {
    this.home = home;
    this.seat = seat;
    this.router = router;
    this.lanes = lanes;
    this.limit = limit;
  }

  /**
   * Sessions that nobody calls leave when their calls are over; each of the others is withdrawn, on
   * all nodes, and leaves when it has answered. Fails, when all is done, if sessions had to go with
   * calls under way.
   *
   * @param lastWords has said what the last sessions leave to be said
   */
  Future<Void> run(Supplier<Future<Void>> lastWords) {
    AtomicInteger unfinished = new AtomicInteger();
    long begun = System.nanoTime();
    return home.run(this::tell)
        .compose(told -> onLanes(lane -> lane.drainCallers(limit)))
        .compose(
            left -> onLanes(lane -> lane.drainCallees(limit.minusNanos(System.nanoTime() - begun))))
        .onSuccess(left -> unfinished.set(sessions()))
        .compose(left -> onLanes(lane -> lane.closeTransports(CloseCause.NODE_LEAVES)))
        .compose(closed -> home.run(lastWords))
        .compose(quiet -> home.run(() -> seat == null ? Future.succeededFuture() : seat.part(home)))
        .compose(said -> finished(unfinished.get()));
  }

  private Future<Void> tell() {
    router.drains(router.self());
    if (seat != null) {
      seat.drain();
    }
    return Future.succeededFuture();
  }

  private int sessions() {
    return lanes.stream().map(LaneVerticle::lane).mapToInt(Lane::sessions).sum();
  }

  private Future<Void> onLanes(Function<LaneVerticle, Future<Void>> task) {
    return Future.all(lanes.stream().map(task).toList()).mapEmpty();
  }

  private Future<Void> finished(int sessionsLeft) {
    return sessionsLeft == 0
        ? Future.succeededFuture()
        : Future.failedFuture(
            new EndedException(
                sessionsLeft
                    + " sessions had calls under way when drainTimeout was over, "
                    + limit.toSeconds()
                    + " s",
                null));
  }
}
