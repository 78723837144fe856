package io.tandem.node;

import io.tandem.cluster.link.Loop;
import io.tandem.node.config.ClusterConfig;
import io.tandem.node.config.ConfigDigest;
import io.tandem.node.config.ListenerConfig;
import io.tandem.node.config.NodeConfig;
import io.tandem.node.ops.ClusterView;
import io.tandem.node.ops.Health;
import io.tandem.node.ops.ManagementVerticle;
import io.tandem.node.ops.NodeMeters;
import io.tandem.node.ops.TryItPage;
import io.tandem.node.router.Budget;
import io.tandem.node.router.CloseCause;
import io.tandem.node.router.Lane;
import io.tandem.node.router.Router;
import io.tandem.node.transport.DirectMemory;
import io.tandem.node.transport.EventLoopScheduler;
import io.tandem.node.transport.LaneVerticle;
import io.tandem.protocol.id.GlobalIds;
import io.tandem.registry.NodeId;
import io.tandem.registry.RoutingTables;
import io.tandem.registry.log.RegistryLog;
import io.tandem.registry.log.RegistryWriter;
import io.tandem.registry.record.SharedRecord;
import io.tandem.registry.sessions.LocalSessionIds;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One life of a node, which the cluster knows by its incarnation: lanes, doors, management port,
 * and its seat in the cluster, if it has one. It begins once, and ends by leaving or by being
 * evicted; both are asynchronous and may be asked for from any thread.
 */
final class Life {

  /** How long the transports of an evicted node take to close, so that not all return at once. */
  private static final Duration SPREAD = Duration.ofSeconds(3);

  /** How long a life may take to leave beyond what its sessions are given, or to be called off. */
  static final Duration LONGEST_LEAVE = Duration.ofSeconds(40);

  /** Within this time the loss of all partitions is told. */
  private static final Duration ALL_LOST = Duration.ofSeconds(1);

  private volatile NodeConfig config;
  private final HeapShares shares;
  private final @Nullable Seat seat;
  private final Vertx vertx;
  private final ContextInternal home;
  private final Loop homeLoop;
  private final RoutingTables tables;
  private final RegistryLog log;
  private final Router router;
  private final Budget memory;
  private final DirectMemory buffers = DirectMemory.ofProcess();
  private final NodeMeters meters;
  private final List<LaneVerticle> verticles = new ArrayList<>();
  private final List<Integer> ports = new ArrayList<>();
  private final AtomicBoolean asserting = new AtomicBoolean();
  private int managementPort;

  /** Whether it is one of the members that it found, and waits for more at most. */
  private volatile boolean linked;

  /** Whether it has been ready once. */
  private volatile boolean began;

  private volatile boolean ready;

  private Life(NodeConfig config, @Nullable Seat seat, Vertx vertx) {
    this.config = config;
    this.shares = HeapShares.of(config, Runtime.getRuntime().maxMemory());
    this.seat = seat;
    this.vertx = vertx;
    // Never the caller's, which may belong to a life that ends.
    this.home = seat == null ? ((VertxInternal) vertx).createEventLoopContext() : seat.home(vertx);
    this.homeLoop = new Loop(home.nettyEventLoop(), new EventLoopScheduler(home.nettyEventLoop()));
    NodeId self = seat == null ? new NodeId("node", GlobalIds.next()) : seat.self();
    this.tables = new RoutingTables(self);
    this.log = new RegistryLog(self, tables);
    this.memory = new Budget(shares.sessions());
    this.router =
        new Router(
            self,
            Realms.settings(config, memory, shares.nodes()),
            tables,
            new RegistryWriter(
                seat == null ? SharedRecord.local() : seat.hazelcast().registry().record(),
                tables,
                log,
                homeLoop.executor(),
                homeLoop.scheduler(),
                node -> seat != null && seat.isAway(node)),
            seat == null ? new LocalSessionIds() : seat.hazelcast().registry().sessionIds(),
            memory,
            shares.mailbox());
    this.meters = new NodeMeters(router, buffers);
    if (seat != null) {
      meters.bind(seat.counts());
      seat.hazelcast().onLoss(this::recordLost);
    }
  }

  /** Hazelcast tells of each partition; they are lost together as a rule. */
  private void recordLost() {
    if (asserting.compareAndSet(false, true)) {
      homeLoop
          .executor()
          .execute(
              () ->
                  homeLoop
                      .scheduler()
                      .schedule(
                          ALL_LOST,
                          () -> {
                            asserting.set(false);
                            router.registry().assertAgain();
                          }));
    }
  }

  /**
   * Begins a life; completes when it is ready, or fails, with nothing left behind.
   *
   * @param calledOff completes when it shall not begin any more
   * @param evicted is run, on any thread, when the cluster has evicted it
   */
  static Future<Life> begin(NodeConfig config, Future<Void> calledOff, Runnable evicted) {
    VertxOptions options =
        new VertxOptions()
            .setPreferNativeTransport(true)
            // One for each lane, one for what belongs to no lane, the registry and the links, and
            // one for the management port.
            .setEventLoopPoolSize(HeapShares.laneCount(config) + 2)
            // Who runs a node waits for its end; no thread of one life has to.
            .setUseDaemonThread(true);
    ClusterConfig cluster = config.cluster();
    Future<@Nullable Seat> seated =
        cluster == null ? Future.succeededFuture() : Seat.take(cluster).map(seat -> seat);
    Future<Life> begun =
        seated.compose(
            seat ->
                seat == null
                    ? Future.succeededFuture(
                        new Life(config, null, Vertx.builder().with(options).build()))
                    : seat.vertx(options)
                        .map(vertx -> new Life(config, seat, vertx))
                        .recover(
                            failure ->
                                seat.leave().transform(left -> Future.failedFuture(failure))));
    // Without a context: the event loops are gone when a failure is told.
    Promise<Life> ready = Promise.promise();
    begun
        .onFailure(ready::fail)
        .onSuccess(
            life ->
                life.openUnless(calledOff, evicted)
                    .onSuccess(opened -> ready.complete(life))
                    .onFailure(failure -> life.fail(failure, ready)));
    return ready.future();
  }

  /** Tells the failure when nothing is left of this life, or when that takes too long. */
  private void fail(Throwable failure, Promise<Life> ready) {
    boolean evicted = failure instanceof EvictedException;
    close(evicted ? Seat::abandon : Seat::leave).onComplete(closed -> ready.tryFail(failure));
    CompletableFuture.delayedExecutor(LONGEST_LEAVE.toSeconds(), TimeUnit.SECONDS)
        .execute(() -> ready.tryFail(failure));
  }

  private Future<Void> openUnless(Future<Void> calledOff, Runnable evicted) {
    Promise<Void> opened = Promise.promise();
    calledOff.onSuccess(off -> opened.tryFail("called off"));
    open(evicted).onSuccess(open -> opened.tryComplete()).onFailure(opened::tryFail);
    return opened.future();
  }

  private Future<Void> open(Runnable evicted) {
    Supplier<Deployable> lane =
        () -> {
          LaneVerticle verticle = new LaneVerticle(router, buffers);
          verticles.add(verticle);
          return verticle;
        };
    DeploymentOptions options = new DeploymentOptions().setInstances(HeapShares.laneCount(config));
    // From home: a caller without a context would get one, and with it an event loop of a lane.
    return atHome(() -> vertx.deployVerticle(lane, options))
        .compose(
            deployed -> {
              lanes().forEach(meters::bind);
              return openManagement(); // first, since it says what the others wait for
            })
        .compose(
            port -> {
              managementPort = port;
              return enter(evicted);
            })
        .compose(
            entered -> {
              linked = true;
              return seat == null
                  ? Future.succeededFuture()
                  : atHome(() -> seat.muster(homeLoop).compose(enough -> seat.takeShare(home)));
            })
        .compose(enough -> openListeners(0))
        .map(
            opened -> {
              began = true;
              ready = true;
              return null;
            });
  }

  private Future<Void> enter(Runnable evicted) {
    if (seat == null) {
      return Future.succeededFuture();
    }
    List<Loop> loops =
        lanes().stream().map(lane -> new Loop(lane::execute, lane.scheduler())).toList();
    return seat.enter(
        vertx,
        router,
        tables,
        log,
        shares.link(),
        home,
        homeLoop,
        loops,
        inOrder().map(LaneVerticle::loop).toList(),
        evicted);
  }

  private Future<Void> openListeners(int from) {
    if (from == config.listeners().size()) {
      return Future.succeededFuture();
    }
    ListenerConfig listener = config.listeners().get(from);
    AtomicInteger connections = new AtomicInteger();
    Handler<HttpServerRequest> pages = new TryItPage(listener.tryIt()).router(vertx);
    try {
      UnixSockets.makeWay(listener.endpoint());
    } catch (IOException inTheWay) {
      return Future.failedFuture(
          new CannotListenException(
              CannotListenException.Purpose.CLIENTS, listener.endpoint(), inTheWay));
    }
    return Future.all(
            verticles.stream().map(lane -> lane.open(listener, from, connections, pages)).toList())
        .recover(
            failure ->
                Future.failedFuture(
                    new CannotListenException(
                        CannotListenException.Purpose.CLIENTS, listener.endpoint(), failure)))
        .compose(
            opened -> {
              ports.add(opened.<Integer>resultAt(0));
              return openListeners(from + 1);
            });
  }

  private Future<Integer> openManagement() {
    ManagementVerticle management =
        new ManagementVerticle(
            config.management(),
            meters,
            new ClusterView(
                () -> ConfigDigest.of(config),
                tables,
                log,
                () -> seat == null ? List.of() : seat.peerStates()),
            new Health(
                lanes().stream().<Executor>map(lane -> lane::execute).toList(),
                () -> linked,
                this::waitsFor));
    return vertx
        .deployVerticle(management)
        .map(deployed -> management.port())
        .recover(
            failure ->
                Future.failedFuture(
                    new CannotListenException(
                        CannotListenException.Purpose.MANAGEMENT,
                        config.management().endpoint(),
                        failure)));
  }

  /** Why no client should come here, for people to read; nothing when they may. */
  private List<String> waitsFor() {
    if (ready) {
      return List.of();
    } else if (began) {
      return List.of("the end: this node leaves");
    }
    List<String> others = seat == null ? List.of() : seat.waitsFor();
    return others.isEmpty() ? List.of("listeners: not open") : others;
  }

  private <T> Future<T> atHome(Supplier<Future<T>> task) {
    Promise<T> done = home.promise();
    home.runOnContext(here -> task.get().onComplete(done));
    return done.future();
  }

  private Stream<LaneVerticle> inOrder() {
    return verticles.stream().sorted(Comparator.comparingInt(each -> each.lane().number()));
  }

  /** Other settings of the realms hold, on all lanes, when it completes. */
  Future<Void> reload(NodeConfig changed) {
    if (changed.realms().equals(config.realms())) {
      return Future.succeededFuture();
    }
    Promise<Void> done = Promise.promise();
    config = changed;
    router.reload(Realms.settings(changed, memory, shares.nodes()), done::complete);
    return done.future();
  }

  /** Makes sure that nothing of an earlier life is left in the record. */
  void clearUpAfter(NodeId earlier) {
    if (seat != null) {
      seat.free(earlier);
    }
  }

  NodeId id() {
    return router.self();
  }

  List<Integer> ports() {
    return List.copyOf(ports);
  }

  int managementPort() {
    return managementPort;
  }

  int clusterPort() {
    return seat == null ? 0 : seat.port();
  }

  /** The other nodes, as this one knows them. Any thread. */
  int peerCount() {
    return seat == null ? 0 : seat.peerStates().size();
  }

  /** In the order of their numbers, which is not that of their verticles. */
  List<Lane> lanes() {
    return inOrder().map(LaneVerticle::lane).toList();
  }

  /**
   * Drains, then ends. Not ready, no new connections; sessions that nobody calls leave when their
   * calls are over; each of the others is withdrawn, on all nodes, and leaves when it has answered.
   * Transports are closed without GOODBYE, so that clients which reconnect by themselves do
   * (QRK-12). Fails, when all that is done, if sessions had to go with calls under way.
   */
  Future<Void> leave() {
    ready = false;
    AtomicInteger unfinished = new AtomicInteger();
    Duration limit = config.drainTimeout();
    long deadline = System.nanoTime() + limit.toNanos();
    return atTheEnd(
        atHome(this::tellDrain)
            .compose(told -> onLanes(lane -> lane.drainCallers(limit)))
            .compose(left -> onLanes(lane -> lane.drainCallees(until(deadline))))
            .onSuccess(left -> unfinished.set(lanes().stream().mapToInt(Lane::sessions).sum()))
            .compose(left -> onLanes(lane -> lane.closeTransports(CloseCause.NODE_LEAVES)))
            .compose(closed -> atHome(this::lastWords))
            .compose(said -> finished(unfinished.get())),
        Seat::leave);
  }

  private Future<Void> finished(int sessionsLeft) {
    return sessionsLeft == 0
        ? Future.succeededFuture()
        : Future.failedFuture(
            new EndedException(
                sessionsLeft
                    + " sessions had calls under way when drainTimeout was over, "
                    + config.drainTimeout().toSeconds()
                    + " s",
                null));
  }

  private static Duration until(long deadline) {
    return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
  }

  private Future<Void> onLanes(Function<LaneVerticle, Future<Void>> task) {
    return Future.all(verticles.stream().map(task).toList()).mapEmpty();
  }

  private Future<Void> tellDrain() {
    router.drains(router.self());
    if (seat != null) {
      seat.drain();
    }
    return Future.succeededFuture();
  }

  private Future<Void> lastWords() {
    if (seat == null) {
      return Future.succeededFuture();
    }
    return seat.part(vertx, router.registry());
  }

  /**
   * The cluster has evicted this life: its sessions end, a few at a time, so that their clients,
   * who come back at once, are no burden; nothing of it is left.
   */
  Future<Void> abandon() {
    ready = false;
    if (seat != null) {
      seat.abandon(); // first: while it is a member the others wait for its part of the record
    }
    return atTheEnd(
        onLanes(lane -> lane.dropTransports(CloseCause.NODE_STARTS_OVER, SPREAD))
            .compose(dropped -> onLanes(lane -> lane.closeTransports(CloseCause.NODE_STARTS_OVER))),
        Seat::abandon);
  }

  /** Closes everything when the sessions are gone, however that went. */
  private Future<Void> atTheEnd(Future<Void> sessionsGone, Function<Seat, Future<Void>> way) {
    // Without a context: the event loops are gone when the end is told.
    Promise<Void> ended = Promise.promise();
    sessionsGone.onComplete(
        gone -> close(way).onComplete(closed -> ended.handle(gone.failed() ? gone : closed)));
    return ended.future();
  }

  private Future<Void> close(Function<Seat, Future<Void>> way) {
    meters.close();
    Promise<Void> closed = Promise.promise();
    vertx
        .close()
        .onComplete(
            ended -> {
              config.listeners().stream()
                  .limit(ports.size())
                  .forEach(opened -> UnixSockets.clear(opened.endpoint()));
              if (seat == null) {
                closed.handle(ended);
              } else {
                way.apply(seat).onComplete(closed);
              }
            });
    return closed.future();
  }
}
