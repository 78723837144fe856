package io.tandem.node;

import static io.tandem.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.client.Arguments;
import io.tandem.client.ClientOptions;
import io.tandem.client.ClientSession;
import io.tandem.client.WampException;
import io.tandem.node.router.RealmSettings;
import io.tandem.node.router.Router;
import io.tandem.node.testing.TestNode;
import io.tandem.testing.Conformance;
import io.tandem.testing.Patience;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A node whose realms are made from templates. */
class RealmTemplatesIT {

  private static final String ANYTHING =
      "permissions: [{uri: \"\", match: prefix, allow: [call, register, publish, subscribe]}]";

  private static final Pattern METER = Pattern.compile("realm=\"([^\"]*)\"");

  private static String template(String name, String template) {
    return """
      - name: %s
        template: {%s}
        auth: {anonymous: {role: guest}}
        roles: [{name: guest, %s}]
    """
        .formatted(name, template, ANYTHING);
  }

  private static String yaml(String... templates) {
    return TestNode.LISTENER
        + TestNode.MANAGEMENT
        + "lanes: 2\n"
        + TestNode.REALM
        + String.join("", templates);
  }

  private static Future<ClientSession> joining(TestNode node, String realm) {
    return ClientSession.connect(
        node.clients(), ClientOptions.to(node.webSocket(), realm).withHelloTimeout(Patience.LIMIT));
  }

  private static ClientSession join(TestNode node, String realm) {
    return await(joining(node, realm));
  }

  private static Router router(TestNode node) {
    return node.node().lanes().get(0).router();
  }

  private static List<String> realms(TestNode node) {
    return router(node).realms().stream().map(RealmSettings::name).sorted().toList();
  }

  private static void untilOnly(TestNode node, String... realms) {
    Patience.until("only these realms are open", () -> realms(node).equals(List.of(realms)));
    Patience.until("nothing is left of the others", () -> knows(node).equals(List.of(realms)));
  }

  /** Realms that meters name, if no lane has another one. */
  private static List<String> knows(TestNode node) {
    boolean isLeft =
        !realms(node).contains("com.tenant.a")
            && node.node().lanes().stream().anyMatch(lane -> lane.share("com.tenant.a") != null);
    return isLeft
        ? List.of()
        : METER
            .matcher(node.metrics())
            .results()
            .map(found -> found.group(1))
            .distinct()
            .sorted()
            .toList();
  }

  @Test
  @Conformance("SES-04")
  void realmIsMadeForTheFirstWhoJoinsAndIsGoneWhenNobodyHasBeenThereForAWhile() {
    try (TestNode node = TestNode.start(yaml(template("com.tenant.", "closeWhenEmptyFor: 1s")))) {
      assertThat(realms(node)).containsExactly("realm1");
      for (int round = 0; round < 2; round++) {
        ClientSession one = join(node, "com.tenant.a");
        ClientSession other = join(node, "com.tenant.b");
        assertThat(realms(node)).containsExactly("com.tenant.a", "com.tenant.b", "realm1");
        List<Object> heard = new ArrayList<>();
        await(one.subscribe("com.news", event -> heard.add(event.arguments().args().get(0))));
        await(one.register("com.echo", call -> Future.succeededFuture(call.arguments())));
        await(other.publish("com.news", Arguments.of("of the other")));
        assertThatThrownBy(() -> await(other.call("com.echo", Arguments.of("1"))))
            .hasStackTraceContaining("wamp.error.no_such_procedure");
        ClientSession second = join(node, "com.tenant.a");
        assertThat(await(second.call("com.echo", Arguments.of("1")))).isEqualTo(Arguments.of("1"));
        await(second.publish("com.news", Arguments.of("its own")));
        Patience.until("the event is there", () -> !heard.isEmpty());
        assertThat(heard).containsExactly("its own");
        assertThat(await(second.call("wamp.session.count", Arguments.of())).args().get(0))
            .hasToString("2");
        assertThat(node.metric("tandem_realms")).isEqualTo(3);
        assertThat(node.metric("tandem_subscriptions{realm=\"com.tenant.a\"}")).isEqualTo(1);

        await(one.close());
        await(second.close());
        await(other.close());
        untilOnly(node, "realm1");
        assertThat(router(node).tables().known("com.tenant.a")).isNull();
        assertThat(router(node).memory().used()).isZero();
      }
      assertThat(node.metric("tandem_realms_made_total")).isEqualTo(4);
      node.assertServes();
    }
  }

  @Test
  void whoStaysKeepsItsRealm() {
    try (TestNode node = TestNode.start(yaml(template("com.tenant.", "closeWhenEmptyFor: 1s")))) {
      ClientSession stays = join(node, "com.tenant.b");
      await(join(node, "com.tenant.a").close());
      untilOnly(node, "com.tenant.b", "realm1");
      assertThat(stays.closed().isComplete()).isFalse();
      assertThat(await(stays.call("wamp.session.count", Arguments.of())).args().get(0))
          .hasToString("1");
    }
  }

  @Test
  void thoseWhoComeAtTheSameTimeWaitForOneOpening() {
    try (TestNode node = TestNode.start(yaml(template("com.tenant.", "maxRealms: 1")))) {
      List<Future<ClientSession>> joining =
          IntStream.range(0, 30).mapToObj(i -> joining(node, "com.tenant.a")).toList();
      joining.forEach(Patience::await);
      assertThat(node.metric("tandem_realms_made_total")).isEqualTo(1);
      assertThat(
              await(joining.get(7).result().call("wamp.session.count", Arguments.of()))
                  .args()
                  .get(0))
          .hasToString("30");
    }
  }

  @Test
  void templateHasNoMoreRealmsThanItMay() {
    String two = template("com.tenant.", "maxRealms: 2, closeWhenEmptyFor: 1s");
    try (TestNode node = TestNode.start(yaml(two, template("com.club.", "maxRealms: 1")))) {
      ClientSession leaves = join(node, "com.tenant.a");
      join(node, "com.tenant.b");
      for (int i = 0; i < 10; i++) {
        String name = "com.tenant.more" + i;
        assertThatThrownBy(() -> join(node, name))
            .hasStackTraceContaining("wamp.error.unavailable");
      }
      assertThat(node.metric("tandem_realms_refused_total")).isEqualTo(10);
      assertThat(realms(node)).containsExactly("com.tenant.a", "com.tenant.b", "realm1");
      join(node, "com.tenant.b");
      join(node, "com.club.a");
      await(leaves.close());
      Patience.until("there is room again", () -> !realms(node).contains("com.tenant.a"));
      Patience.until(
          "the next one is open",
          () -> await(joining(node, "com.tenant.c").map(true).otherwise(false)));
    }
  }

  @Test
  void realmsFollowTheirTemplateThroughReloads() {
    String tenants = template("com.tenant.", "closeWhenEmptyFor: 1h");
    try (TestNode node = TestNode.start(yaml(tenants))) {
      ClientSession tenant = join(node, "com.tenant.a");
      ClientSession big = join(node, "com.tenant.big.a");
      await(tenant.register("com.echo", call -> Future.succeededFuture(call.arguments())));

      String strict = tenants.replace("[call, register,", "[register,");
      node.reload(yaml(strict, template("com.tenant.big.", "maxRealms: 5")));
      assertThatThrownBy(() -> await(tenant.call("com.echo", Arguments.of("1"))))
          .hasStackTraceContaining("wamp.error.not_authorized");
      await(big.register("com.echo", call -> Future.succeededFuture(call.arguments())));
      assertThat(await(big.call("com.echo", Arguments.of("1")))).isEqualTo(Arguments.of("1"));

      // The realm gets an entry of its own, and loses its template.
      String own = template("com.tenant.a", "").replace("    template: {}\n", "");
      node.reload(yaml(own));
      assertThat(await(tenant.call("com.echo", Arguments.of("2")))).isEqualTo(Arguments.of("2"));
      assertThat(await(big.closed()).uri()).isEqualTo("wamp.close.close_realm");
      assertThatThrownBy(() -> join(node, "com.tenant.big.a"))
          .hasStackTraceContaining("wamp.error.no_such_realm");
      assertThat(realms(node)).containsExactly("com.tenant.a", "realm1");

      // And the other way round.
      node.reload(yaml(template("com.tenant.", "closeWhenEmptyFor: 1s")));
      assertThat(await(tenant.call("com.echo", Arguments.of("3")))).isEqualTo(Arguments.of("3"));
      await(tenant.close());
      untilOnly(node, "realm1");
    }
  }

  @Test
  void loginsThatFailMakeNoRealm() {
    String tenants =
        """
          - name: com.tenant.
            template: {}
            auth: {dynamic: {methods: [anonymous], procedure: com.who, realm: realm1}}
            roles: [{name: guest}]
        """;
    try (TestNode node = TestNode.start(yaml(tenants))) {
      ClientSession directory = node.join();
      await(
          directory.register(
              "com.who",
              call ->
                  call.arguments().args().get(0).equals("com.tenant.a")
                      ? Future.succeededFuture(Arguments.of("guest"))
                      : Future.failedFuture(new WampException("com.unknown", Arguments.of()))));
      String before = node.metrics().replaceAll("(?m)^.* [0-9.E+-]+$", "");
      for (int i = 0; i < 20; i++) {
        String name = "com.tenant.t" + i;
        assertThatThrownBy(() -> join(node, name)).isNotNull();
      }
      assertThat(realms(node)).containsExactly("realm1");
      assertThat(node.metrics()).doesNotContain("com.tenant");
      assertThat(node.metrics().replaceAll("(?m)^.* [0-9.E+-]+$", "")).isEqualTo(before);
      join(node, "com.tenant.a");
      assertThat(realms(node)).containsExactly("com.tenant.a", "realm1");
    }
  }
}
