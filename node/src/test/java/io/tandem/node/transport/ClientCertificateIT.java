package io.tandem.node.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.testing.ByteClient.Line;
import io.tandem.node.testing.TestCertificate;
import io.tandem.node.testing.TestNode;
import io.tandem.node.testing.WampClient;
import io.tandem.node.testing.WampClient.Way;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One listener for clients with certificates and for those without. */
class ClientCertificateIT {

  @TempDir static Path directory;

  private static TestCertificate server;
  private static TestCertificate pump;
  private static TestCertificate stranger;
  private static TestNode node;

  @BeforeAll
  static void start() throws IOException {
    server = TestCertificate.in(directory);
    pump = TestCertificate.named(directory, "pump", "CN=pump 7, O=Example");
    stranger = TestCertificate.named(directory, "stranger", "CN=pump 7, O=Example");
    Path authorities = directory.resolve("ca.crt");
    Files.copy(pump.certificate(), authorities);
    Files.writeString(
        authorities, Files.readString(server.certificate()), StandardOpenOption.APPEND);
    String tls =
        "{certificate: %s, key: %s, clientCa: %s, clientCertificate: %s}"
            .formatted(server.certificate(), server.key(), authorities, "%s");
    node =
        TestNode.start(
            """
            listeners:
              - {port: 0}
              - {port: 0, tls: %s}
              - {port: 0, tls: %s}
            management: {port: 0}
            realms:
              - name: realm1
                auth:
                  anonymous: {role: guest}
                  tls:
                    principals: [{authid: pump-7, role: device, subjects: ["CN=pump 7,O=Example"]}]
                roles:
                  - {name: guest, permissions: [{uri: "", match: prefix,
                      allow: [call, register, publish, subscribe]}]}
                  - {name: device}
            lanes: 2
            """
                .formatted(tls.formatted("optional"), tls.formatted("required")));
  }

  @AfterAll
  static void stop() {
    node.assertServes();
    node.close();
  }

  private static final int OPTIONAL = 1;
  private static final int REQUIRED = 2;

  private static Line connect(SSLContext context, int listener) {
    try {
      return Line.of(
          context.getSocketFactory().createSocket("127.0.0.1", node.node().ports().get(listener)));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** A client that trusts the server and has no certificate of its own. */
  private static SSLContext nobody() {
    try {
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(server.store());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static String join(WampClient client, String method) {
    client.say("[1,\"realm1\",{\"roles\":{\"caller\":{}},\"authmethods\":[\"" + method + "\"]}]");
    return client.hear();
  }

  @ParameterizedTest
  @EnumSource
  void holderOfACertificateIsKnownByIt(Way way) {
    for (int listener : new int[] {OPTIONAL, REQUIRED}) {
      try (WampClient client = way.open(connect(pump.contextTrusting(server), listener))) {
        assertThat(join(client, "tls"))
            .startsWith("[2,")
            .contains("\"authid\":\"pump-7\"", "\"authrole\":\"device\"", "\"authmethod\":\"tls\"");
      }
    }
  }

  @Test
  void othersComeInAnotherWayOnTheSameListener() {
    try (WampClient client = Way.WEBSOCKET.open(connect(nobody(), OPTIONAL))) {
      assertThat(join(client, "anonymous")).startsWith("[2,").contains("\"authrole\":\"guest\"");
    }
    try (WampClient client = Way.WEBSOCKET.open(connect(nobody(), OPTIONAL))) {
      assertThat(join(client, "tls")).contains("wamp.error.authentication_required");
    }
    try (WampClient client = Way.WEBSOCKET.open(connect(server.context(), OPTIONAL))) {
      assertThat(join(client, "tls")).contains("wamp.error.authentication_denied");
    }
  }

  /** It has the right name, and nobody who is trusted has signed it. */
  @Test
  void certificateThatNobodyVouchesForIsRefusedWhereNoneIsDemandedToo() {
    for (int listener : new int[] {OPTIONAL, REQUIRED}) {
      assertRefused(stranger.contextTrusting(server), listener);
    }
    assertRefused(nobody(), REQUIRED);
  }

  private static void assertRefused(SSLContext context, int listener) {
    boolean came;
    try (WampClient client = Way.RAWSOCKET.open(connect(context, listener))) {
      came = join(client, "anonymous").startsWith("[2,");
    } catch (RuntimeException | AssertionError ended) {
      came = false;
    }
    assertThat(came).isFalse();
  }
}
