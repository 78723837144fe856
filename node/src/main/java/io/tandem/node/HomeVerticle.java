package io.tandem.node;

import io.netty.channel.EventLoop;
import io.tandem.cluster.link.Loop;
import io.tandem.cluster.wire.eventbus.EventBusWire;
import io.tandem.node.transport.EventLoopScheduler;
import io.tandem.protocol.id.GlobalIds;
import io.tandem.registry.NodeId;
import io.tandem.registry.RoutingTables;
import io.tandem.registry.log.RegistryLog;
import io.tandem.registry.log.RegistryWriter;
import io.tandem.registry.record.SharedRecords;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What belongs to no lane: the routing tables' one writer, the registry log, and the links of a
 * node of several. It is the first verticle of a life and the last that is undeployed; its event
 * loop is its own, but for the event bus, which reads there.
 */
final class HomeVerticle extends VerticleBase {

  /** Within this time the loss of all partitions of the record is told. */
  private static final Duration ALL_LOST = Duration.ofSeconds(1);

  private static final long LOOK_AGAIN_MILLIS = 10;

  private final @Nullable Seat seat;
  private final RoutingTables tables;
  private final RegistryLog log;
  private final AtomicBoolean asserting = new AtomicBoolean();
  private @Nullable Loop loop;
  private @Nullable RegistryWriter registry;

  private HomeVerticle(@Nullable Seat seat) {
    NodeId self = seat == null ? new NodeId("node", GlobalIds.next()) : seat.self();
    this.seat = seat;
    this.tables = new RoutingTables(self);
    this.log = new RegistryLog(self, tables);
  }

  /**
   * Deploys the home of a life on a Vert.x of its own, which the life closes at its end.
   *
   * @param lanes that will be deployed there
   * @param seat in the cluster; null for a node that stands alone
   */
  static Future<HomeVerticle> found(int lanes, @Nullable Seat seat) {
    VertxOptions options =
        new VertxOptions()
            .setPreferNativeTransport(true)
            // One for each lane, one for home, and one for the management port.
            .setEventLoopPoolSize(lanes + 2)
            // Who runs a node waits for its end; no thread of one life has to.
            .setUseDaemonThread(true);
    HomeVerticle home = new HomeVerticle(seat);
    Future<EventBusWire.@Nullable Clustered> clustered =
        seat == null ? Future.succeededFuture() : seat.wiring().openBus(options);
    return clustered
        .compose(
            bus ->
                bus == null
                    ? Vertx.builder().with(options).build().deployVerticle(home)
                    : bus.deployHome(home))
        .map(home);
  }

  @Override
  public Future<?> start() {
    Thread.currentThread().setName("tandem-home");
    EventLoop eventLoop = ((ContextInternal) context).nettyEventLoop();
    Loop here = new Loop(eventLoop, new EventLoopScheduler(eventLoop));
    RegistryWriter writer =
        new RegistryWriter(
            seat == null ? SharedRecords.local() : seat.hazelcast().registry().record(),
            tables,
            log,
            here.executor(),
            here.scheduler(),
            node -> seat != null && seat.isAway(node));
    loop = here;
    registry = writer;
    if (seat != null) {
      Runnable sessions = seat.hazelcast().registry()::assertSessions;
      seat.hazelcast().onLoss(() -> recordLost(here, writer, sessions));
    }
    return Future.succeededFuture();
  }

  /** Ends the links; the lanes are gone. */
  @Override
  public Future<?> stop() {
    if (seat != null) {
      seat.unlink();
    }
    return Future.succeededFuture();
  }

  /** Hazelcast tells of each partition; they are lost together as a rule. Any thread. */
  private void recordLost(Loop here, RegistryWriter writer, Runnable sessions) {
    if (asserting.compareAndSet(false, true)) {
      here.executor()
          .execute(
              () ->
                  here.scheduler()
                      .schedule(
                          ALL_LOST,
                          () -> {
                            asserting.set(false);
                            writer.assertAgain();
                            sessions.run();
                          }));
    }
  }

  /** Runs a task on the home loop, and completes there with what it completes with. Any thread. */
  <T> Future<T> run(Supplier<Future<T>> task) {
    Promise<T> done = ((ContextInternal) context).promise();
    context.runOnContext(here -> task.get().onComplete(done));
    return done.future();
  }

  /** Completes when it is so, or after this time. The home loop. */
  Future<Void> until(Duration limit, BooleanSupplier condition) {
    Promise<Void> done = Promise.promise();
    long deadline = System.nanoTime() + limit.toNanos();
    long timer =
        vertx.setPeriodic(
            0,
            LOOK_AGAIN_MILLIS,
            id -> {
              if (condition.getAsBoolean() || System.nanoTime() - deadline >= 0) {
                done.tryComplete();
              }
            });
    return done.future().onComplete(over -> vertx.cancelTimer(timer));
  }

  Vertx vertx() {
    return vertx;
  }

  Context context() {
    return context;
  }

  Loop loop() {
    return Objects.requireNonNull(loop, "started");
  }

  RoutingTables tables() {
    return tables;
  }

  RegistryLog log() {
    return log;
  }

  RegistryWriter registry() {
    return Objects.requireNonNull(registry, "started");
  }
}
