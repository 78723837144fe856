package io.tandem.node;

import io.tandem.cluster.Entry;
import io.tandem.cluster.NodeLink;
import io.tandem.cluster.RegistryLog;
import io.tandem.cluster.eventbus.ClusteredVertx;
import io.tandem.cluster.eventbus.EventBusWire;
import io.tandem.cluster.hazelcast.EmbeddedHazelcast;
import io.tandem.cluster.hazelcast.HazelcastSettings;
import io.tandem.cluster.link.Link;
import io.tandem.cluster.link.LinkCounts;
import io.tandem.cluster.link.LinkSettings;
import io.tandem.cluster.link.Loop;
import io.tandem.cluster.link.Refund;
import io.tandem.cluster.peers.Host;
import io.tandem.cluster.peers.Peers;
import io.tandem.node.config.ClusterConfig;
import io.tandem.node.router.Router;
import io.tandem.protocol.id.GlobalIds;
import io.tandem.registry.NodeId;
import io.tandem.registry.RoutingTables;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.BindException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The place that one life of this node has in a cluster: its member of Hazelcast, its event bus,
 * its links to the other nodes and what it knows of them.
 */
final class Seat {

  /** How long what is on its way to other nodes may take when this one leaves. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  private static final long LOOK_AGAIN_MILLIS = 10;

  private final NodeId self;
  private final int port;
  private final Duration evictAfter;
  private final EmbeddedHazelcast hazelcast;
  private final Vertx vertx;
  private final LinkCounts counts = new LinkCounts();

  /** Set on the home loop, before the first frame can come for it. */
  private @Nullable Peers peers;

  private Seat(
      NodeId self, int port, Duration evictAfter, EmbeddedHazelcast hazelcast, Vertx vertx) {
    this.self = self;
    this.port = port;
    this.evictAfter = evictAfter;
    this.hazelcast = hazelcast;
    this.vertx = vertx;
  }

  /** Joins the members that are found, under a new incarnation, and starts Vert.x among them. */
  static Future<Seat> take(ClusterConfig config, VertxOptions options) {
    int port = config.port() == 0 ? FreePorts.pair(config.host()) : config.port();
    NodeId self = new NodeId(config.nodeName(port), GlobalIds.next());
    HazelcastSettings settings =
        new HazelcastSettings(
            config.name(), self, config.host(), port, config.discovery(), config.evictAfter());
    return Future.fromCompletionStage(EmbeddedHazelcast.start(settings))
        .recover(failure -> Future.failedFuture(refused(config, port, failure)))
        .compose(
            hazelcast ->
                ClusteredVertx.start(options, hazelcast, config.host(), port + 1)
                    .map(vertx -> new Seat(self, port, config.evictAfter(), hazelcast, vertx))
                    .recover(
                        failure ->
                            Future.fromCompletionStage(hazelcast.stop())
                                .transform(
                                    stopped ->
                                        Future.failedFuture(refused(config, port + 1, failure)))));
  }

  private static Throwable refused(ClusterConfig config, int port, Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof BindException
          || String.valueOf(cause.getMessage()).contains("already in use")) {
        return new Node.CannotListenException(
            config.endpoint().withPort(port), cause, "--cluster-port");
      }
    }
    return failure;
  }

  NodeId self() {
    return self;
  }

  /** The cluster port. */
  int port() {
    return port;
  }

  Vertx vertx() {
    return vertx;
  }

  EmbeddedHazelcast hazelcast() {
    return hazelcast;
  }

  /** What the links count. */
  LinkCounts counts() {
    return counts;
  }

  /** What is known of the other nodes; empty before {@link #enter}. Any thread. */
  List<Peers.State> peerStates() {
    Peers known = peers;
    return known == null ? List.of() : known.states();
  }

  /** Whether what a node holds may soon be free. Any thread. */
  boolean isAway(NodeId node) {
    Peers known = peers;
    return known != null && known.isAway(node);
  }

  /**
   * Links this node to all others; completes when each knows what the others have registered and
   * subscribed, so that clients may come.
   *
   * @param evicted is run, on the home loop, when this life is over because the others say so
   */
  Future<Void> enter(
      Router router,
      RoutingTables tables,
      RegistryLog log,
      LinkSettings settings,
      Context home,
      Loop homeLoop,
      List<Loop> lanes,
      Runnable evicted) {
    return EventBusWire.open(vertx, self, home, this::received)
        .compose(
            wire -> {
              Promise<Void> inStep = Promise.promise();
              home.runOnContext(
                  here -> {
                    Peers known =
                        new Peers(
                            hazelcast.membership(),
                            tables,
                            log,
                            (peer, listener) ->
                                new Link(
                                    self, peer, settings, wire, homeLoop, lanes, counts, listener),
                            wire,
                            homeLoop,
                            settings.unreachableAfter(),
                            new RouterHost(router, evicted));
                    peers = known;
                    known.start();
                    known.whenInStep(System.nanoTime(), inStep::tryComplete);
                    router.clustered(
                        (since, slept, goOn) ->
                            homeLoop
                                .executor()
                                .execute(
                                    () ->
                                        known.rollCall(
                                            since, slept >= evictAfter.toNanos(), goOn)));
                  });
              return inStep.future();
            });
  }

  private void received(byte[] frame) {
    if (peers != null) {
      peers.received(frame);
    }
  }

  /** Tells the other nodes that this one is on its way out. Home loop. */
  void drain() {
    if (peers != null) {
      peers.drain();
    }
  }

  /** Completes when the other nodes have all that was sent to them, or after a while. Home loop. */
  Future<Void> delivered() {
    Promise<Void> delivered = Promise.promise();
    long deadline = System.nanoTime() + LAST_WORDS.toNanos();
    long timer =
        vertx.setPeriodic(
            LOOK_AGAIN_MILLIS,
            id -> {
              if (peers == null || peers.isDelivered() || System.nanoTime() - deadline >= 0) {
                delivered.tryComplete();
              }
            });
    return delivered.future().onComplete(done -> vertx.cancelTimer(timer));
  }

  /** Ends the links, so that nothing is expected of this life any more. Home loop. */
  void endLinks() {
    if (peers != null) {
      peers.stop();
    }
  }

  /** Leaves the cluster; Vert.x must be closed. */
  Future<Void> leave() {
    return Future.fromCompletionStage(hazelcast.stop());
  }

  /** Gives up a place that the others have taken away already; Vert.x must be closed. */
  Future<Void> abandon() {
    return Future.fromCompletionStage(hazelcast.abandon());
  }

  /** This node as its peers know it. */
  private final class RouterHost implements Host {

    private final Router router;
    private final Runnable evicted;

    RouterHost(Router router, Runnable evicted) {
      this.router = router;
      this.evicted = evicted;
    }

    @Override
    public void linked(NodeId peer, NodeLink link) {
      router.link(peer, link);
    }

    @Override
    public void unlinked(NodeId peer) {
      router.unlink(peer);
    }

    @Override
    public void received(int toLane, Entry entry, Refund refund) {
      router.receive(toLane, entry, refund::give);
    }

    @Override
    public void lost(NodeId peer, Runnable settled) {
      router.lost(peer, settled);
    }

    @Override
    public void hold(NodeId peer) {
      router.hold(peer);
    }

    @Override
    public void resume(NodeId peer) {
      router.resume(peer);
    }

    @Override
    public void draining(NodeId peer) {
      router.drains(peer);
    }

    @Override
    public CompletionStage<@Nullable Void> free(Set<NodeId> gone) {
      return hazelcast.free(gone);
    }

    @Override
    public void evicted() {
      evicted.run();
    }
  }
}
