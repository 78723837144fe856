package io.tandem.node.cluster;

import static io.tandem.testing.Patience.await;
import static io.tandem.testing.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.client.Arguments;
import io.tandem.client.ClientSession;
import io.tandem.client.WampException;
import io.tandem.node.testing.TestCluster;
import io.tandem.node.testing.TestNode;
import io.tandem.node.testing.TestProcess;
import io.tandem.protocol.uri.WampUri;
import io.tandem.testing.Conformance;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node whose process is killed while clients of other nodes count on it. */
class KilledNodeIT {

  private static TestCluster cluster;

  private TestProcess victim;

  @BeforeAll
  static void start() {
    cluster = TestCluster.start(2);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @BeforeEach
  void join() {
    victim = cluster.joinProcess();
    cluster.untilAgreed(3);
  }

  @AfterEach
  void end() {
    victim.close();
  }

  @Test
  @Conformance("RPC-11")
  void callsUnderWayAreAnsweredAndInvocationsInterrupted() {
    ClientSession lost = victim.join();
    ClientSession left = cluster.node(0).join();
    Promise<Void> invoked = Promise.promise();
    Promise<Void> called = Promise.promise();
    Promise<Void> interrupted = Promise.promise();
    await(
        lost.register(
            "com.lost",
            invocation -> {
              invoked.complete();
              return Promise.<Arguments>promise().future();
            }));
    await(
        left.register(
            "com.left",
            invocation -> {
              called.complete();
              invocation.onInterrupt(mode -> interrupted.complete());
              return Promise.<Arguments>promise().future();
            }));
    Future<Arguments> answer = left.call("com.lost", Arguments.none());
    lost.call("com.left", Arguments.none());
    await(invoked.future());
    await(called.future());

    victim.kill();

    assertThatThrownBy(() -> await(answer))
        .cause()
        .isInstanceOfSatisfying(
            WampException.class,
            failure -> assertThat(failure.error()).isEqualTo(WampUri.NETWORK_FAILURE));
    await(interrupted.future());
  }

  @Test
  void whatItsClientsHeldIsFreeForOthersAndNothingOfItIsLeft() {
    ClientSession lost = victim.join();
    await(lost.register("com.mine", invocation -> Future.succeededFuture()));
    await(lost.subscribe("com.mine", event -> {}));
    ClientSession next = cluster.node(1).join();

    victim.kill();
    cluster.untilAmongThemselves();

    await(next.register("com.mine", invocation -> Future.succeededFuture(Arguments.of("new"))));
    assertThat(await(cluster.node(0).join().call("com.mine", Arguments.none())))
        .isEqualTo(Arguments.of("new"));
    await(next.close());
    cluster.untilAgreed(2);
    cluster.nodes().forEach(KilledNodeIT::untilNothingIsLeft);
  }

  private static void untilNothingIsLeft(TestNode node) {
    until(
        "nothing is left",
        () ->
            node.metric("tandem_subscriptions{realm=\"realm1\"}") == 0
                && node.metric("tandem_registrations{realm=\"realm1\"}") == 0);
  }
}
