package io.tandem.node;

import io.tandem.cluster.link.ReloadResult;
import io.tandem.node.audit.AuditLog;
import io.tandem.node.config.ConfigChange;
import io.tandem.node.config.ConfigDigest;
import io.tandem.node.config.Endpoint;
import io.tandem.node.config.NodeConfig;
import io.tandem.node.router.Lane;
import io.tandem.registry.NodeId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A router node. It lives one {@link Life} after the other: as a rule one alone, but a node that
 * its cluster has evicted starts over as a new incarnation, on the same ports. Between two lives
 * nothing of it keeps a process alive, so whoever runs one waits for {@link #ended}. Any thread.
 */
public final class Node {

  private static final Logger LOG = LoggerFactory.getLogger(Node.class);

  /** How soon a new life is tried again when it could not begin. */
  private static final Duration AGAIN = Duration.ofSeconds(1);

  /** How long a life may take to take another configuration over. */
  private static final Duration LONGEST_RELOAD = Duration.ofMinutes(1);

  /** How long a life that the others have ended may take to end. */
  private static final Duration LONGEST_END = Duration.ofMinutes(1);

  private final Consumer<Node> ready;
  private final Rereading rereading;
  private final Duration longestStartOver;
  private final EvictionPauses pauses = new EvictionPauses();

  /** Without a context: the event loops are gone when the end is told. */
  private final Promise<Void> ended = Promise.promise();

  private final Promise<Void> calledOff = Promise.promise();

  /** As it was asked for. */
  private NodeConfig given;

  /** As it is run: with the ports that it got, and with what the machine allows. */
  private NodeConfig config;

  /** The last one that was asked for. */
  private Future<?> reloading = Future.succeededFuture();

  /** The one that is ready. */
  private @Nullable Life life;

  private boolean evicted;
  private boolean stopping;

  /** How often the next life has been tried, and since when. */
  private int attempts;

  private List<String> met = List.of();
  private long startingOverSince;

  private Node(
      NodeConfig given,
      NodeConfig config,
      @Nullable ConfigSource source,
      Consumer<Node> ready,
      Duration longestStartOver) {
    this.given = given;
    this.config = config;
    this.ready = ready;
    this.rereading = new Rereading(this, source);
    this.longestStartOver = longestStartOver;
  }

  /** Starts a node; completes when it is ready, or fails, with nothing left behind. */
  public static Future<Node> start(NodeConfig config) {
    return start(config, null);
  }

  /**
   * The same.
   *
   * @param source where the configuration comes from; null for one that cannot be read again
   */
  public static Future<Node> start(NodeConfig config, @Nullable ConfigSource source) {
    Promise<Node> ready = Promise.promise();
    launch(config, source, ready::tryComplete)
        .ended()
        .onComplete(
            end ->
                ready.tryFail(
                    end.failed()
                        ? end.cause()
                        : new IllegalStateException("stopped before it was ready")));
    return ready.future();
  }

  /**
   * Begins to start a node, which can be stopped from now on.
   *
   * @param source where the configuration comes from; null for one that cannot be read again
   * @param ready is run, on any thread, whenever a life of it is ready for clients; until it
   *     returns, that life is not ended
   */
  static Node launch(NodeConfig config, @Nullable ConfigSource source, Consumer<Node> ready) {
    return launch(config, source, ready, Duration.ofMinutes(5));
  }

  /**
   * The same.
   *
   * @param longestStartOver how long a new life is tried again before the node ends
   */
  static Node launch(
      NodeConfig config,
      @Nullable ConfigSource source,
      Consumer<Node> ready,
      Duration longestStartOver) {
    HeapShares shares = HeapShares.of(config, Runtime.getRuntime().maxMemory());
    if (!shares.fit()) {
      LOG.warn(
          "a heap of {} MiB is too small for {} lanes and links to {} other nodes: clients may"
              + " fill it",
          shares.heap() >> 20,
          shares.lanes(),
          shares.nodes() - 1);
    }
    Node node = new Node(config, fit(config), source, ready, longestStartOver);
    node.begin(null);
    node.rereading.watch(config.reload());
    node.ended().onComplete(end -> node.rereading.stop());
    return node;
  }

  /**
   * The end: completes when the node has drained and stopped because it was asked to; fails when it
   * could not start, or start over, or did not finish what it had to do before it stopped.
   */
  public Future<Void> ended() {
    return ended.future();
  }

  // ---- beginning ----

  /**
   * @param earlier the life before, if there was one
   */
  private synchronized void begin(@Nullable NodeId earlier) {
    if (stopping) {
      ended.tryComplete();
      return;
    }
    evicted = false;
    Future.succeededFuture()
        .compose(now -> Life.begin(config, met, rereading::ask, calledOff.future(), this::evicted))
        .onSuccess(fresh -> begun(fresh, earlier))
        .onFailure(failure -> failed(failure, earlier));
  }

  private synchronized void begun(Life fresh, @Nullable NodeId earlier) {
    config = withPortsOf(fresh);
    fresh
        .reload(config) // it began with what was configured then
        .onFailure(
            failure -> LOG.warn("what was configured meanwhile is not: {}", failure.toString()));
    if (stopping) {
      end(fresh);
    } else if (evicted) {
      startOver(fresh);
    } else {
      life = fresh;
      attempts = 0;
      pauses.reset();
      if (earlier != null) {
        LOG.info("started over as a new incarnation");
        fresh.clearUpAfter(earlier);
      }
      ready.accept(this);
    }
  }

  private synchronized void failed(Throwable failure, @Nullable NodeId earlier) {
    if (stopping) {
      ended.tryComplete();
    } else if (failure instanceof EvictedException) {
      after(pauses.next(), () -> begin(earlier));
      calledOff.future().onSuccess(off -> begin(earlier)); // which then ends the node
    } else if (earlier == null) {
      ended.tryFail(failure);
    } else {
      tryAgain(failure, earlier);
    }
  }

  private void tryAgain(Throwable failure, NodeId earlier) {
    if (System.nanoTime() - startingOverSince >= longestStartOver.toNanos()) {
      ended.tryFail(
          new EndedException(
              "could not start over within " + longestStartOver.toSeconds() + " s", failure));
      return;
    }
    attempts++;
    if (Integer.bitCount(attempts) == 1) {
      LOG.warn("cannot start over, trying again: {}", NodeException.reason(failure));
    }
    after(AGAIN, () -> begin(earlier));
  }

  /** A later life opens the ports that the first one got. */
  private NodeConfig withPortsOf(Life fresh) {
    NodeConfig fixed =
        config
            .withListeners(fresh.actual(config.listeners()))
            .withManagementPort(fresh.managementPort());
    return fixed.cluster() == null
        ? fixed
        : fixed.withCluster(fixed.cluster().withPort(fresh.clusterPort()));
  }

  // ---- another configuration ----

  /**
   * Takes over what another configuration says of realms and listeners: who may join and do what,
   * what sessions may hold, where clients come in, which certificate they are shown. What sessions
   * hold already stays. Nothing is taken over of a configuration that changes more than that. One
   * after the other.
   *
   * @return what has changed, when it has on all lanes; where it names keys that take a new start,
   *     nothing has. Fails, with nothing changed, where a listener or certificate cannot be had,
   *     and when the node leaves
   */
  public synchronized Future<ConfigChange> reload(NodeConfig fresh) {
    Future<ConfigChange> taken = reloading.transform(before -> take(fresh));
    reloading = taken;
    return taken;
  }

  /**
   * Reads the configuration again where it came from, and takes it over; whoever asks while that is
   * under way shares the next time. Never fails: it says what came of it.
   */
  public Future<ReloadResult> reread() {
    return rereading.ask();
  }

  /** Where it accounts for what is changed; nowhere between two lives. */
  synchronized AuditLog audit() {
    return life == null ? AuditLog.NONE : life.audit();
  }

  /** A digest of the configuration that it goes by: of what all nodes should be told alike. */
  synchronized String configuration() {
    return ConfigDigest.of(config);
  }

  private synchronized Future<ConfigChange> take(NodeConfig fresh) {
    if (stopping) {
      return Future.failedFuture(new EndedException("this node leaves", null));
    }
    ConfigChange change = ConfigChange.between(given, fresh);
    if (!change.restart().isEmpty()) {
      return Future.succeededFuture(change);
    }
    NodeConfig changed = ConfigChange.applied(config, given, fresh, fit(fresh));
    Life now = life;
    Future<Void> taken =
        now == null
            ? Future.succeededFuture() // it begins with what is configured then
            : now.reload(changed).timeout(LONGEST_RELOAD.toSeconds(), TimeUnit.SECONDS);
    return taken.map(
        done -> {
          taken(fresh, changed, now);
          return change;
        });
  }

  private synchronized void taken(NodeConfig fresh, NodeConfig changed, @Nullable Life by) {
    given = fresh;
    config = changed;
    if (by != null) {
      config = withPortsOf(by);
    }
    rereading.watch(fresh.reload());
  }

  private static NodeConfig fit(NodeConfig config) {
    HeapShares shares = HeapShares.of(config, Runtime.getRuntime().maxMemory());
    return ConnectionRoom.fit(config, ConnectionRoom.openFiles(), shares);
  }

  // ---- eviction ----

  /** The cluster has evicted this node's life. */
  synchronized void evicted() {
    evicted = true;
    if (life != null && !stopping) {
      LOG.warn("the cluster has evicted this node; it starts over");
      startOver(life);
    } else if (!stopping) {
      LOG.info("found other nodes that are one cluster already, and joins them anew");
    }
  }

  private void startOver(Life old) {
    life = null;
    met = old.met();
    startingOverSince = System.nanoTime();
    endWithin(LONGEST_END, "its old life does not end", old.abandon())
        .onComplete(gone -> begin(old.id()));
  }

  // ---- the end ----

  /**
   * Drains and stops, see {@link Life#leave}; a node that is not ready just stops. Asked for again,
   * it tells the end of the first time.
   *
   * @return what {@link #ended} returns
   */
  public synchronized Future<Void> stop() {
    if (!stopping) {
      stopping = true;
      if (life != null) {
        end(life);
      } else {
        endWithin(Life.LONGEST_LEAVE, "it could not be called off", ended.future());
        calledOff.complete();
      }
    }
    return ended.future();
  }

  private void end(Life last) {
    Duration longest = config.drainTimeout().plus(Life.LONGEST_LEAVE);
    endWithin(longest, "it does not leave", last.leave())
        .onSuccess(left -> ended.tryComplete())
        .onFailure(ended::tryFail);
  }

  /** The node's end comes by itself when something else takes too long. */
  private Future<Void> endWithin(Duration limit, String what, Future<Void> something) {
    String reason = what + " within " + limit.toSeconds() + " s";
    after(
        limit,
        () -> {
          if (!something.isComplete()) {
            ended.tryFail(new EndedException(reason, null));
          }
        });
    return something;
  }

  private static void after(Duration delay, Runnable task) {
    CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS).execute(task);
  }

  // ---- what it is ----

  /** The port that each listener got, in the order of the configuration; 0 for a Unix socket. */
  public synchronized List<Integer> ports() {
    return config.listeners().stream()
        .map(listener -> listener.endpoint() instanceof Endpoint.Tcp tcp ? tcp.port() : 0)
        .toList();
  }

  public synchronized int managementPort() {
    return config.management().endpoint().port();
  }

  /** The port that the other nodes of a cluster reach this one at; 0 without a cluster. */
  public synchronized int clusterPort() {
    return config.cluster() == null ? 0 : config.cluster().port();
  }

  /** How many nodes the cluster has, this one included; 1 for one that stands alone. */
  public synchronized int clusterSize() {
    return life == null ? 1 : 1 + life.otherNodeCount();
  }

  /** None between two lives. */
  public int laneCount() {
    return lanes().size();
  }

  synchronized List<Lane> lanes() {
    return life == null ? List.of() : life.lanes();
  }
}
