package io.tandem.node.login;

import static io.tandem.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.config.Configurations;
import io.tandem.node.testing.ByteClient.Line;
import io.tandem.node.testing.TestNode;
import io.tandem.node.testing.WebSocketClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Browsers whose login a cluster of two nodes remembers. */
class CookieIT {

  private static final Pattern GIVEN = Pattern.compile("Set-Cookie: tandem=([^;]+);");
  private static final String GOODBYE = "[6,{},\"wamp.close.goodbye_and_out\"]";
  private static final String TICKET =
      "ticket: {principals: [{authid: joe, role: user, ticket: {file: %s}}]}";
  private static final String KEYS =
      "cryptosign: {principals: [{authid: joe, role: user, keys: ["
          + "1adfc8bfe1d35616e64dffbd900096f23b066f914c8c2ffbb66f6075b96e116d]}]}";

  @TempDir Path directory;

  private final String cluster = "test-" + UUID.randomUUID();
  private final List<TestNode> nodes = new ArrayList<>();
  private final List<WebSocketClient> browsers = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    Files.writeString(directory.resolve("joe"), "joe-s secret");
    Files.writeString(directory.resolve("new"), "joe-s new secret");
    nodes.add(TestNode.start(configuration("", realm("cookie: {}, " + ticket("joe"), "user"))));
    nodes.add(TestNode.start(configuration(join(), realm("cookie: {}, " + ticket("joe"), "user"))));
  }

  @AfterEach
  void stop() {
    browsers.forEach(WebSocketClient::hangUp);
    nodes.forEach(TestNode::close);
  }

  private String join() {
    return ", join: [\"127.0.0.1:" + nodes.get(0).node().clusterPort() + "\"]";
  }

  private String ticket(String file) {
    return TICKET.formatted(directory.resolve(file));
  }

  private static String realm(String auth, String... roles) {
    StringBuilder all =
        new StringBuilder("realms:\n  - name: realm1\n    auth: {" + auth + "}\n    roles:\n");
    for (String role : roles) {
      all.append("      - {name: ").append(role).append("}\n");
    }
    return all.toString();
  }

  private String configuration(String join, String realms) {
    return "listeners:\n  - port: 0\n    cookie: {}\n    origins: [\"https://app.example.com\"]\n"
        + TestNode.MANAGEMENT
        + realms
        + "lanes: 2\ncluster: {port: 0, name: "
        + cluster
        + join
        + "}\n";
  }

  /** Another configuration for both nodes. */
  private void reload(String auth, String... roles) throws Exception {
    String realms = realm(auth, roles);
    await(nodes.get(0).node().reload(Configurations.parse("a", configuration("", realms))));
    await(nodes.get(1).node().reload(Configurations.parse("b", configuration(join(), realms))));
  }

  /** A browser's connection to a node, and the cookie that it has then. */
  private final class Browser {
    final WebSocketClient socket;
    final String cookie;

    Browser(int node, @Nullable String shown) {
      socket = WebSocketClient.unopened(Line.tcp(nodes.get(node).port()));
      browsers.add(socket);
      String head =
          socket.upgrade(
              "/ws",
              "Sec-WebSocket-Protocol: wamp.2.json",
              "Origin: https://app.example.com",
              shown == null ? "Accept: */*" : "Cookie: tandem=" + shown);
      Matcher given = GIVEN.matcher(head);
      cookie = given.find() ? given.group(1) : String.valueOf(shown);
    }

    String says(String message) {
      socket.say(message);
      return socket.hear();
    }

    String hello(String methods) {
      return says(
          "[1,\"realm1\",{\"roles\":{\"caller\":{}},\"authid\":\"joe\",\"authmethods\":["
              + methods
              + "]}]");
    }

    void logIn() {
      assertThat(hello("\"cookie\",\"ticket\"")).startsWith("[4,\"ticket\"");
      assertThat(says("[5,\"joe-s secret\",{}]")).startsWith("[2,").contains("\"ticket\"");
    }
  }

  private String byCookie(int node, String cookie) {
    return new Browser(node, cookie).hello("\"cookie\"");
  }

  private static void assertUnknown(String answer) {
    assertThat(answer).startsWith("[3,").contains("wamp.error.authentication_required");
  }

  @Test
  void whoHasLoggedInOnOneNodeComesInByItsCookieOnAll() {
    Browser first = new Browser(0, null);
    assertUnknown(byCookie(1, first.cookie));
    first.logIn();
    for (int node : new int[] {1, 0, 1, 0}) {
      assertThat(byCookie(node, first.cookie))
          .startsWith("[2,")
          .contains("\"authmethod\":\"cookie\"")
          .contains("\"authid\":\"joe\"")
          .contains("\"authrole\":\"user\"")
          .contains("\"authprovider\":\"static\"");
    }
    assertUnknown(byCookie(0, new Browser(0, null).cookie));
    assertThat(nodes.get(0).metrics()).doesNotContain(first.cookie);
  }

  /** As AutobahnJS does it: {@code connection.close('wamp.close.logout')}. */
  @Test
  void whoLogsOutIsUnknownOnAllNodesFromTheAnswerOn() {
    Browser first = new Browser(0, null);
    first.logIn();
    Browser second = new Browser(1, first.cookie);
    assertThat(second.hello("\"cookie\"")).startsWith("[2,");
    assertThat(new Browser(0, first.cookie).hello("\"cookie\"")).startsWith("[2,");

    assertThat(second.says("[6,{},\"wamp.close.normal\"]")).isEqualTo(GOODBYE);
    assertThat(byCookie(0, first.cookie)).as("leaving is no logout").startsWith("[2,");
    assertThat(second.hello("\"cookie\"")).as("on the same connection").startsWith("[2,");

    assertThat(second.says("[6,{},\"wamp.close.logout\"]")).isEqualTo(GOODBYE);
    assertUnknown(byCookie(0, first.cookie));
    assertUnknown(byCookie(1, first.cookie));

    new Browser(1, first.cookie).logIn();
    assertThat(byCookie(0, first.cookie)).startsWith("[2,");
  }

  @Test
  void loginSurvivesTheNodeOnWhichItWasMade() {
    Browser first = new Browser(0, null);
    first.logIn();
    first.socket.hangUp();
    nodes.remove(0).close();
    assertThat(byCookie(0, first.cookie)).startsWith("[2,");
  }

  @Test
  void reloadLeavesNoWayInForWhomItTakesAway() throws Exception {
    String cookie = new Browser(0, null).cookie;
    new Browser(0, cookie).logIn();
    String all = "cookie: {}, " + ticket("joe");

    reload("cookie: {}, " + ticket("new"), "user");
    assertUnknown(byCookie(1, cookie)); // another ticket
    reload("cookie: {}, " + KEYS, "user");
    assertUnknown(byCookie(1, cookie)); // without the method by which joe had logged in
    reload(all.replace("authid: joe", "authid: ann"), "user");
    assertUnknown(byCookie(1, cookie)); // without joe
    reload(all.replace("role: user", "role: other"), "user", "other");
    assertUnknown(byCookie(1, cookie)); // in another role
    reload(ticket("joe"), "user");
    assertThat(byCookie(1, cookie)) // without the method itself
        .startsWith("[3,")
        .contains("wamp.error.no_matching_auth_method");

    reload(all, "user", "more");
    assertThat(byCookie(1, cookie)).startsWith("[2,");
  }

  @Test
  void logoutIsHeardAlsoWhileTheMethodIsNotThere() throws Exception {
    Browser first = new Browser(0, null);
    first.logIn();
    reload(ticket("joe"), "user");
    assertThat(first.says("[6,{},\"wamp.close.logout\"]")).isEqualTo(GOODBYE);
    reload("cookie: {}, " + ticket("joe"), "user");
    assertUnknown(byCookie(1, first.cookie));
  }
}
