package io.tandem.node.transport;

import io.netty.channel.EventLoop;
import io.tandem.node.config.ListenerConfig;
import io.tandem.node.router.Lane;
import io.tandem.node.router.Router;
import io.tandem.node.session.SessionMachine;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One lane: an event loop with its share of the router and its share of every listener. */
public final class LaneVerticle extends VerticleBase {

  /** How often a lane that drains looks for sessions that have nothing left to do. */
  private static final long DRAIN_PERIOD_MILLIS = 20;

  private final Router router;
  private final List<Door> doors = new ArrayList<>();
  private @Nullable LaneIo io;

  public LaneVerticle(Router router) {
    this.router = router;
  }

  @Override
  public Future<?> start() {
    EventLoop eventLoop = ((ContextInternal) context).nettyEventLoop();
    io = new LaneIo(router, eventLoop);
    return Future.succeededFuture();
  }

  public Lane lane() {
    return Objects.requireNonNull(io, "started").lane();
  }

  /**
   * Opens this lane's share of a listener. Any thread.
   *
   * @param number of the listener on the node, from 0
   * @param connections how many are open on the listener, counted by all its lanes
   * @return the port that it got; 0 for a Unix socket
   */
  public Future<Integer> open(
      ListenerConfig config,
      int number,
      AtomicInteger connections,
      Handler<HttpServerRequest> pages) {
    return onLane(
        () -> {
          Door door = new Door(vertx, Objects.requireNonNull(io), config, connections, pages);
          doors.add(door);
          return door.open(number);
        });
  }

  /**
   * Takes no more connections, and closes each session when it has nothing left to answer, all of
   * them when the time is over. Any thread; completes when the lane has no transport any more.
   */
  public Future<Void> drain(Duration limit) {
    return onLane(
        () -> {
          doors.forEach(Door::refuseConnections);
          Promise<Void> drained = Promise.promise();
          long deadline = System.nanoTime() + limit.toNanos();
          long timer =
              vertx.setPeriodic(
                  0,
                  DRAIN_PERIOD_MILLIS,
                  id -> {
                    boolean isOver = System.nanoTime() - deadline >= 0;
                    closeIdle(isOver);
                    if (doors.stream().noneMatch(Door::hasTransports)) {
                      drained.tryComplete();
                    }
                  });
          return drained.future().onComplete(done -> vertx.cancelTimer(timer));
        });
  }

  private void closeIdle(boolean all) {
    for (Door door : doors) {
      for (SessionMachine conversation : door.conversations()) {
        if (all || !conversation.isBusy()) {
          conversation.leave();
        }
      }
    }
  }

  private <T> Future<T> onLane(Supplier<Future<T>> task) {
    Promise<T> promise = Promise.promise();
    context.runOnContext(
        ignored -> {
          try {
            task.get().onComplete(promise);
          } catch (RuntimeException failure) {
            promise.tryFail(failure);
          }
        });
    return promise.future();
  }
}
