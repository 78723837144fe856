package io.tandem.node;

import io.tandem.cluster.LocalSessionIds;
import io.tandem.cluster.RegistryWriter;
import io.tandem.cluster.SharedRecord;
import io.tandem.node.config.Endpoint;
import io.tandem.node.config.ListenerConfig;
import io.tandem.node.config.NodeConfig;
import io.tandem.node.ops.ManagementServer;
import io.tandem.node.ops.NodeMeters;
import io.tandem.node.ops.TryItPage;
import io.tandem.node.router.Lane;
import io.tandem.node.router.Router;
import io.tandem.node.transport.LaneVerticle;
import io.tandem.protocol.id.GlobalIds;
import io.tandem.registry.NodeId;
import io.tandem.registry.RoutingTables;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.ContextInternal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * A running router node: its lanes, its doors, its management port. Starting and stopping may be
 * asked for from any thread; both are asynchronous.
 */
public final class Node {

  private final NodeConfig config;
  private final Vertx vertx;
  private final ContextInternal home;
  private final Router router;
  private final NodeMeters meters;
  private final List<LaneVerticle> verticles = new ArrayList<>();
  private final List<Integer> ports = new ArrayList<>();
  private int managementPort;
  private volatile boolean ready;
  private final AtomicBoolean stopping = new AtomicBoolean();
  // Without a context, as when starting: the event loops are gone when the end is told.
  private final Promise<Void> stopped = Promise.promise();

  private Node(NodeConfig config) {
    this.config = config;
    int laneCount = laneCount(config);
    this.vertx =
        Vertx.builder()
            .with(
                new VertxOptions()
                    .setPreferNativeTransport(true)
                    // One for each lane, and one for what belongs to no lane.
                    .setEventLoopPoolSize(laneCount + 1)
                    // The lanes keep the process alive.
                    .setUseDaemonThread(false))
            .build();
    this.home = (ContextInternal) vertx.getOrCreateContext();
    NodeId self = new NodeId("node", GlobalIds.next());
    RoutingTables tables = new RoutingTables(self);
    RegistryWriter registry =
        new RegistryWriter(
            self,
            SharedRecord.local(),
            tables,
            // Nobody else listens to the log of a node that stands alone.
            (sequence, change) -> {},
            home.nettyEventLoop());
    this.router =
        new Router(
            self,
            config.realms().stream().map(Realms::settings).toList(),
            tables,
            registry,
            new LocalSessionIds());
    this.meters = new NodeMeters(router);
  }

  private static int laneCount(NodeConfig config) {
    int wanted = config.lanes() == 0 ? Runtime.getRuntime().availableProcessors() : config.lanes();
    return Math.min(wanted, NodeConfig.MAX_LANES);
  }

  /** Starts a node; completes when it is ready, or fails, with nothing left behind. */
  public static Future<Node> start(NodeConfig config) {
    Node node = new Node(config);
    // Without a context: the event loops are gone when a failure is told.
    Promise<Node> started = Promise.promise();
    node.open()
        .onSuccess(opened -> started.complete(node))
        .onFailure(failure -> node.close().onComplete(closed -> started.fail(failure)));
    return started.future();
  }

  private Future<Void> open() {
    Supplier<Deployable> lane =
        () -> {
          LaneVerticle verticle = new LaneVerticle(router);
          verticles.add(verticle);
          return verticle;
        };
    return vertx
        .deployVerticle(lane, new DeploymentOptions().setInstances(laneCount(config)))
        .compose(
            deployed -> {
              lanes().forEach(meters::bind);
              return openListeners(0);
            })
        .compose(opened -> openManagement())
        .map(
            port -> {
              managementPort = port;
              ready = true;
              return null;
            });
  }

  private Future<Void> openListeners(int from) {
    if (from == config.listeners().size()) {
      return Future.succeededFuture();
    }
    ListenerConfig listener = config.listeners().get(from);
    AtomicInteger connections = new AtomicInteger();
    TryItPage pages = new TryItPage(listener.tryIt());
    try {
      UnixSockets.makeWay(listener.endpoint());
    } catch (IOException inTheWay) {
      return Future.failedFuture(new CannotListenException(listener.endpoint(), inTheWay));
    }
    return Future.all(
            verticles.stream().map(lane -> lane.open(listener, from, connections, pages)).toList())
        .recover(
            failure -> Future.failedFuture(new CannotListenException(listener.endpoint(), failure)))
        .compose(
            opened -> {
              ports.add(opened.<Integer>resultAt(0));
              return openListeners(from + 1);
            });
  }

  private Future<Integer> openManagement() {
    ManagementServer server =
        new ManagementServer(
            vertx,
            config.management(),
            meters,
            lanes().stream().<Executor>map(lane -> lane::execute).toList(),
            () -> ready);
    Promise<Integer> opened = home.promise();
    home.runOnContext(here -> server.open().onComplete(opened));
    return opened
        .future()
        .recover(
            failure ->
                Future.failedFuture(
                    new CannotListenException(config.management().endpoint(), failure)));
  }

  /** The port that each listener got, in the order of the configuration; 0 for a Unix socket. */
  public List<Integer> ports() {
    return List.copyOf(ports);
  }

  public int managementPort() {
    return managementPort;
  }

  /** The port that the other nodes of a cluster reach this one at; 0 without a cluster. */
  public int clusterPort() {
    return 0;
  }

  public int laneCount() {
    return verticles.size();
  }

  List<Lane> lanes() {
    return verticles.stream().map(LaneVerticle::lane).toList();
  }

  /**
   * Drains and stops: not ready, no new connections, calls under way are finished on all lanes,
   * then the callees go too. Transports are closed without GOODBYE, so that clients which reconnect
   * by themselves do (QRK-12). Asked for again, it tells the end of the first time.
   */
  public Future<Void> stop() {
    if (stopping.compareAndSet(false, true)) {
      ready = false;
      Future.all(verticles.stream().map(lane -> lane.drain(config.drainTimeout())).toList())
          .compose(
              drained -> Future.all(verticles.stream().map(LaneVerticle::closeTransports).toList()))
          .onComplete(closed -> close().onComplete(stopped));
    }
    return stopped.future();
  }

  private Future<Void> close() {
    meters.close();
    return vertx
        .close()
        .onComplete(
            closed ->
                config.listeners().stream()
                    .limit(ports.size())
                    .forEach(opened -> UnixSockets.clear(opened.endpoint())));
  }

  /** A port could not be opened. */
  public static final class CannotListenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String options;

    CannotListenException(Endpoint endpoint, Throwable cause) {
      this(endpoint, cause, "--port and --management-port");
    }

    /**
     * @param options of {@code start}, that choose another port
     */
    CannotListenException(Endpoint endpoint, Throwable cause, String options) {
      super("cannot listen on " + endpoint + ": " + cause.getMessage(), cause);
      this.options = options;
    }

    /** The options of {@code start} that choose another port. */
    String options() {
      return options;
    }
  }
}
