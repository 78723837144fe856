package io.tandem.node.cluster;

import static io.tandem.testing.Patience.await;
import static io.tandem.testing.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.client.Arguments;
import io.tandem.client.ClientSession;
import io.tandem.client.PublishOptions;
import io.tandem.client.TransportOptions;
import io.tandem.client.WireConnection;
import io.tandem.node.testing.TestCluster;
import io.tandem.node.testing.TestNode;
import io.tandem.node.testing.TestProcess;
import io.tandem.protocol.message.Event;
import io.tandem.protocol.message.Hello;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.Subscribe;
import io.tandem.protocol.message.Subscribed;
import io.tandem.protocol.message.Welcome;
import io.tandem.testing.Conformance;
import io.tandem.testing.Patience;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is left of the sessions of a node that is killed, under load. */
class LastWordsIT {

  private static final String REALMS =
      """
      realms:
        - name: realm1
          auth: {anonymous: {role: anonymous}}
          roles:
            - name: anonymous
              permissions:
                - {uri: "", match: prefix, allow: [call, register, publish, subscribe]}
                - {uri: wamp., match: prefix, allow: [call, subscribe]}
      """;

  private static final String LAST_WORDS = "com.example.last";
  private static final String ECHO = "com.example.echo";
  private static final String NOISE = "com.example.noise";

  /** Sessions of a node that dies at once. */
  private static final int HOLDERS = 20;

  /** Who is told on a node that lives on, in the order heard. */
  private static final class Survivor {
    final TestNode node;
    final ClientSession session;
    final Collection<Object> testaments = new ConcurrentLinkedQueue<>();
    final Collection<Object> left = new ConcurrentLinkedQueue<>();

    Survivor(TestNode node) {
      this.node = node;
      session = node.join();
      await(session.subscribe(LAST_WORDS, event -> testaments.add(event.arguments().args())));
      await(
          session.subscribe(
              "wamp.session.on_leave", event -> left.add(event.arguments().args().get(0))));
    }

    List<Object> testamentsOf(Object round) {
      return testaments.stream().filter(List.of(round)::equals).toList();
    }

    List<Object> leavesOf(long session) {
      return left.stream().filter(gone -> gone.equals(session)).toList();
    }

    List<?> sessions() {
      return call("wamp.session.list").arg(0, List.class);
    }

    Arguments call(String procedure, Object... args) {
      return await(session.call(procedure, Arguments.of(args)));
    }
  }

  private TestCluster cluster;
  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicLong answered = new AtomicLong();

  @BeforeEach
  void start() {
    cluster = TestCluster.serving(2, REALMS);
  }

  @AfterEach
  void end() {
    over.set(true);
    cluster.close();
  }

  /** {@code -Dtandem.repeat=20} does it so often. */
  @Test
  @Conformance({"PS-TEST-10", "PS-RET-05", "META-SES-02"})
  void testamentComesOnceWhatWasRetainedIsThereAndTheSessionIsGone() {
    List<Survivor> survivors = cluster.nodes().stream().map(Survivor::new).toList();
    load();
    int times = Integer.getInteger("tandem.repeat", 2);
    for (int round = 0; round < times; round++) {
      try (TestProcess doomed = cluster.joinProcess()) {
        cluster.untilAgreed(3);
        killed(doomed, survivors, "round " + round);
      }
      cluster.untilAmongThemselves();
    }
    if (times > 2) {
      System.out.printf("%d nodes killed, %d calls answered meanwhile%n", times, answered.get());
    }
  }

  /**
   * Parts of the record move to a node that has just come. {@code -Dtandem.repeat=20} does it so
   * often.
   */
  @Test
  @Conformance("PS-TEST-10")
  void testamentsAreThereThoughTheirNodeDiesTheMomentTheyAreAnswered() {
    List<Survivor> survivors = cluster.nodes().stream().map(Survivor::new).toList();
    int times = Integer.getInteger("tandem.repeat", 1);
    int answered = 0;
    for (int round = 0; round < times; round++) {
      Map<Object, Future<?>> added = new LinkedHashMap<>();
      try (TestProcess doomed = cluster.joinProcess()) {
        for (int holder = 0; holder < HOLDERS; holder++) {
          String testament = "holder " + holder + " of round " + round;
          added.put(
              testament,
              doomed
                  .join()
                  .call(
                      "wamp.session.add_testament",
                      Arguments.of(LAST_WORDS, List.of(testament), Map.of())));
        }
        // Not all of them: the last are caught in the middle.
        added.values().stream().limit(HOLDERS - 2).forEach(Patience::await);
        List<Object> sure =
            added.keySet().stream().filter(each -> added.get(each).succeeded()).toList();
        doomed.kill();
        answered += sure.size();
        for (Survivor survivor : survivors) {
          for (Object testament : sure) {
            until(testament.toString(), () -> !survivor.testamentsOf(testament).isEmpty());
          }
        }
      }
      cluster.untilAmongThemselves();
      cluster.untilAgreed(2);
      for (Survivor survivor : survivors) {
        added.keySet().forEach(each -> assertThat(survivor.testamentsOf(each)).hasSizeLessThan(2));
      }
    }
    if (times > 1) {
      System.out.printf("%d nodes killed, %d testaments had been answered%n", times, answered);
    }
  }

  private void killed(TestProcess doomed, List<Survivor> survivors, String round) {
    ClientSession holder = doomed.join();
    String topic = "com.example.state." + round.replace(' ', '-');
    await(
        holder.call(
            "wamp.session.add_testament", Arguments.of(LAST_WORDS, List.of(round), Map.of())));
    await(
        holder.publish(
            topic,
            Arguments.of(round),
            PublishOptions.DEFAULT.with(Keys.RETAIN, true).with(Keys.ACKNOWLEDGE, true)));
    for (Survivor survivor : survivors) {
      // A node that has not heard of it yet tells of it when it does.
      assertThat(event(survivor.node, topic).payload().args()).isEqualTo(List.of(round));
    }
    long answeredBefore = answered.get();
    until("calls go on", () -> answered.get() > answeredBefore + 100);

    cluster.untilBackedUp();
    doomed.kill();

    for (Survivor survivor : survivors) {
      until("the testament", () -> !survivor.testamentsOf(round).isEmpty());
      until("the leave", () -> !survivor.leavesOf(holder.id()).isEmpty());
      assertThatThrownBy(() -> survivor.call("wamp.session.get", holder.id()))
          .hasStackTraceContaining("wamp.error.no_such_session");
      Event event = event(survivor.node, topic);
      assertThat(event.details().is(Keys.RETAINED)).isTrue();
      assertThat(event.payload().args()).isEqualTo(List.of(round));
    }
    cluster.untilAgreed(2);
    for (Survivor survivor : survivors) {
      // What was on its way is in with what comes after it.
      assertThat(survivor.testamentsOf(round)).hasSize(1);
      assertThat(survivor.leavesOf(holder.id())).hasSize(1);
      assertThat(survivor.sessions().contains(holder.id())).isFalse();
    }
  }

  /** What a new subscriber is told first. */
  private static Event event(TestNode node, String topic) {
    WireConnection fresh = node.connect(TransportOptions.to(node.webSocket()));
    fresh.send(new Hello("realm1", Options.of(Keys.ROLES, Map.of("subscriber", Map.of()))));
    assertThat(await(fresh.next())).isInstanceOf(Welcome.class);
    fresh.send(new Subscribe(1, Options.of(Keys.GET_RETAINED, true), topic));
    assertThat(await(fresh.next())).isInstanceOf(Subscribed.class);
    Event event = (Event) await(fresh.next());
    await(fresh.close());
    return event;
  }

  /** Calls and events between the two that live on, until the end. */
  private void load() {
    ClientSession caller = cluster.node(0).join();
    ClientSession callee = cluster.node(1).join();
    await(callee.register(ECHO, call -> Future.succeededFuture(call.arguments())));
    await(callee.subscribe(NOISE, event -> {}));
    call(caller);
  }

  private void call(ClientSession caller) {
    if (over.get()) {
      return;
    }
    caller.publish(NOISE, Arguments.of("noise"));
    caller
        .call(ECHO, Arguments.of(1))
        .onSuccess(
            answer -> {
              answered.incrementAndGet();
              call(caller);
            });
  }
}
