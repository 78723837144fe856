package io.tandem.node;

import io.tandem.cluster.link.ReloadResult;
import io.tandem.node.audit.AuditLog;
import io.tandem.node.config.ClusterConfig;
import io.tandem.node.config.ConfigDigest;
import io.tandem.node.config.ListenerConfig;
import io.tandem.node.config.NodeConfig;
import io.tandem.node.ops.Certificates;
import io.tandem.node.ops.NodeMeters;
import io.tandem.node.router.Budget;
import io.tandem.node.router.CloseCause;
import io.tandem.node.router.Lane;
import io.tandem.node.router.RealmSettings;
import io.tandem.node.router.Router;
import io.tandem.node.transport.DirectMemory;
import io.tandem.node.transport.LaneVerticle;
import io.tandem.registry.NodeId;
import io.tandem.registry.sessions.LocalSessionDirectory;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
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

  /** How long a node that leaves waits until others know of its last sessions. */
  private static final Duration LAST_EVENTS = Duration.ofSeconds(2);

  private volatile NodeConfig config;

  /** Of that configuration. */
  private volatile String digest;

  private final HeapShares shares;
  private final @Nullable Seat seat;
  private final Vertx vertx;
  private final HomeVerticle home;
  private final Router router;
  private final DirectMemory buffers = DirectMemory.ofProcess();
  private final Realms realms;
  private final NodeMeters meters;
  private final List<LaneVerticle> verticles = new ArrayList<>();
  private final Listeners listeners;
  private final Readiness readiness;
  private final ManagementDoor management;

  private int managementPort;
  private @Nullable OpenRealms openRealms;
  private volatile @Nullable Rebalancing rebalancing;

  private Life(
      NodeConfig config,
      Supplier<Future<ReloadResult>> reread,
      @Nullable Seat seat,
      HomeVerticle home) {
    this.config = config;
    this.digest = ConfigDigest.of(config);
    this.shares = HeapShares.of(config, Runtime.getRuntime().maxMemory());
    this.seat = seat;
    this.vertx = home.vertx();
    this.home = home;
    Budget memory = new Budget(shares.sessions());
    this.realms = new Realms(config, memory, shares.nodes(), Seat.logins(seat));
    this.router =
        new Router(
            home.tables().self(),
            realms.settings(config),
            home.tables(),
            home.registry(),
            seat == null
                ? new LocalSessionDirectory(ForkJoinPool.commonPool())
                : seat.hazelcast().registry().sessions(),
            memory,
            shares.mailbox());
    if (seat != null) {
      seat.remember(router, shares.behind());
    }
    router.accounts(Told.by(config, router.self().name()));
    this.meters = new NodeMeters(router, buffers);
    meters.bindCertificates(() -> Certificates.ends(this.config));
    meters.watch("home", home.loop());
    this.listeners = new Listeners(vertx, verticles, config.bans());
    this.readiness = new Readiness(() -> seat == null ? List.of() : seat.waitsFor());
    meters.bindReadiness(() -> readiness.waitsFor().isEmpty());
    if (seat != null) {
      meters.bind(new SeatSource(seat, () -> Rebalancing.stage(rebalancing)));
    }
    this.management = new ManagementDoor(home, seat, meters, () -> digest, reread, router.audit());
  }

  /**
   * Begins a life; completes when it is ready, or fails, with nothing left behind.
   *
   * @param met what the life before has said at {@link #met}
   * @param reread has the node read its configuration again
   * @param calledOff completes when it shall not begin any more
   * @param evicted is run, on any thread, when the cluster has evicted it
   */
  static Future<Life> begin(
      NodeConfig config,
      List<String> met,
      Supplier<Future<ReloadResult>> reread,
      Future<Void> calledOff,
      Runnable evicted) {
    ClusterConfig cluster = config.cluster();
    Future<@Nullable Seat> seated =
        cluster == null ? Future.succeededFuture() : Seat.take(cluster, met).map(seat -> seat);
    Future<Life> begun =
        seated.compose(
            seat ->
                HomeVerticle.found(HeapShares.laneCount(config), seat)
                    .map(home -> new Life(config, reread, seat, home))
                    .recover(
                        failure ->
                            seat == null
                                ? Future.failedFuture(failure)
                                : seat.leave().transform(left -> Future.failedFuture(failure))));
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
    Runnable ends =
        () -> {
          opened.tryFail(new EvictedException());
          evicted.run();
        };
    open(ends).onSuccess(open -> opened.tryComplete()).onFailure(opened::tryFail);
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
    // From home, whose children they are: they end before it.
    return home.run(() -> vertx.deployVerticle(lane, options))
        .compose(
            deployed -> {
              inOrder().forEach(each -> meters.bind(each.lane(), each.loop()));
              return management.open( // first, since it says what the others wait for
                  config.management(),
                  lanes().stream().<Executor>map(each -> each::execute).toList(),
                  readiness);
            })
        .compose(
            port -> {
              managementPort = port;
              return enter(evicted);
            })
        .compose(
            entered -> {
              readiness.linked();
              return seat == null
                  ? Future.succeededFuture()
                  : home.run(
                      () ->
                          seat.muster(home.loop())
                              .compose(enough -> seat.takeShare(home.context())));
            })
        .compose(enough -> Future.fromCompletionStage(router.keeping().caughtUp(), home.context()))
        .compose(
            kept ->
                OpenRealms.begin(
                    home, router, inOrder().toList(), meters, realms.templates(config)))
        .compose(
            open -> {
              openRealms = open;
              return home.run(() -> listeners.open(config.listeners()));
            })
        .compose(
            opened -> {
              readiness.ready();
              return seat == null ? Future.succeededFuture() : home.run(() -> rebalance(seat));
            });
  }

  private Future<Void> rebalance(Seat ours) {
    rebalancing =
        Rebalancing.begin(
            home.loop(),
            Objects.requireNonNull(ours.otherNodes(), "entered").sessions(),
            router.self(),
            verticles,
            Objects.requireNonNull(config.cluster(), "one of several").rebalance(),
            config.drainTimeout());
    return Future.succeededFuture();
  }

  private Future<Void> enter(Runnable evicted) {
    return seat == null
        ? Future.succeededFuture()
        : seat.enter(
            home,
            router,
            shares.link(),
            inOrder().toList(),
            digest,
            management::reloadFor,
            evicted);
  }

  /** What the last sessions leave to be said is said, or has been waited for. */
  private Future<Void> closeMeta() {
    OpenRealms open = openRealms;
    return open == null
        ? Future.succeededFuture()
        : (seat == null ? Future.succeededFuture() : seat.stopFreeing())
            .compose(freed -> Future.fromCompletionStage(open.close(), home.context()))
            .timeout(LAST_EVENTS.toSeconds(), TimeUnit.SECONDS)
            .<Void>mapEmpty()
            .otherwiseEmpty();
  }

  private Stream<LaneVerticle> inOrder() {
    return verticles.stream().sorted(Comparator.comparingInt(each -> each.lane().number()));
  }

  /** Another configuration holds when it completes, and nothing of what authorizers have said. */
  Future<Void> reload(NodeConfig changed) {
    List<RealmSettings> named = realms.settings(changed);
    Templates templates = realms.templates(changed);
    OpenRealms open = Objects.requireNonNull(openRealms, "open");
    LiveChange change = new LiveChange(home, seat, router, listeners, open);
    boolean isNeeded = change.isNeeded(config, actual(config.listeners()), changed);
    return home.run(
            () ->
                isNeeded ? change.apply(named, templates, changed) : open.reload(named, templates))
        .onSuccess(
            done -> {
              realms.share(changed);
              config = changed;
              digest = ConfigDigest.of(changed);
              if (seat != null) {
                seat.configured(home.loop(), digest);
              }
            });
  }

  /** Makes sure that nothing of an earlier life is left in the record. */
  void clearUpAfter(NodeId earlier) {
    if (seat != null) {
      seat.free(earlier, router);
    }
  }

  NodeId id() {
    return router.self();
  }

  /** These with the ports that they got. */
  List<ListenerConfig> actual(List<ListenerConfig> configs) {
    return listeners.actual(configs);
  }

  int managementPort() {
    return managementPort;
  }

  /** Where this node has met others, each {@code host:port}: a further life looks there too. */
  List<String> met() {
    return seat == null ? List.of() : seat.hazelcast().met();
  }

  int clusterPort() {
    return seat == null ? 0 : seat.port();
  }

  int otherNodeCount() {
    return seat == null ? 0 : seat.otherNodeStates().size();
  }

  AuditLog audit() {
    return router.audit();
  }

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
    readiness.leaves();
    Rebalancing.end(rebalancing);
    Drain drain = new Drain(home, seat, router, verticles, config.drainTimeout());
    return atTheEnd(drain.run(this::closeMeta), Seat::leave);
  }

  private Future<Void> onLanes(Function<LaneVerticle, Future<Void>> task) {
    return Future.all(verticles.stream().map(task).toList()).mapEmpty();
  }

  /**
   * The cluster has evicted this life: its sessions end, a few at a time, so that their clients,
   * who come back at once, are no burden; nothing of it is left.
   */
  Future<Void> abandon() {
    readiness.leaves();
    Rebalancing.end(rebalancing);
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

  /** Ends the verticles, home last, and gives up the place in the cluster. */
  private Future<Void> close(Function<Seat, Future<Void>> way) {
    meters.close();
    realms.close();
    router.accounts().close();
    Promise<Void> closed = Promise.promise();
    vertx
        .close()
        .onComplete(
            ended -> {
              listeners.clear();
              (seat == null ? Future.<Void>succeededFuture() : way.apply(seat)).onComplete(closed);
            });
    return closed.future();
  }
}
