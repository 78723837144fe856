package io.tandem.bench.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.bench.load.Generator;
import io.tandem.bench.load.LoadPlan;
import io.tandem.bench.load.LoadPlan.Kind;
import io.tandem.bench.load.RelayTarget;
import io.tandem.client.RouterAddress;
import io.tandem.client.RouterAddress.Transport;
import io.tandem.protocol.wire.Serializer;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RelayTest {

  @ParameterizedTest
  @CsvSource({
    "WEBSOCKET, RPC, JSON, 256",
    "WEBSOCKET, RPC, CBOR, 65536",
    "WEBSOCKET, PUBSUB, MSGPACK, 65536",
    "WEBSOCKET, PUBSUB, JSON, 64",
    "RAWSOCKET, RPC, MSGPACK, 256",
    "RAWSOCKET, PUBSUB, JSON, 65536",
  })
  void everyMessageComesBackOrReachesAllSubscribers(
      Transport transport, Kind kind, Serializer serializer, int payload) {
    LoadPlan plan = new LoadPlan(kind, serializer, 3, kind == Kind.RPC ? 1 : 5, payload, 0, 2, 2);
    Relay relay = Relay.start(transport, 0, 2).toCompletionStage().toCompletableFuture().join();
    String scheme = transport == Transport.WEBSOCKET ? "ws" : "rs";
    RouterAddress address = RouterAddress.parse(scheme + "://127.0.0.1:" + relay.port());
    try (Generator generator = new Generator(plan, new RelayTarget(address))) {
      generator.open();
      generator.start();
      while (generator.received() < 500) {
        generator.run(Duration.ofMillis(5).toNanos());
      }
      assertThat(generator.finish(Duration.ofMinutes(4).toNanos())).isZero();
      assertThat(generator.received()).isEqualTo(generator.sent() * plan.receivedPerSent());
    } finally {
      relay.close().toCompletionStage().toCompletableFuture().join();
    }
  }
}
