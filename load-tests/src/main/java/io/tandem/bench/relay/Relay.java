package io.tandem.bench.relay;

import io.tandem.client.RouterAddress.Transport;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * The least that a router can do for the same frames: reads them, and writes each to where it goes.
 * A caller's go to its callee and back, a publisher's to all subscribers of its topic, from one
 * shared buffer. Each channel is flushed once in a turn of its event loop.
 */
public final class Relay {

  private final Vertx vertx;
  private final List<RelayLane> lanes = new CopyOnWriteArrayList<>();
  private final Map<String, RelayGuest> callees = new ConcurrentHashMap<>();

  private Relay(int eventLoops) {
    vertx =
        Vertx.builder()
            .with(
                new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(eventLoops))
            .build();
  }

  /** Starts a relay on a loopback port, 0 for any. */
  public static Future<Relay> start(Transport transport, int port, int eventLoops) {
    Relay relay = new Relay(eventLoops);
    SocketAddress address =
        port == 0
            ? SocketAddress.sharedRandomPort(1, "127.0.0.1")
            : SocketAddress.inetSocketAddress(port, "127.0.0.1");
    Supplier<Deployable> lane =
        () -> {
          RelayLane each = new RelayLane(relay, transport, address);
          relay.lanes.add(each);
          return each;
        };
    return relay
        .vertx
        .deployVerticle(lane, new DeploymentOptions().setInstances(eventLoops))
        .map(relay);
  }

  public int port() {
    return lanes.get(0).port();
  }

  public Future<Void> close() {
    return vertx.close();
  }

  List<RelayLane> lanes() {
    return lanes;
  }

  Map<String, RelayGuest> callees() {
    return callees;
  }
}
