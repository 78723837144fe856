package io.tandem.node.cluster;

import static io.tandem.testing.Patience.await;
import static io.tandem.testing.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.client.Arguments;
import io.tandem.client.ClientSession;
import io.tandem.client.RegisterOptions;
import io.tandem.node.testing.TestCluster;
import io.tandem.node.testing.TestNode;
import io.tandem.node.testing.TestProcess;
import io.tandem.testing.Conformance;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What three nodes tell of each other's subscriptions and registrations, also of a killed one's.
 */
class RegistryMetaIT {

  /** Subscribes on one node, and remembers what it is told: event, session and ID, in order. */
  private static final class Watcher {
    final ClientSession session;
    final Queue<String> told = new ConcurrentLinkedQueue<>();

    Watcher(TestNode node) {
      session = node.join();
      for (String name : List.of("create", "subscribe", "unsubscribe", "delete")) {
        watch("wamp.subscription.on_" + name);
      }
      for (String name : List.of("create", "register", "unregister", "delete")) {
        watch("wamp.registration.on_" + name);
      }
    }

    private void watch(String topic) {
      await(
          session.subscribe(
              topic,
              event -> {
                List<?> args = event.arguments().args();
                Object id =
                    args.get(1) instanceof Map<?, ?> details ? details.get("id") : args.get(1);
                told.add(topic.substring(5) + " " + args.get(0) + " " + id);
              }));
    }

    Object call(String procedure, Object... args) {
      return await(session.call(procedure, Arguments.of(args))).args().get(0);
    }

    List<String> of(String kind, Object id) {
      return told.stream()
          .filter(event -> event.startsWith(kind) && event.endsWith(" " + id))
          .toList();
    }
  }

  private TestCluster cluster;
  private TestProcess third;

  @BeforeEach
  void start() {
    cluster = TestCluster.start(2);
    third = cluster.joinProcess();
    cluster.untilAgreed(3);
  }

  @AfterEach
  void end() {
    third.close();
    cluster.close();
  }

  private static void subscribes(ClientSession session, String topic) {
    await(session.subscribe(topic, event -> {}));
  }

  private static void registers(ClientSession session, String procedure) {
    await(
        session.register(
            procedure,
            RegisterOptions.DEFAULT.withInvoke(RegisterOptions.Invoke.ROUNDROBIN),
            invocation -> Future.succeededFuture(Arguments.none())));
  }

  @Test
  @Conformance({"META-01", "META-06"})
  void whatIsSubscribedToAndRegisteredOnAnyNodeIsToldOnAllOfThem() {
    List<Watcher> watchers = cluster.nodes().stream().map(Watcher::new).toList();
    List<ClientSession> sessions =
        List.of(cluster.node(0).join(), cluster.node(1).join(), third.join());
    for (ClientSession session : sessions) {
      subscribes(session, "com.topic");
      registers(session, "com.procedure");
    }
    List<Long> ids = sessions.stream().map(ClientSession::id).toList();
    for (Watcher watcher : watchers) {
      Object topic = watcher.call("wamp.subscription.lookup", "com.topic");
      Object procedure = watcher.call("wamp.registration.match", "com.procedure");
      assertThat(watcher.call("wamp.subscription.match", "com.topic")).isEqualTo(List.of(topic));
      assertThat((List<?>) watcher.call("wamp.subscription.list_subscribers", topic))
          .asInstanceOf(InstanceOfAssertFactories.list(Long.class))
          .containsExactlyInAnyOrderElementsOf(ids);
      assertThat(watcher.call("wamp.subscription.count_subscribers", topic)).isEqualTo(3L);
      assertThat(watcher.call("wamp.registration.list_callees", procedure)).isEqualTo(ids);
      assertThat(((Map<?, ?>) watcher.call("wamp.registration.list")).get("exact"))
          .isEqualTo(List.of(procedure));
      assertThat(((Map<?, ?>) watcher.call("wamp.registration.get", procedure)).get("invoke"))
          .isEqualTo("roundrobin");
      until("all are told", () -> watcher.of("subscription", topic).size() == 4);
      until("all are told", () -> watcher.of("registration", procedure).size() == 4);
      assertThat(watcher.of("subscription.on_create", topic))
          .containsExactly("subscription.on_create " + ids.get(0) + " " + topic);
      assertThat(watcher.of("registration.on_register", procedure))
          .containsExactlyInAnyOrderElementsOf(
              ids.stream().map(id -> "registration.on_register " + id + " " + procedure).toList());
    }
    for (ClientSession session : sessions) {
      await(session.close());
    }
    for (Watcher watcher : watchers) {
      until("it is gone", () -> watcher.told.stream().anyMatch(RegistryMetaIT::endsTopic));
      until("it is gone", () -> watcher.told.stream().anyMatch(RegistryMetaIT::endsProcedure));
      assertThat(watcher.told).as("each once").hasSize(16).doesNotHaveDuplicates();
    }
  }

  private static boolean endsTopic(String event) {
    return event.startsWith("subscription.on_delete");
  }

  private static boolean endsProcedure(String event) {
    return event.startsWith("registration.on_delete");
  }

  /** Its subscribers nobody knows; what else it held is told of once. */
  @Test
  @Conformance({"META-REG-03", "META-REG-04", "META-SUB-04"})
  void whatAKilledNodeHeldIsToldOfOnce() {
    List<Watcher> watchers = cluster.nodes().stream().map(Watcher::new).toList();
    ClientSession stays = cluster.node(0).join();
    ClientSession one = third.join();
    ClientSession two = third.join();
    registers(one, "com.alone");
    registers(two, "com.alone");
    registers(two, "com.shared");
    registers(stays, "com.shared");
    subscribes(one, "com.alone");
    subscribes(one, "com.shared");
    subscribes(stays, "com.shared");
    Watcher first = watchers.get(0);
    Object alone = first.call("wamp.registration.lookup", "com.alone");
    Object shared = first.call("wamp.registration.lookup", "com.shared");
    Object topic = first.call("wamp.subscription.lookup", "com.alone");
    for (Watcher watcher : watchers) {
      until("all is told", () -> watcher.told.size() == 6 + 5);
      watcher.told.clear();
    }

    third.kill();

    for (Watcher watcher : watchers) {
      until("all is told", () -> watcher.told.size() == 5);
      assertThat(watcher.of("registration", alone))
          .containsExactlyInAnyOrder(
              "registration.on_unregister " + one.id() + " " + alone,
              "registration.on_unregister " + two.id() + " " + alone,
              watcher.of("registration.on_delete", alone).get(0));
      assertThat(watcher.of("registration.on_delete", alone)).hasSize(1);
      assertThat(watcher.of("registration", shared))
          .containsExactly("registration.on_unregister " + two.id() + " " + shared);
      assertThat(watcher.of("subscription", topic))
          .singleElement()
          .asString()
          .startsWith("subscription.on_delete");
      assertThat(watcher.call("wamp.registration.list_callees", shared))
          .isEqualTo(List.of(stays.id()));
      assertThat(watcher.call("wamp.subscription.match", "com.shared")).isNotNull();
      assertThat(watcher.call("wamp.subscription.lookup", "com.alone")).isNull();
    }
  }
}
