package io.tandem.node.cluster;

import static io.tandem.testing.Patience.await;
import static io.tandem.testing.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.client.Arguments;
import io.tandem.client.ClientSession;
import io.tandem.client.CloseReason;
import io.tandem.client.TransportEnd;
import io.tandem.client.WireConnection;
import io.tandem.node.testing.TestCluster;
import io.tandem.node.testing.TestProcess;
import io.tandem.protocol.message.Hello;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.Welcome;
import io.tandem.testing.Conformance;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A node that has no turn for a while, as on a host that stands still. */
class FrozenNodeIT {

  /** Evicts nobody who is only asleep, however slow the machine is. */
  private static final String PATIENT = "evictAfter: 60s";

  private static final int MANY = 20;

  @Test
  @Conformance("PS-10")
  void nobodyMissesAnythingThoughANodeWasFrozenForFourSeconds() {
    try (TestCluster cluster = TestCluster.start(2, PATIENT);
        TestProcess sleeper = cluster.joinProcess()) {
      cluster.untilAgreed(3);
      ClientSession awake = cluster.node(0).join();
      ClientSession asleep = sleeper.join();

      sleeper.freeze();
      cluster.node(0).clients().timer(4, TimeUnit.SECONDS).onSuccess(over -> sleeper.thaw());
      List<Future<?>> stories = new ArrayList<>();
      for (int number = 0; number < MANY; number++) {
        // Some are in the sleeper's part of the record and settled when it is awake again; others
        // when it counts as unreachable.
        stories.add(hears(awake, asleep, "com.awake" + number));
        stories.add(isCalled(awake, asleep, "com.awake" + number));
        stories.add(hears(asleep, awake, "com.asleep" + number));
        stories.add(isCalled(asleep, awake, "com.asleep" + number));
      }

      stories.forEach(story -> await(story));
      cluster.untilAgreed(3);
    }
  }

  /** Subscribes; then the other publishes, and it is heard. */
  private static Future<Void> hears(ClientSession subscriber, ClientSession other, String topic) {
    Promise<Void> heard = Promise.promise();
    return subscriber
        .subscribe(topic, event -> heard.complete())
        .compose(subscribed -> other.publish(topic, Arguments.none()))
        .compose(published -> heard.future());
  }

  /** Registers; then the other calls, and is answered. */
  private static Future<?> isCalled(ClientSession callee, ClientSession other, String procedure) {
    return callee
        .register(procedure, invocation -> Future.succeededFuture(Arguments.none()))
        .compose(registered -> other.call(procedure, Arguments.none()));
  }

  @Test
  @Conformance("QRK-12")
  void nodeThatWasEvictedInItsSleepStartsOver() {
    try (TestCluster cluster = TestCluster.start(2);
        TestProcess sleeper = cluster.joinProcess()) {
      cluster.untilAgreed(3);
      WireConnection bare = sleeper.connect();
      bare.send(new Hello("realm1", Options.of(Keys.ROLES, Map.of("publisher", Map.of()))));
      assertThat(await(bare.next())).isInstanceOf(Welcome.class);
      ClientSession holder = sleeper.join();
      await(holder.register("com.mine", invocation -> Future.succeededFuture()));
      await(holder.subscribe("com.mine", event -> {}));
      for (int number = 0; number < MANY; number++) {
        await(holder.register("com.mine" + number, invocation -> Future.succeededFuture()));
        await(holder.subscribe("com.mine" + number, event -> {}));
      }
      ClientSession next = cluster.node(0).join();

      sleeper.freeze();
      cluster.untilAmongThemselves();
      // Waits for the verdict on the holder's node, and then holds the procedure.
      await(next.register("com.mine", invocation -> Future.succeededFuture(Arguments.of("new"))));
      cluster.untilAgreed(2);
      until(
          "nothing is left",
          () -> cluster.node(1).metric("tandem_subscriptions{realm=\"realm1\"}") == 0);
      sleeper.thaw();

      assertThat(await(bare.closed())).extracting(TransportEnd::code).isEqualTo(1012);
      assertThat(await(holder.closed()).kind()).isEqualTo(CloseReason.Kind.TRANSPORT_LOST);
      cluster.untilAgreed(3);
      until("the sleeper's door is open", sleeper::isOpen);
      assertThat(await(sleeper.join().call("com.mine", Arguments.none())))
          .isEqualTo(Arguments.of("new"));
      assertThat(sleeper.members()).hasSize(3);
      assertThat(sleeper.saidOfItself()).allMatch(line -> line.matches(TestProcess.TIMED));
    }
  }
}
