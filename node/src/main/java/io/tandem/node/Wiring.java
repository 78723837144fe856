package io.tandem.node;

import io.tandem.cluster.link.LinkCounts;
import io.tandem.cluster.link.Wire;
import io.tandem.cluster.membership.EmbeddedHazelcast;
import io.tandem.cluster.membership.Membership;
import io.tandem.cluster.membership.Remembered;
import io.tandem.cluster.proof.Gatekeeper;
import io.tandem.cluster.wire.eventbus.EventBusWire;
import io.tandem.cluster.wire.socket.SocketWire;
import io.tandem.node.config.ClusterConfig;
import io.tandem.node.config.WireKind;
import io.tandem.registry.NodeId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VertxOptions;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What carries what one life of this node says to the other nodes, on the port after its own. */
final class Wiring {

  private static final Logger LOG = LoggerFactory.getLogger(Wiring.class);

  private final NodeId self;
  private final int port;
  private final ClusterConfig config;
  private final Membership membership;
  private final Gatekeeper gatekeeper;
  private final LinkCounts counts = new LinkCounts();

  /** Where nodes listen that are or were members, the last ones known. */
  private final Map<NodeId, SocketAddress> addresses = new Remembered<>();

  /** Where frames travel over the event bus: the bus. */
  private EventBusWire.@Nullable Clustered bus;

  /**
   * @param port the cluster port
   */
  Wiring(NodeId self, int port, ClusterConfig config, EmbeddedHazelcast hazelcast) {
    this.self = self;
    this.port = port;
    this.config = config;
    this.membership = hazelcast.membership();
    this.gatekeeper = Gatekeeper.ofLinks(hazelcast.key(), self);
  }

  /** Opens the event bus where frames travel over it; completes with null elsewhere. */
  Future<EventBusWire.@Nullable Clustered> openBus(VertxOptions options) {
    if (config.wire() == WireKind.SOCKET) {
      return Future.succeededFuture();
    }
    return EventBusWire.start(
            options, self, config.host(), port + 1, this::linkAddress, counts, gatekeeper)
        .recover(failure -> Future.failedFuture(closed(config, port + 1, failure)))
        .map(
            clustered -> {
              bus = clustered;
              return clustered;
            });
  }

  /**
   * Opens the wire.
   *
   * @param received gets each frame, on the home loop
   */
  Future<? extends Wire> open(HomeVerticle home, List<Context> lanes, Consumer<byte[]> received) {
    EventBusWire.Clustered clustered = bus;
    if (clustered != null) {
      LOG.info("what nodes send each other travels over the event bus, port {}", port + 1);
      return clustered.open(home.context(), lanes, received);
    }
    LOG.info("what nodes send each other travels over sockets, port {}", port + 1);
    return SocketWire.open(
            home.vertx(),
            config.host(),
            port + 1,
            home.context(),
            lanes,
            this::linkAddress,
            counts,
            gatekeeper,
            received)
        .recover(failure -> Future.failedFuture(closed(config, port + 1, failure)));
  }

  static Throwable closed(ClusterConfig config, int port, Throwable cause) {
    return new CannotListenException(
        CannotListenException.Purpose.CLUSTER, config.endpoint().withPort(port), cause);
  }

  /** What the links count. */
  LinkCounts counts() {
    return counts;
  }

  /** Those who have left are remembered, to be told so. */
  private synchronized @Nullable SocketAddress linkAddress(NodeId node) {
    for (Membership.Member member : membership.members()) {
      addresses.put(
          member.node(), SocketAddress.inetSocketAddress(member.port() + 1, member.host()));
    }
    return addresses.get(node);
  }
}
