package io.tandem.node.login;

import static io.tandem.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.config.Configurations;
import io.tandem.node.credentials.Ed25519;
import io.tandem.node.testing.ByteClient.Line;
import io.tandem.node.testing.TestNode;
import io.tandem.node.testing.WebSocketClient;
import io.tandem.node.trust.CertificateChain;
import io.tandem.node.trust.ShownChain;
import io.tandem.testing.Conformance;
import io.vertx.core.json.JsonArray;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that log in to a whole node by certificates. */
class TrustRootsIT {

  private static final HexFormat HEX = HexFormat.of();
  private static final Pattern CHALLENGE = Pattern.compile("\"challenge\":\"([0-9a-f]{64})\"");
  private static final Pattern COOKIE = Pattern.compile("Set-Cookie: tandem=([^;]+);");

  private final TestNode node = TestNode.start(configuration(ShownChain.ROOT));
  private final List<WebSocketClient> clients = new ArrayList<>();

  @AfterEach
  void stop() {
    clients.forEach(WebSocketClient::hangUp);
    node.close();
  }

  private static String configuration(String root) {
    return """
    listeners: [{port: 0, cookie: {}}]
    management: {port: 0}
    failedLogins: {perAddress: 3, pause: 1h, longestPause: 1h, forgetAfter: 1h}
    realms:
      - name: realm1
        auth:
          cookie: {}
          cryptosign:
            trustRoots:
              - address: "%s"
                role: device
                chainId: 11155111
                verifyingContract: "0x34A20b3817556C57fA3392c0547A5F89242b8AD7"
                realm: "0x3fF849540f0D3E2784aC8b1543A09F557D4930e5"
        roles:
          - {name: device, permissions: [{uri: com.example, match: prefix, allow: [call]}]}
    """
        .formatted(root);
  }

  private final class Client {
    final WebSocketClient socket = WebSocketClient.unopened(Line.tcp(node.port()));
    final String cookie;

    Client(@Nullable String shown) {
      clients.add(socket);
      Matcher given =
          COOKIE.matcher(
              socket.upgrade(
                  "/ws",
                  "Sec-WebSocket-Protocol: wamp.2.json",
                  shown == null ? "Accept: */*" : "Cookie: tandem=" + shown));
      cookie = given.find() ? given.group(1) : String.valueOf(shown);
    }

    String says(String message) {
      socket.say(message);
      return socket.hear();
    }

    String hello(String methods, String extra) {
      return says(
          "[1,\"realm1\",{\"roles\":{\"caller\":{}},\"authmethods\":[%s],\"authextra\":{%s}}]"
              .formatted(methods, extra));
    }

    String logIn(ShownChain shown) {
      String challenged =
          hello(
              "\"cookie\",\"cryptosign\"",
              "\"pubkey\":\"%s\",\"trustroot\":\"%s\",\"certificates\":%s"
                  .formatted(
                      ShownChain.KEY,
                      ShownChain.ROOT,
                      new JsonArray(shown.certificates()).encode()));
      Matcher challenge = CHALLENGE.matcher(challenged);
      if (!challenge.find()) {
        return challenged;
      }
      Ed25519.Pair pair =
          Objects.requireNonNull(Ed25519.Pair.of(HEX.parseHex(ShownChain.PRIVATE_KEY)));
      String signature = HEX.formatHex(pair.sign(HEX.parseHex(challenge.group(1))));
      return says("[5,\"" + signature + challenge.group(1) + "\",{}]");
    }
  }

  @Test
  @Conformance("AUTH-CS-13")
  void clientWhoseKeyNobodyHasListedComesInByItsCertificates() {
    Client client = new Client(null);
    assertThat(client.logIn(new ShownChain()))
        .startsWith("[2,")
        .contains("\"authid\":\"" + ShownChain.PUMP + "\"")
        .contains("\"authrole\":\"device\"")
        .contains("\"authmethod\":\"cryptosign\"")
        .contains("\"authextra\":{\"trustroot\":\"" + ShownChain.ROOT + "\"}");
    assertThat(client.says("[48,1,{},\"com.example.nobody\"]"))
        .contains("wamp.error.no_such_procedure");
    assertThat(client.says("[48,2,{},\"org.example.other\"]"))
        .contains("wamp.error.not_authorized");
  }

  @Test
  void longestChainFitsIntoHello() {
    ShownChain longest = new ShownChain().says(3, "meta", "m".repeat(1024));
    for (int i = 0; i < 4; i++) {
      longest.twice(3);
    }
    assertThat(longest.certificates()).hasSize(CertificateChain.LONGEST);
    assertThat(new Client(null).logIn(longest)).startsWith("[2,");
  }

  @Test
  @Conformance({"AUTH-CS-13", "AUTH-11"})
  void certificatesThatAreWrongAreFailedLogins() {
    for (int i = 0; i < 3; i++) {
      assertThat(new Client(null).logIn(new ShownChain().signedBy(i, ShownChain.OTHER)))
          .startsWith("[3,")
          .contains("wamp.error.authentication_denied")
          .contains("the authid, the key or the signature is wrong");
    }
    assertThat(new Client(null).logIn(new ShownChain())).contains("too many attempts have failed");
    assertThat(node.metric("tandem_logins_failed_total")).isEqualTo(3);
  }

  @Test
  void rootThatIsTakenAwayTakesItsLoginsAndNoSessions() throws Exception {
    Client client = new Client(null);
    assertThat(client.logIn(new ShownChain())).startsWith("[2,");
    assertThat(new Client(client.cookie).hello("\"cookie\"", ""))
        .startsWith("[2,")
        .contains("\"authid\":\"" + ShownChain.PUMP + "\"");

    await(node.node().reload(Configurations.parse("a", configuration(ShownChain.OTHER))));
    assertThat(client.says("[48,1,{},\"com.example.nobody\"]"))
        .contains("wamp.error.no_such_procedure");
    assertThat(new Client(client.cookie).hello("\"cookie\"", ""))
        .startsWith("[3,")
        .contains("wamp.error.authentication_required");
    assertThat(new Client(null).logIn(new ShownChain()))
        .contains("wamp.error.authentication_denied");

    await(node.node().reload(Configurations.parse("b", configuration(ShownChain.ROOT))));
    assertThat(new Client(client.cookie).hello("\"cookie\"", "")).startsWith("[2,");
  }
}
