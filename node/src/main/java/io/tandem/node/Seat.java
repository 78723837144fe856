package io.tandem.node;

import io.tandem.cluster.link.Frames;
import io.tandem.cluster.link.Link;
import io.tandem.cluster.link.LinkSettings;
import io.tandem.cluster.link.Loop;
import io.tandem.cluster.link.ReloadResult;
import io.tandem.cluster.membership.EmbeddedHazelcast;
import io.tandem.cluster.membership.MembershipSettings;
import io.tandem.cluster.nodes.Muster;
import io.tandem.cluster.nodes.NodeConfigurations;
import io.tandem.cluster.nodes.OtherNodes;
import io.tandem.node.config.ClusterConfig;
import io.tandem.node.router.Router;
import io.tandem.node.router.RouterHost;
import io.tandem.node.transport.LaneVerticle;
import io.tandem.protocol.id.GlobalIds;
import io.tandem.registry.NodeId;
import io.tandem.registry.hazelcast.HazelcastRegistry;
import io.tandem.registry.logins.LocalRememberedLogins;
import io.tandem.registry.logins.RememberedLogins;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The place that one life of this node has in a cluster: its member of Hazelcast, its links to the
 * other nodes and what it knows of them.
 */
final class Seat {

  private static final Logger LOG = LoggerFactory.getLogger(Seat.class);

  /** How long each step of the end may take that others have a part in. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  private final NodeId self;
  private final int port;
  private final ClusterConfig config;
  private final ClusterIdentity identity;
  private final EmbeddedHazelcast hazelcast;
  private final Wiring wiring;

  /** Fails when the others have evicted this life. */
  private final Promise<Void> evicted = Promise.promise();

  /** Set on the home loop, before the first frame can come for it. */
  private volatile @Nullable OtherNodes otherNodes;

  private volatile @Nullable Muster muster;

  /** Whether this node has its share of the record. */
  private volatile boolean shares;

  private Seat(
      NodeId self,
      int port,
      ClusterConfig config,
      ClusterIdentity identity,
      EmbeddedHazelcast hazelcast) {
    this.self = self;
    this.port = port;
    this.config = config;
    this.identity = identity;
    this.hazelcast = hazelcast;
    this.wiring = new Wiring(self, port, config, hazelcast);
  }

  /** Joins the members that are found, under a new incarnation. */
  static Future<Seat> take(ClusterConfig config, List<String> met) {
    int port = config.port() == 0 ? FreePorts.pair(config.host()) : config.port();
    NodeId self = new NodeId(config.nodeName(port), GlobalIds.next());
    ClusterIdentity identity = new ClusterIdentity(config);
    MembershipSettings settings =
        new MembershipSettings(
            config.name(),
            self,
            config.host(),
            port,
            config.discovery(),
            config.evictAfter(),
            Map.of(
                "cluster.wire",
                config.wire().toString(),
                "format of links",
                Integer.toString(Frames.FORMAT)),
            identity::key);
    return Future.fromCompletionStage(EmbeddedHazelcast.start(settings, met))
        .map(hazelcast -> new Seat(self, port, config, identity, hazelcast))
        .recover(
            failure ->
                Future.failedFuture(
                    CannotJoinException.reason(
                        failure, taken -> Wiring.closed(config, port, taken))));
  }

  NodeId self() {
    return self;
  }

  ClusterIdentity identity() {
    return identity;
  }

  /** The cluster port. */
  int port() {
    return port;
  }

  EmbeddedHazelcast hazelcast() {
    return hazelcast;
  }

  /**
   * What is to outlive this node's sessions, and the node, stands in the cluster's record.
   *
   * @param behind octets of publications that may wait to be written there
   */
  void remember(Router router, long behind) {
    HazelcastRegistry record = hazelcast.registry();
    router.wills(record.wills());
    router.keeping().recordedIn(record.kept(), ForkJoinPool.commonPool(), behind);
  }

  /** What is remembered of logins: by the cluster, or by a node that has no seat in one. */
  static RememberedLogins logins(@Nullable Seat seat) {
    return seat == null ? new LocalRememberedLogins() : seat.hazelcast.registry().logins();
  }

  /** What carries what is said to the other nodes. */
  Wiring wiring() {
    return wiring;
  }

  /** How many nodes the cluster is to have; 1 when nothing is known. */
  int expected() {
    return config.expect();
  }

  /** The other nodes; null before {@link #enter}. Any thread. */
  @Nullable OtherNodes otherNodes() {
    return otherNodes;
  }

  /** What is known of the other nodes; empty before {@link #enter}. Any thread. */
  List<OtherNodes.State> otherNodeStates() {
    OtherNodes known = otherNodes;
    return known == null ? List.of() : known.states();
  }

  /** How many different configurations the nodes have that can be reached. Any thread. */
  int configurations() {
    OtherNodes known = otherNodes;
    return known == null ? 1 : known.configurations().count();
  }

  /** This node goes by another configuration, which has this digest. Any thread. */
  void configured(Loop home, String configuration) {
    OtherNodes known = otherNodes;
    if (known != null) {
      home.executor().execute(() -> known.configurations().changed(configuration));
    }
  }

  /** Has all other nodes read their configurations again. Home loop. */
  Future<List<NodeConfigurations.Answer>> reloadOthers() {
    OtherNodes known = otherNodes;
    return known == null
        ? Future.succeededFuture(List.of())
        : Future.fromCompletionStage(known.configurations().reloadOthers());
  }

  /** What this node waits for before clients may come, for people to read. Any thread. */
  List<String> waitsFor() {
    OtherNodes known = otherNodes;
    if (known == null) {
      return List.of("lanes: not open");
    }
    Muster started = muster;
    String missing = started == null ? null : started.waitsFor();
    List<String> others = missing == null ? known.waitsFor() : List.of(missing);
    return others.isEmpty() && !shares ? List.of("record: no share of it yet") : others;
  }

  /** Whether what a node holds may soon be free. Any thread. */
  boolean isAway(NodeId node) {
    OtherNodes known = otherNodes;
    return known != null && known.isAway(node);
  }

  /**
   * Links this node to all others; completes when each knows what the others have registered and
   * subscribed.
   *
   * @param configuration a digest of the one that this node goes by
   * @param reload has it read that again, since another node asks
   * @param onEviction is run, on the home loop, when this life is over because the others say so
   */
  Future<Void> enter(
      HomeVerticle home,
      Router router,
      LinkSettings settings,
      List<LaneVerticle> lanes,
      String configuration,
      Function<NodeId, CompletionStage<ReloadResult>> reload,
      Runnable onEviction) {
    Loop homeLoop = home.loop();
    List<Loop> loops = lanes.stream().map(LaneVerticle::loop).toList();
    hazelcast.onLoss(router.keeping()::recordIsLost);
    return wiring
        .open(home, lanes.stream().map(LaneVerticle::context).toList(), this::received)
        .compose(
            wire -> {
              Promise<Void> inStep = unlessEvicted();
              home.context()
                  .runOnContext(
                      here -> {
                        OtherNodes known =
                            new OtherNodes(
                                hazelcast.membership(),
                                home.tables(),
                                home.log(),
                                (otherNode, listener) ->
                                    new Link(
                                        self,
                                        otherNode,
                                        settings,
                                        wire,
                                        homeLoop,
                                        loops,
                                        wiring.counts(),
                                        listener),
                                wire,
                                homeLoop,
                                settings.unreachableAfter(),
                                config.evictAfter(),
                                new RouterHost(
                                    router,
                                    isOver -> hazelcast.registry().free(isOver, router::freed),
                                    reload,
                                    () -> {
                                      router.expire();
                                      evicted.tryFail(new EvictedException());
                                      onEviction.run();
                                    }));
                        otherNodes = known;
                        known.configurations().changed(configuration);
                        known.start();
                        known.whenInStep(System.nanoTime(), true, inStep::tryComplete);
                        router.clustered(
                            (since, goOn) ->
                                homeLoop
                                    .executor()
                                    .execute(() -> known.whenInStep(since, false, goOn)),
                            known::hasQuorum);
                      });
              return inStep.future();
            });
  }

  private Promise<Void> unlessEvicted() {
    Promise<Void> promise = Promise.promise();
    evicted.future().onFailure(promise::tryFail);
    return promise;
  }

  /**
   * Completes when enough of the others are there for this node to serve, so that clients may come.
   * Home loop, after {@link #enter}.
   */
  Future<Void> muster(Loop home) {
    Promise<Void> enough = unlessEvicted();
    Lookout lookout = new Lookout(config, port);
    Muster starting =
        new Muster(
            config.expect(),
            () -> (int) otherNodeStates().stream().filter(OtherNodes.State::inStep).count(),
            () -> lookout.look().thenApplyAsync(Function.identity(), home.executor()),
            home.scheduler(),
            enough::tryComplete);
    muster = starting;
    starting.begin();
    return enough.future();
  }

  /**
   * Takes this node's share of the record, now that all others reach it. Home loop, after {@link
   * #enter}.
   */
  Future<Void> takeShare(Context home) {
    Promise<Void> taken = unlessEvicted();
    Future.fromCompletionStage(hazelcast.takeShare(), home)
        .onSuccess(
            share -> {
              shares = true;
              taken.tryComplete();
            })
        .onFailure(taken::tryFail);
    return taken.future();
  }

  private void received(byte[] frame) {
    OtherNodes known = otherNodes;
    if (known != null) {
      known.received(frame);
    }
  }

  /** Tells the other nodes that this one is on its way out. Home loop. */
  void drain() {
    OtherNodes known = otherNodes;
    if (known != null) {
      known.drain();
    }
  }

  /**
   * Leaves the cluster when what this node held is withdrawn, and stays until the others have seen
   * it: a process that ended earlier would look like one that is lost where its address goes with
   * it. Each wait is bounded. Home loop.
   */
  Future<Void> part(HomeVerticle home) {
    OtherNodes known = otherNodes;
    if (known == null) {
      return leave();
    }
    AtomicBoolean recorded = new AtomicBoolean();
    home.registry().recorded().whenComplete((done, failure) -> recorded.set(true));
    return home.until(LAST_WORDS, () -> recorded.get() && known.isDelivered())
        .compose(
            said -> {
              known.leave();
              return home.until(LAST_WORDS, known::isDelivered);
            })
        .compose(heard -> Future.fromCompletionStage(hazelcast.stop(), home.context()))
        .compose(left -> home.until(LAST_WORDS, known::hasParted));
  }

  /** Ends the links to the other nodes. Home loop. */
  void unlink() {
    OtherNodes known = otherNodes;
    if (known != null) {
      known.stop();
    }
  }

  /** Hands over what this member holds for the cluster, and leaves it; asked again, it has. */
  Future<Void> leave() {
    return Future.fromCompletionStage(hazelcast.stop());
  }

  /**
   * Frees nothing more of what lost nodes held; completes when what was begun is told. Home loop.
   */
  Future<?> stopFreeing() {
    OtherNodes known = otherNodes;
    return known == null
        ? Future.succeededFuture()
        : Future.fromCompletionStage(known.stopFreeing());
  }

  /**
   * Frees what an earlier life of this node may have written into the record after the others had
   * freed what it held.
   */
  void free(NodeId earlier, Router router) {
    hazelcast
        .registry()
        .free(earlier::equals, router::freed)
        .whenComplete(
            (freed, failure) -> {
              if (failure != null) {
                LOG.warn(
                    "the record may still name an earlier life of this node: {}",
                    failure.toString());
              }
            });
  }

  /** Gives up a place that the others have taken away already; Vert.x must be closed. */
  Future<Void> abandon() {
    return Future.fromCompletionStage(hazelcast.abandon());
  }
}
