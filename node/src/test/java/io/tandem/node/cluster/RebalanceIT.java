package io.tandem.node.cluster;

import static io.tandem.testing.Patience.await;
import static io.tandem.testing.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.client.Arguments;
import io.tandem.client.ClientSession;
import io.tandem.client.CloseReason;
import io.tandem.client.PublishOptions;
import io.tandem.node.router.CloseCause;
import io.tandem.node.testing.TestCluster;
import io.tandem.node.testing.TestNode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node that has all clients parts with some of them, and nobody else notices. */
class RebalanceIT {

  private static final int CLIENTS = 60;

  private static final String ADD = "wamp.session.add_testament";

  private static final String REALMS =
      TestNode.REALM + "          - {uri: " + ADD + ", allow: [call]}\n";

  private TestCluster cluster;
  private TestNode full;

  /** Those that connect again, to the next node each time, as behind a balancer. */
  private final Map<Integer, ClientSession> clients = new ConcurrentHashMap<>();

  private final AtomicInteger turn = new AtomicInteger();
  private final Set<CloseReason.Kind> ends = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean enough = new AtomicBoolean();

  @BeforeEach
  void start() {
    cluster = TestCluster.serving(3, "rebalance: {enabled: true, share: 100, period: 6s}", REALMS);
    full = cluster.node(0);
  }

  @AfterEach
  void stop() {
    enough.set(true);
    cluster.close();
  }

  private void stay(int number, TestNode node) {
    ClientSession session = node.join();
    clients.put(number, session);
    session
        .closed()
        .onSuccess(
            reason -> {
              if (!enough.get()) {
                ends.add(reason.kind());
                TestNode next = cluster.node(turn.incrementAndGet() % 3);
                new Thread(() -> stay(number, next), "client").start();
              }
            });
  }

  private static long sessions(TestNode node) {
    return node.metric("tandem_sessions");
  }

  private long sessions() {
    return cluster.nodes().stream().mapToLong(RebalanceIT::sessions).sum();
  }

  @Test
  void clientsOfAFullNodeAreSpreadWhileCallsAndEventsGoOn() {
    ClientSession callee = full.join();
    await(
        callee.register("com.echo", invocation -> Future.succeededFuture(invocation.arguments())));
    ClientSession testator = full.join();
    await(testator.call(ADD, Arguments.of("com.gone", List.of("gone"), Map.of())));
    ClientSession other = cluster.node(1).join();
    AtomicInteger testaments = new AtomicInteger();
    await(other.subscribe("com.gone", event -> testaments.incrementAndGet()));
    AtomicInteger heard = new AtomicInteger();
    await(other.subscribe("com.news", event -> heard.incrementAndGet()));
    ClientSession busy = cluster.node(2).join();
    AtomicInteger published = new AtomicInteger();
    Promise<Void> work = Promise.promise();
    goOn(busy, published, work);

    IntStream.range(0, CLIENTS).forEach(number -> stay(number, full));
    assertThat(sessions(full)).isGreaterThanOrEqualTo(CLIENTS);
    until("sessions are ended", () -> full.closes(CloseCause.REBALANCED) > 0);
    until("the node is done", () -> full.metrics().contains("rebalance{state=\"balanced\"} 1"));
    until("all are back", () -> sessions() == CLIENTS + 4);
    enough.set(true);

    await(work.future());
    // The mean is 21, with a margin of four times its root.
    assertThat(sessions(full)).isLessThan(40);
    assertThat(sessions(cluster.node(1))).isGreaterThan(5);
    assertThat(sessions(cluster.node(2))).isGreaterThan(5);
    assertThat(ends).containsExactly(CloseReason.Kind.TRANSPORT_LOST);
    assertThat(cluster.node(1).closes(CloseCause.REBALANCED)).isZero();
    assertThat(cluster.node(2).closes(CloseCause.REBALANCED)).isZero();
    assertThat(callee.closed().isComplete()).as("who is called stays").isFalse();
    assertThat(testator.closed().isComplete()).as("who leaves a testament stays").isFalse();
    assertThat(testaments).hasValue(0);
    until("every event was heard", () -> heard.get() == published.get());
  }

  /** A call and an acknowledged event, again and again; fails with the first that fails. */
  private void goOn(ClientSession session, AtomicInteger published, Promise<Void> done) {
    session
        .call("com.echo", Arguments.of(1))
        .compose(
            answer ->
                session.publishAcknowledged("com.news", Arguments.of(1), PublishOptions.DEFAULT))
        .onFailure(done::fail)
        .onSuccess(
            id -> {
              published.incrementAndGet();
              if (enough.get()) {
                done.complete();
              } else {
                cluster.node(2).clients().setTimer(2, timer -> goOn(session, published, done));
              }
            });
  }
}
