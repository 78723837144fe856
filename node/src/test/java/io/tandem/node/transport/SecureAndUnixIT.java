package io.tandem.node.transport;

import static io.tandem.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.client.Arguments;
import io.tandem.client.ClientSession;
import io.tandem.client.TransportOptions;
import io.tandem.node.router.CloseCause;
import io.tandem.node.testing.ByteClient;
import io.tandem.node.testing.ByteClient.Line;
import io.tandem.node.testing.TestCertificate;
import io.tandem.node.testing.TestNode;
import io.tandem.node.testing.WampClient;
import io.tandem.node.testing.WampClient.Way;
import io.tandem.node.testing.WebSocketClient;
import io.tandem.testing.Conformance;
import io.tandem.testing.Patience;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same over TLS, on one port, and over a Unix domain socket. */
class SecureAndUnixIT {

  @TempDir static Path directory;

  private static TestCertificate certificate;
  private static Path socket;
  private static TestNode node;

  @BeforeAll
  static void start() {
    certificate = TestCertificate.in(directory);
    socket = directory.resolve("node.sock");
    node =
        TestNode.start(
            TestNode.LISTENER
                + "  - port: 0\n    tls:\n      certificate: "
                + certificate.certificate()
                + "\n      key: "
                + certificate.key()
                + "\n  - port: 0\n    limits: {maxConnections: 2}\n"
                + "    timeouts: {handshake: 60s}\n    tls:\n      certificate: "
                + certificate.certificate()
                + "\n      key: "
                + certificate.key()
                + "\n  - unix: "
                + socket
                + "\n"
                + TestNode.MANAGEMENT
                + TestNode.REALM
                + "lanes: 2\n");
  }

  @AfterAll
  static void stop() {
    node.assertServes();
    node.close();
  }

  private static int securePort() {
    return node.node().ports().get(1);
  }

  @Conformance({"RS-12", "TR-02"})
  @Test
  void sessionsOverEveryKindOfConnectionMeet() {
    List<TransportOptions> all =
        List.of(
            TransportOptions.to(node.webSocket()),
            TransportOptions.to(node.rawSocket()),
            TransportOptions.to("wss://127.0.0.1:" + securePort() + "/ws")
                .withTrust(certificate.trust()),
            TransportOptions.to("rss://127.0.0.1:" + securePort()).withTrust(certificate.trust()),
            TransportOptions.to("unix:" + socket));
    List<ClientSession> sessions = all.stream().map(node::join).toList();
    for (int callee = 0; callee < all.size(); callee++) {
      Arguments name = Arguments.of("callee " + callee);
      String procedure = "com.example.number" + callee;
      await(sessions.get(callee).register(procedure, call -> Future.succeededFuture(name)));
      for (ClientSession caller : sessions) {
        assertThat(await(caller.call(procedure, Arguments.none()))).isEqualTo(name);
      }
    }
    // Long answers make many TLS records.
    Arguments lengthy = Arguments.of("x".repeat(900_000));
    await(sessions.get(2).register("com.example.long", call -> Future.succeededFuture(lengthy)));
    assertThat(await(sessions.get(3).call("com.example.long", Arguments.none())))
        .isEqualTo(lengthy);
    sessions.forEach(session -> await(session.close()));
  }

  @ParameterizedTest
  @EnumSource
  void abortArrivesOverTlsBeforeTheEnd(Way way) {
    try (WampClient client = way.open(certificate.connect(securePort()))) {
      client.join();
      client.say("[7]");
      client.expectViolation("7");
    }
  }

  @ParameterizedTest
  @EnumSource
  void abortArrivesOverAUnixSocketBeforeTheEnd(Way way) {
    try (WampClient client = way.open(Line.unix(socket))) {
      client.join();
      client.say("[7]");
      client.expectViolation("7");
    }
  }

  /** A handshake costs the node far more than its client, who could ask for one after the other. */
  @Test
  void clientThatShakesHandsAgainOnAConnectionIsEnded() throws IOException {
    try (SSLSocket client =
        (SSLSocket)
            certificate
                .context()
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), securePort())) {
      client.setSoTimeout((int) Patience.LIMIT.toMillis());
      client.setEnabledProtocols(new String[] {"TLSv1.2"});
      client.getOutputStream().write(new byte[] {0x7F, (byte) 0xF1, 0, 0});
      assertThat(client.getInputStream().readNBytes(4)).startsWith(0x7F);

      assertThat(isServedAfterAnotherHandshake(client)).isFalse();
    }
  }

  private static boolean isServedAfterAnotherHandshake(SSLSocket client) throws IOException {
    byte[] ping = {1, 0, 0, 0};
    try {
      client.startHandshake();
      client.getOutputStream().write(ping);
      return client.getInputStream().readNBytes(ping.length).length == ping.length;
    } catch (SocketTimeoutException neither) {
      throw neither;
    } catch (IOException ended) {
      return false;
    }
  }

  @Test
  void plainTextOnTheTlsPortIsEndedAndHarmsNobody() {
    try (ByteClient client = new ByteClient(Line.tcp(securePort()))) {
      client.writeHex("7F F1 00 00 00 00 00 00");
      assertThat(client.isEnded()).isTrue();
    }
  }

  @Test
  void plainTextOnTheTlsPortIsCountedAsThat() {
    String metric = "tandem_handshakes_refused_total{reason=\"tls\"}";
    long before = node.metric(metric);
    try (ByteClient client = new ByteClient(Line.tcp(securePort()))) {
      client.write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(client.isEnded()).isTrue();
    }
    Patience.until("it is counted", () -> node.metric(metric) == before + 1);
  }

  /** They take memory and open files like all others. */
  @Test
  void connectionsInsideTheTlsHandshakeAreConnectionsOfTheListener() {
    int port = node.node().ports().get(2);
    List<ByteClient> inside = new ArrayList<>();
    try {
      // Again and again: who asks may have been faster than the lane of one of them, and have its
      // place.
      Patience.until(
          "there is no place",
          () -> {
            ByteClient silent = new ByteClient(Line.tcp(port));
            inside.add(silent);
            if (inside.size() % 2 == 0) {
              silent.writeHex("16 03 01 02 00");
            }
            return webSocket(port).startsWith("HTTP/1.1 503 ");
          });
    } finally {
      inside.forEach(ByteClient::hangUp);
    }
    Patience.until("they have left", () -> webSocket(port).startsWith("HTTP/1.1 101 "));
  }

  private static String webSocket(int port) {
    try (WebSocketClient client = WebSocketClient.unopened(certificate.connect(port))) {
      return client.upgrade("/ws", "Sec-WebSocket-Protocol: wamp.2.json");
    }
  }

  @Test
  void garbageInsideTlsIsALostConnectionAndNoDefect() throws IOException {
    long before = node.closes(CloseCause.INTERNAL_ERROR);
    long lost = node.closes(CloseCause.TRANSPORT_LOST);
    try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), securePort());
        WampClient client = Way.RAWSOCKET.open(certificate.over(plain))) {
      client.join();
      plain.getOutputStream().write("no TLS record at all".getBytes(StandardCharsets.UTF_8));
      Patience.until("the connection is lost", () -> node.closes(CloseCause.TRANSPORT_LOST) > lost);
    }
    assertThat(node.closes(CloseCause.INTERNAL_ERROR)).isEqualTo(before);
  }
}
