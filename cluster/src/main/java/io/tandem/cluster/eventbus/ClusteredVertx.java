package io.tandem.cluster.eventbus;

import io.tandem.cluster.hazelcast.EmbeddedHazelcast;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.time.Duration;

/**
 * Starts Vert.x with its event bus between nodes. The bus admits whoever reaches its port, so it is
 * told to make nothing of octets but octets.
 */
public final class ClusteredVertx {

  /** A peer that does not answer for this long twice loses its connection. */
  private static final Duration PING = Duration.ofSeconds(3);

  /** How long a connection may take to come about; frames for the peer wait meanwhile. */
  private static final Duration CONNECT = Duration.ofSeconds(3);

  private ClusteredVertx() {}

  /**
   * Starts Vert.x on a member that has joined. Closing the result leaves the member running: close
   * first, then stop the member.
   *
   * @param options of Vert.x; not changed. Its own metrics are switched off, they would cost more
   *     than a frame
   * @param host address the bus is bound to and that other nodes reach it at
   * @param port port of the bus, 1 to 65535
   * @return fails when the port is taken
   */
  public static Future<Vertx> start(
      VertxOptions options, EmbeddedHazelcast hazelcast, String host, int port) {
    VertxOptions clustered = new VertxOptions(options);
    clustered.setEventBusOptions(bus(clustered.getEventBusOptions(), host, port));
    clustered.getMetricsOptions().setEnabled(false);
    return Vertx.builder()
        .with(clustered)
        .withClusterManager(new HazelcastClusterManager(hazelcast.instance()))
        .buildClustered()
        .onSuccess(ClusteredVertx::refuseObjects);
  }

  private static EventBusOptions bus(EventBusOptions options, String host, int port) {
    return options
        .setHost(host)
        .setPort(port)
        .setClusterPublicHost(host)
        .setClusterPublicPort(port)
        .setConnectTimeout((int) CONNECT.toMillis())
        .setClusterPingInterval(PING.toMillis())
        .setClusterPingReplyInterval(PING.toMillis())
        // The bus flushes before it closes, so a peer that does not read would keep its connection.
        .setTcpUserTimeout((int) PING.multipliedBy(2).toMillis());
  }

  private static void refuseObjects(Vertx vertx) {
    vertx
        .eventBus()
        .serializableChecker(className -> false)
        .clusterSerializableChecker(className -> false);
  }
}
