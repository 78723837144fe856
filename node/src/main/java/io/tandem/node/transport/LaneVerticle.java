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
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One lane: an event loop with its share of the router and its share of every listener. */
public final class LaneVerticle extends VerticleBase {

  /** How often a lane that drains looks at what its sessions have left to do. */
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
   * Takes no more connections, and closes each session that has no call under way, but for callees:
   * the calls of others may need them yet. Any thread; completes when no session here has anything
   * under way, or when the time is over.
   */
  public Future<Void> drain(Duration limit) {
    return onLane(
        () -> {
          doors.forEach(Door::refuseConnections);
          long deadline = System.nanoTime() + limit.toNanos();
          return until(
              () -> {
                conversations()
                    .filter(conversation -> !conversation.isBusy() && !conversation.isCallee())
                    .forEach(SessionMachine::leave);
                return conversations().noneMatch(SessionMachine::isBusy)
                    || System.nanoTime() - deadline >= 0;
              });
        });
  }

  /** Closes every session. Any thread; completes when the lane has no transport any more. */
  public Future<Void> closeTransports() {
    return onLane(
        () -> {
          conversations().forEach(SessionMachine::leave);
          return until(() -> doors.stream().noneMatch(Door::hasTransports));
        });
  }

  private Stream<SessionMachine> conversations() {
    return doors.stream().flatMap(door -> door.conversations().stream());
  }

  /** Completes when the condition holds, which is looked at again and again. */
  private Future<Void> until(BooleanSupplier condition) {
    Promise<Void> reached = Promise.promise();
    long timer =
        vertx.setPeriodic(
            0,
            DRAIN_PERIOD_MILLIS,
            id -> {
              if (condition.getAsBoolean()) {
                reached.tryComplete();
              }
            });
    return reached.future().onComplete(done -> vertx.cancelTimer(timer));
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
