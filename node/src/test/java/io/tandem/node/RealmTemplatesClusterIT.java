package io.tandem.node;

import static io.tandem.testing.Patience.await;
import static io.tandem.testing.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.client.Arguments;
import io.tandem.client.ClientOptions;
import io.tandem.client.ClientSession;
import io.tandem.node.router.Router;
import io.tandem.node.testing.TestCluster;
import io.tandem.node.testing.TestNode;
import io.tandem.node.testing.TestProcess;
import io.tandem.testing.Conformance;
import io.tandem.testing.Patience;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Realms made from a template on nodes of a cluster, each for its own clients. */
class RealmTemplatesClusterIT {

  private static final String TENANT = "com.tenant.a";

  private static final String REALMS =
      TestNode.REALM
          + """
            - name: com.tenant.
              template: {closeWhenEmptyFor: 1s}
              auth: {anonymous: {role: guest}}
              roles:
                - name: guest
                  permissions:
                    - {uri: "", match: prefix, allow: [call, register, publish, subscribe]}
          """;

  private static ClientSession join(TestNode node) {
    return await(
        ClientSession.connect(
            node.clients(),
            ClientOptions.to(node.webSocket(), TENANT).withHelloTimeout(Patience.LIMIT)));
  }

  private static Router router(TestNode node) {
    return node.node().lanes().get(0).router();
  }

  private static boolean isOpen(TestNode node) {
    return router(node).realms().stream().anyMatch(realm -> realm.name().equals(TENANT));
  }

  @Test
  @Conformance("SES-04")
  void realmThatIsOpenedOnAnotherNodeLaterIsTheSameRealm() {
    try (TestCluster cluster = TestCluster.serving(2, REALMS)) {
      TestNode here = cluster.node(0);
      TestNode there = cluster.node(1);
      ClientSession callee = join(here);
      await(callee.register("com.echo", call -> Future.succeededFuture(call.arguments())));
      List<Object> heard = new CopyOnWriteArrayList<>();
      await(callee.subscribe("com.news", event -> heard.add(event.arguments().args().get(0))));
      assertThat(isOpen(there)).isFalse();
      assertThat(await(callee.call("wamp.session.count", Arguments.of())).args().get(0))
          .hasToString("1");
      for (int round = 0; round < 2; round++) {
        ClientSession caller = join(there);
        assertThat(await(caller.call("com.echo", Arguments.of("round " + round))))
            .isEqualTo(Arguments.of("round " + round));
        await(caller.publish("com.news", Arguments.of("round " + round)));
        int events = round + 1;
        until("the event has come", () -> heard.size() == events);
        assertThat(await(caller.call("wamp.session.count", Arguments.of())).args().get(0))
            .hasToString("2");
        await(caller.close());
        until("it is closed there", () -> !isOpen(there));
        until("no meter is left", () -> !there.metrics().contains(TENANT));
        assertThat(isOpen(here)).isTrue();
      }
      assertThat(router(there).tables().known(TENANT)).isNotNull();
      await(callee.close());
      until("it is closed here", () -> !isOpen(here));
      until(
          "neither node has a table of it",
          () -> cluster.nodes().stream().allMatch(it -> router(it).tables().known(TENANT) == null));
      cluster.untilAgreed(2);
    }
  }

  @Test
  void whoListensHearsThatSessionsOfADeadNodeHaveLeftWhereverThatIsTold() {
    try (TestCluster cluster = TestCluster.serving(2, REALMS);
        TestProcess third = cluster.joinProcess()) {
      cluster.untilAgreed(3);
      // The oldest node frees what others held, and has no such realm.
      TestNode listens = cluster.node(1);
      ClientSession watcher = join(listens);
      List<Object> left = new CopyOnWriteArrayList<>();
      await(
          watcher.subscribe(
              "wamp.session.on_leave", event -> left.add(event.arguments().args().get(0))));
      List<Object> joined = new CopyOnWriteArrayList<>();
      await(
          watcher.subscribe(
              "wamp.session.on_join",
              event -> joined.add(event.arguments().arg(0, Map.class).get("session"))));
      ClientSession dies = third.join(TENANT);
      until("the nodes know of the session", () -> joined.contains(dies.id()));
      assertThat(isOpen(cluster.node(0))).isFalse();
      third.kill();
      until("it is told", () -> left.contains(dies.id()));
      until("the realm is closed again", () -> !isOpen(cluster.node(0)));
    }
  }
}
