package io.tandem.node.cluster;

import static io.tandem.testing.Patience.await;
import static io.tandem.testing.Patience.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.client.Arguments;
import io.tandem.client.ClientAuthentication;
import io.tandem.client.ClientOptions;
import io.tandem.client.ClientSession;
import io.tandem.client.Invocation;
import io.tandem.client.ProcedureHandler;
import io.tandem.client.Registration;
import io.tandem.client.WampException;
import io.tandem.node.testing.TestCluster;
import io.tandem.node.testing.TestNode;
import io.tandem.protocol.message.Authenticate;
import io.tandem.protocol.message.Challenge;
import io.tandem.testing.Conformance;
import io.tandem.testing.Patience;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Three nodes; who comes in and what they may do is decided by procedures of clients on one. */
class RightsIT {

  private static final String AUTHENTICATOR = "com.judge.who";
  private static final String AUTHORIZER = "com.judge.may";
  private static final String ECHO = "com.shop.echo";

  private static final String REALMS =
      """
      realms:
        - name: realm1
          auth:
            anonymous: {role: service}
            dynamic: {methods: [ticket], procedure: com.judge.who, timeout: 2s, allowPlainText: true}
          roles:
            - name: service
              permissions:
                - {uri: "", match: prefix, allow: [call, register, publish, subscribe]}
            - name: user
              permissions:
                - {uri: com.shop.echo, allow: [call]}
              authorizer: {procedure: com.judge.may}
      """;

  private static final String FEWER_RIGHTS =
      REALMS.replace("echo, allow: [call]", "echo, allow: []");

  private static final ProcedureHandler ECHOES = call -> Future.succeededFuture(call.arguments());

  private static TestCluster cluster;

  private final List<ClientSession> sessions = new ArrayList<>();

  @BeforeAll
  static void start() {
    cluster = TestCluster.serving(3, REALMS);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @AfterEach
  void leave() {
    sessions.forEach(session -> await(session.close()));
    cluster.untilAgreed(3);
  }

  /** A client that may do everything. */
  private ClientSession service(int node) {
    ClientSession service = cluster.node(node).join();
    sessions.add(service);
    return service;
  }

  private Registration serves(ClientSession session, String procedure, ProcedureHandler handler) {
    Registration registration = await(session.register(procedure, handler));
    cluster.untilAgreed(3);
    return registration;
  }

  private record Ticket(String authid, String ticket) implements ClientAuthentication {

    @Override
    public List<String> methods() {
      return List.of("ticket");
    }

    @Override
    public Future<Authenticate> onChallenge(Challenge challenge) {
      return Future.succeededFuture(new Authenticate(ticket, Map.of()));
    }
  }

  private static Future<ClientSession> comes(TestNode node, String ticket) {
    return ClientSession.connect(
        node.clients(),
        ClientOptions.to(node.webSocket(), "realm1")
            .withHelloTimeout(Patience.LIMIT)
            .withAuthentication(new Ticket("joe", ticket)));
  }

  private ClientSession joe(int node) {
    ClientSession joe = await(comes(cluster.node(node), "right"));
    sessions.add(joe);
    return joe;
  }

  /** Says that who shows the right ticket is a user. */
  private static Future<Arguments> judges(Invocation call) {
    @SuppressWarnings("unchecked")
    Map<String, Object> details = (Map<String, Object>) call.arguments().args().get(2);
    return "right".equals(details.get("ticket"))
        ? Future.succeededFuture(Arguments.of("user"))
        : Future.failedFuture(new WampException("com.judge.no", Arguments.of("who are you?")));
  }

  @Test
  @Conformance("AUTH-12")
  void clientsOfAllNodesAreJudgedByAProcedureOnOneOfThem() {
    serves(service(2), AUTHENTICATOR, RightsIT::judges);
    for (int node = 0; node < 3; node++) {
      ClientSession joe = joe(node);
      assertThat(joe.details().toMap())
          .containsEntry("authid", "joe")
          .containsEntry("authrole", "user")
          .containsEntry("authprovider", "dynamic");
      assertThat(failure(comes(cluster.node(node), "wrong")))
          .hasStackTraceContaining("com.judge.no");
    }
  }

  @Test
  @Conformance("AUTH-05")
  void authenticatorThatIsGoneOrHangsOrTalksNonsenseLetsNobodyIn() {
    ClientSession judge = service(2);
    Registration nonsense =
        serves(judge, AUTHENTICATOR, call -> Future.succeededFuture(Arguments.of(List.of(7))));
    assertNobodyComesIn();
    await(judge.unregister(nonsense));
    cluster.untilAgreed(3);
    assertNobodyComesIn(); // there is none

    Registration hanging =
        serves(judge, AUTHENTICATOR, call -> Promise.<Arguments>promise().future());
    assertNobodyComesIn();
    await(judge.unregister(hanging));

    Promise<Void> asked = Promise.promise();
    serves(
        judge,
        AUTHENTICATOR,
        call -> {
          asked.tryComplete();
          return Promise.<Arguments>promise().future();
        });
    Future<ClientSession> waiting = comes(cluster.node(0), "right");
    await(asked.future());
    await(judge.close()); // while it is asked
    assertThat(failure(waiting)).hasStackTraceContaining("wamp.error.authentication_failed");

    serves(service(1), AUTHENTICATOR, RightsIT::judges);
    joe(0);
  }

  private static void assertNobodyComesIn() {
    for (TestNode node : cluster.nodes()) {
      assertThat(failure(comes(node, "right")))
          .hasStackTraceContaining("wamp.error.authentication_failed");
    }
  }

  @Test
  @Conformance("AZ-08")
  void rightsOnAllNodesAreDecidedByAProcedureOnOneOfThemAndKept() {
    ClientSession judge = service(2);
    serves(judge, AUTHENTICATOR, RightsIT::judges);
    serves(judge, "com.shop.buy", ECHOES);
    serves(judge, "com.shop.steal", ECHOES);
    AtomicInteger asked = new AtomicInteger();
    serves(
        judge,
        AUTHORIZER,
        call -> {
          asked.incrementAndGet();
          Map<String, Object> said = new HashMap<>();
          said.put("allow", "com.shop.buy".equals(call.arguments().args().get(1)));
          said.put("cache", true);
          return Future.succeededFuture(Arguments.of(said));
        });
    for (int node = 0; node < 3; node++) {
      ClientSession joe = joe(node);
      for (int times = 0; times < 3; times++) {
        assertThat(await(joe.call("com.shop.buy", Arguments.of("1")))).isEqualTo(Arguments.of("1"));
        assertThat(failure(joe.call("com.shop.steal", Arguments.none())))
            .hasStackTraceContaining("wamp.error.not_authorized");
      }
      assertThat(asked).hasValue(2 * (node + 1));
    }
    cluster.reload(REALMS); // forgets what was kept, also where nothing else has changed
    await(sessions.get(1).call("com.shop.buy", Arguments.none()));
    assertThat(asked).hasValue(7);
  }

  /**
   * {@code -Dtandem.repeat=100} does it so often, and prints how long it took from the call until
   * live sessions of all nodes were refused.
   */
  @Test
  @Conformance("AZ-02")
  void rightThatIsTakenAwayIsRefusedToLiveSessionsOfAllNodesWhenTheReloadIsDone() {
    ClientSession judge = service(2);
    serves(judge, AUTHENTICATOR, RightsIT::judges);
    serves(judge, ECHO, ECHOES);
    List<ClientSession> users = List.of(joe(0), joe(1), joe(2));
    int times = Integer.getInteger("tandem.repeat", 3);
    List<Duration> took = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      users.forEach(joe -> await(joe.call(ECHO, Arguments.none())));
      long begun = System.nanoTime();
      cluster.reload(FEWER_RIGHTS);
      for (ClientSession joe : users) {
        assertThat(failure(joe.call(ECHO, Arguments.none())))
            .hasStackTraceContaining("wamp.error.not_authorized");
      }
      took.add(Duration.ofNanos(System.nanoTime() - begun));
      cluster.reload(REALMS);
    }
    if (times > 3) {
      Collections.sort(took);
      System.out.printf(
          "%d rights taken away: median %d ms, longest %d ms%n",
          times, took.get(times / 2).toMillis(), took.get(times - 1).toMillis());
    }
  }
}
