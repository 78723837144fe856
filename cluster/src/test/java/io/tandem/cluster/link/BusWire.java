package io.tandem.cluster.link;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import io.tandem.registry.NodeId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.function.Consumer;

/**
 * Frames on the clustered event bus of Vert.x: one address for each node, a message for each frame.
 * Not for production: docs/decisions/0009-wire.md says why.
 */
record BusWire(Vertx vertx) implements Wire {

  /** Starts a Vert.x whose bus listens on the port after the member's. */
  static Future<Vertx> start(VertxOptions options, String host, int port, int peerPort) {
    Config config = new Config().setClusterName("bench-" + Math.min(port, peerPort));
    config.setProperty("hazelcast.socket.bind.any", "false");
    config.setProperty("hazelcast.local.localAddress", host);
    config.setProperty("hazelcast.phone.home.enabled", "false");
    config.setProperty("hazelcast.logging.type", "none");
    config.getNetworkConfig().setPort(port).setPortAutoIncrement(false);
    JoinConfig join = config.getNetworkConfig().getJoin();
    join.getAutoDetectionConfig().setEnabled(false);
    join.getTcpIpConfig().setEnabled(true).addMember(host + ":" + peerPort);
    options.getEventBusOptions().setHost(host).setPort(port + 1);
    return Vertx.builder()
        .with(options)
        .withClusterManager(new HazelcastClusterManager(config))
        .buildClustered();
  }

  static Future<BusWire> open(Vertx vertx, NodeId self, Context home, Consumer<byte[]> receiver) {
    Promise<BusWire> opened = Promise.promise();
    home.runOnContext(
        here -> {
          MessageConsumer<byte[]> consumer = vertx.eventBus().consumer(self.name());
          consumer.handler(message -> receiver.accept(message.body()));
          consumer.completion().map(new BusWire(vertx)).onComplete(opened);
        });
    return opened.future();
  }

  @Override
  public void send(NodeId to, byte[] frame) {
    vertx.eventBus().send(to.name(), frame);
  }
}
