package io.tandem.node;

import io.tandem.node.config.Endpoint;
import io.tandem.node.config.ListenerConfig;
import io.tandem.node.config.NodeConfig;
import io.tandem.node.router.Lane;
import io.tandem.registry.NodeId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running router node. It lives one {@link Life} after the other: as a rule one alone, but a node
 * that its cluster has evicted starts over as a new incarnation, on the same ports. Any thread.
 */
public final class Node {

  private static final Logger LOG = LoggerFactory.getLogger(Node.class);

  /** How soon a new life is tried again when it could not begin. */
  private static final Executor LATER = CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS);

  private NodeConfig config;
  private @Nullable Life life;
  private boolean evicted;
  private @Nullable Promise<Void> stopped;

  private Node(NodeConfig config) {
    this.config = config;
  }

  /** Starts a node; completes when it is ready, or fails, with nothing left behind. */
  public static Future<Node> start(NodeConfig config) {
    Node node = new Node(config);
    return node.begin().map(begun -> node);
  }

  private Future<Life> begin() {
    return attempt().onSuccess(this::begun);
  }

  /** Two parts of a cluster that find each other while it starts cost one of them its life. */
  private Future<Life> attempt() {
    return Life.begin(config, this::evicted)
        .recover(
            failure -> {
              boolean again = failure instanceof Seat.EvictedException && forgetEviction();
              return again ? attempt() : Future.failedFuture(failure);
            });
  }

  /** Whether it may live on. */
  private synchronized boolean forgetEviction() {
    evicted = false;
    return stopped == null;
  }

  private synchronized void begun(Life fresh) {
    life = fresh;
    config = withPortsOf(fresh);
    if (stopped != null) {
      end(fresh, stopped);
    } else if (evicted) {
      startOver(fresh);
    }
  }

  /** A later life opens the ports that the first one got. */
  private NodeConfig withPortsOf(Life fresh) {
    List<ListenerConfig> listeners = new ArrayList<>();
    for (int i = 0; i < config.listeners().size(); i++) {
      listeners.add(config.listeners().get(i).withActualPort(fresh.ports().get(i)));
    }
    NodeConfig settled = config.withListeners(listeners).withManagementPort(fresh.managementPort());
    return settled.cluster() == null
        ? settled
        : settled.withCluster(settled.cluster().withPort(fresh.clusterPort()));
  }

  // ---- eviction ----

  /** The cluster has evicted this node's life. */
  synchronized void evicted() {
    evicted = true;
    if (life != null && stopped == null) {
      startOver(life);
    }
  }

  private void startOver(Life old) {
    life = null;
    evicted = false;
    old.abandon().onComplete(ended -> beginAgain(old.id()));
  }

  private synchronized void beginAgain(NodeId earlier) {
    if (stopped != null) {
      stopped.complete();
      return;
    }
    begin()
        .onSuccess(
            fresh -> {
              LOG.info("started over as a new incarnation");
              fresh.clearUpAfter(earlier);
            })
        .onFailure(
            failure -> {
              LOG.error("cannot start over, trying again", failure);
              LATER.execute(() -> beginAgain(earlier));
            });
  }

  // ---- the end ----

  /**
   * Drains and stops, see {@link Life#leave}. Asked for again, it tells the end of the first time.
   */
  public synchronized Future<Void> stop() {
    if (stopped == null) {
      // Without a context: the event loops are gone when the end is told.
      stopped = Promise.promise();
      if (life != null) {
        end(life, stopped);
      }
    }
    return stopped.future();
  }

  private static void end(Life life, Promise<Void> stopped) {
    life.leave().onComplete(stopped);
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
    return life == null ? 1 : 1 + life.peerCount();
  }

  public int laneCount() {
    return lanes().size();
  }

  synchronized List<Lane> lanes() {
    return life == null ? List.of() : life.lanes();
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
