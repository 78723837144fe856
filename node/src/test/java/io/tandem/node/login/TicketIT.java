package io.tandem.node.login;

import static io.tandem.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.client.ClientAuthentication;
import io.tandem.client.ClientOptions;
import io.tandem.client.ClientSession;
import io.tandem.node.auth.Opening;
import io.tandem.node.testing.TestNode;
import io.tandem.protocol.message.Authenticate;
import io.tandem.protocol.message.Challenge;
import io.tandem.testing.Patience;
import io.vertx.core.Future;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that log in to a whole node with tickets. */
class TicketIT {

  @TempDir Path directory;

  private TestNode node;

  @BeforeEach
  void start() throws Exception {
    Path ticket = Files.writeString(directory.resolve("joe.ticket"), "joe-s secret\n");
    node =
        TestNode.start(
            TestNode.LISTENER
                + TestNode.MANAGEMENT
                + """
                lanes: 2
                failedLogins: {perAuthid: 4, pause: 1h, longestPause: 1h, forgetAfter: 1h}
                realms:
                  - name: realm1
                    auth:
                      ticket:
                        principals:
                          - authid: joe
                            role: user
                            ticket: {file: %s}
                    roles:
                      - name: user
                        permissions:
                          - {uri: "", match: prefix, allow: [call, register]}
                """
                    .formatted(ticket));
  }

  @AfterEach
  void stop() {
    node.close();
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

  private ClientSession join(String url, String authid, String ticket) {
    return await(
        ClientSession.connect(
            node.clients(),
            ClientOptions.to(url, "realm1")
                .withHelloTimeout(Patience.LIMIT)
                .withAuthentication(new Ticket(authid, ticket))));
  }

  @Test
  void whoHasItsTicketJoinsOverEveryTransport() {
    for (String url : List.of(node.webSocket(), node.rawSocket())) {
      ClientSession joe = join(url, "joe", "joe-s secret");
      await(joe.register("com." + joe.id(), call -> Future.succeededFuture(call.arguments())));
    }
    assertThat(node.metrics()).doesNotContain("joe-s secret");
  }

  @Test
  void whoHasNotIsDenied() {
    for (String[] wrong : new String[][] {{"joe", "jane-s secret"}, {"jane", "joe-s secret"}}) {
      assertThatThrownBy(() -> join(node.webSocket(), wrong[0], wrong[1]))
          .hasStackTraceContaining("wamp.error.authentication_denied")
          .hasStackTraceContaining("the authid or the ticket is wrong");
    }
    assertThatThrownBy(() -> node.join())
        .hasStackTraceContaining("wamp.error.authentication_required");
  }

  @Test
  void failuresOnAllLanesAndTransportsAreCountedTogether() {
    List<String> urls = List.of(node.webSocket(), node.rawSocket());
    for (int i = 0; i < 4; i++) {
      String url = urls.get(i % 2);
      assertThatThrownBy(() -> join(url, "joe", "jane-s secret"))
          .hasStackTraceContaining("the authid or the ticket is wrong");
    }
    for (String url : urls) {
      assertThatThrownBy(() -> join(url, "joe", "joe-s secret"))
          .hasStackTraceContaining("wamp.error.authentication_denied")
          .hasStackTraceContaining("too many attempts have failed");
    }
    assertThat(node.metric("tandem_logins_failed_total")).isEqualTo(4);
    assertThat(node.metric("tandem_logins_paused_total")).isEqualTo(2);
  }

  /** What a browser sends along takes some KiB, and idle sessions are many. */
  @Test
  void nothingIsLeftOfTheHeadersOfSessionsThatHaveJoined() throws Exception {
    List<ClientSession> sessions = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      sessions.add(join(node.webSocket(), "joe", "joe-s secret"));
    }
    assertThat(instances(Opening.class)).isZero();
    assertThat(instances(Login.class)).isZero();
    assertThat(sessions).hasSize(20);
  }

  /** How many objects of a class live. */
  private static long instances(Class<?> type) throws Exception {
    String histogram =
        (String)
            ManagementFactory.getPlatformMBeanServer()
                .invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "gcClassHistogram",
                    new Object[] {new String[0]},
                    new String[] {String[].class.getName()});
    return histogram
        .lines()
        .map(line -> line.strip().split("\\s+"))
        .filter(words -> words.length > 3 && words[3].equals(type.getName()))
        .mapToLong(words -> Long.parseLong(words[1]))
        .sum();
  }
}
