package io.tandem.node.transport;

import static io.tandem.node.transport.Handshakes.HOST;
import static io.tandem.node.transport.Handshakes.JSON;
import static io.tandem.node.transport.Handshakes.KEY;
import static io.tandem.node.transport.Handshakes.LINE;
import static io.tandem.node.transport.Handshakes.UPGRADE;
import static io.tandem.node.transport.Handshakes.VERSION;
import static io.tandem.node.transport.Handshakes.answerTo;
import static io.tandem.node.transport.Handshakes.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import io.tandem.node.router.CloseCause;
import io.tandem.node.testing.ByteClient;
import io.tandem.node.testing.ByteClient.Line;
import io.tandem.node.testing.RawSocketClient;
import io.tandem.node.testing.TestNode;
import io.tandem.node.testing.WampClient;
import io.tandem.node.testing.WampClient.Way;
import io.tandem.node.testing.WebSocketClient;
import io.tandem.testing.Patience;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that open a WebSocket, as RFC 6455 and RFC 9112 have them, and those that do not. */
class OpeningHandshakeTest {

  private static TestNode node;

  @BeforeAll
  static void start() {
    // No refusal may wait for the timeout of the handshake.
    node =
        TestNode.start(
            TestNode.LISTENER
                + "    timeouts: {handshake: 60s}\n"
                + "  - port: 0\n"
                + "    timeouts: {handshake: 200ms}\n"
                + TestNode.MANAGEMENT
                + TestNode.REALM
                + "lanes: 1\n");
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @AfterEach
  void nodeServesTheNextClient() {
    node.assertServes();
  }

  private static WebSocketClient connect() {
    return WebSocketClient.unopened(Line.tcp(node.port()));
  }

  private static long refused(String reason) {
    return node.metric("tandem_handshakes_refused_total{reason=\"" + reason + "\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // a list on several lines, in several elements, in any case, with empty elements
        LINE
            + HOST
            + "Upgrade: websocket;Connection: keep-alive;Connection: Upgrade;"
            + KEY
            + VERSION
            + JSON,
        LINE
            + HOST
            + "Upgrade: h2c, websocket;Connection: upgrade, keep-alive;"
            + KEY
            + VERSION
            + JSON,
        LINE
            + HOST
            + "Upgrade: h2c;Upgrade: WebSocket;Connection: ,, UPGRADE ,;"
            + KEY
            + VERSION
            + JSON,
        LINE + HOST + UPGRADE + KEY + VERSION + "Sec-WebSocket-Protocol: mqtt;" + JSON,
        LINE
            + HOST
            + UPGRADE
            + KEY
            + VERSION
            + "Sec-WebSocket-Protocol: mqtt,soap;Sec-WebSocket-Protocol: x , wamp.2.json,y;",
        LINE + HOST + UPGRADE + KEY + VERSION + JSON + "Sec-WebSocket-Protocol: wamp.2.cbor;",
        LINE
            + HOST
            + UPGRADE
            + KEY
            + VERSION
            + JSON
            + "Sec-WebSocket-Extensions: permessage-deflate;Sec-WebSocket-Extensions: x; y=1;",
        // header names in any case, in any order
        LINE
            + "SEC-WEBSOCKET-PROTOCOL: wamp.2.json;sec-websocket-version: 13;"
            + "SEC-websocket-KEY: dGhlIHNhbXBsZSBub25jZQ==;connection: upgrade;"
            + "UPGRADE: websocket;HOST: x;",
        // the other forms of a target
        "GET /ws?session=1&x=%20 HTTP/1.1;" + HOST + UPGRADE + KEY + VERSION + JSON,
        "GET http://router.example:8080/ws HTTP/1.1;" + HOST + UPGRADE + KEY + VERSION + JSON,
        "GET WS://router.example/ws?a HTTP/1.1;" + HOST + UPGRADE + KEY + VERSION + JSON,
        "GET http://[::1]:8080/ws HTTP/1.1;" + HOST + UPGRADE + KEY + VERSION + JSON,
        LINE + "Host: [::1]:8080;" + UPGRADE + KEY + VERSION + JSON,
        LINE + "Host:;" + UPGRADE + KEY + VERSION + JSON,
        // a line that is folded
        LINE + HOST + "Upgrade: websocket;Connection: keep-alive,; Upgrade;" + KEY + VERSION + JSON,
        // what is asked for beside it
        LINE + HOST + UPGRADE + KEY + VERSION + JSON + "Expect: 100-continue;",
        LINE + HOST + "Upgrade: websocket;Connection: close, Upgrade;" + KEY + VERSION + JSON,
        // a body of no octets is none
        LINE + HOST + UPGRADE + KEY + VERSION + JSON + "Content-Length: 0;",
      })
  void handshakeByTheStandardsOpensAWebSocket(String lines) {
    try (WebSocketClient client = connect()) {
      client.write(request(lines));
      assertThat(client.readHead())
          .startsWith("HTTP/1.1 101 ")
          .contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n")
          .contains("Sec-WebSocket-Protocol: wamp.2.json\r\n")
          .doesNotContain("Sec-WebSocket-Extensions");
      client.join();
    }
  }

  /** They are kept until the client is judged. */
  @ParameterizedTest
  @CsvSource({"94, 101", "95, 431"})
  void handshakeHasAHundredLinesOfHeadersAtMost(int more, int status) {
    try (WebSocketClient client = connect()) {
      client.write(request(LINE + HOST + UPGRADE + KEY + VERSION + JSON + "X: y;".repeat(more)));
      assertThat(client.readHead()).startsWith("HTTP/1.1 " + status + " ");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          400 | bad_request | GET /ws HTTP/1.1;UKVP
          400 | bad_request | GET /ws HTTP/1.1;Host: a;Host: a;UKVP
          400 | bad_request | GET /ws HTTP/1.1;Host: a b;UKVP
          400 | bad_request | GET /ws HTTP/1.1;Host: user@a;UKVP
          400 | bad_request | GET /ws HTTP/1.1;Host: a/b;UKVP
          400 | bad_request | GET /ws HTTP/1.1;Host: a:b;UKVP
          400 | bad_request | GET /ws HTTP/1.1;Host: a:80:90;UKVP
          400 | bad_request | GET /ws HTTP/1.1;Host: [::1;UKVP
          400 | bad_request | GET /ws HTTP/1.1;Host: [::1]x;UKVP
          400 | bad_request | GET /ws HTTP/1.1;Host : a;UKVP
          400 | bad_request | GET /ws HTTP/1.1; Host: a;UKVP
          400 | bad_request | GET http://user@127.0.0.1/ws HTTP/1.1;HUKVP
          400 | bad_request | GET http://[::1/ws HTTP/1.1;HUKVP
          400 | bad_request | GET http:///ws HTTP/1.1;HUKVP
          400 | bad_request | GET /ws#a HTTP/1.1;HUKVP
          400 | bad_request | CONNECT 127.0.0.1:80 HTTP/1.1;HUKVP
          400 | bad_request | GET /ws HTTP/1.0;HUKVP
          400 | bad_request | GET /ws HTTP/1.1;HUKVPTransfer-Encoding: gzip;
          400 | bad_request | GET /ws HTTP/1.1;HUKVPTransfer-Encoding: chunked;
          400 | bad_request | GET /ws HTTP/1.1;HUKVPTransfer-Encoding: gzip, chunked;
          400 | bad_request | GET /ws HTTP/1.1;HUKVPTransfer-Encoding: chunked;Transfer-Encoding: chunked;
          400 | bad_request | GET /ws HTTP/1.1;HUKVPTransfer-Encoding: chunked;Content-Length: 0;
          400 | bad_request | GET /ws HTTP/1.1;HUKVPContent-Length: 3;
          400 | bad_request | GET /ws HTTP/1.1;HUKVPContent-Length: -1;
          400 | bad_request | GET /ws HTTP/1.1;HUKVPContent-Length: +0;
          400 | bad_request | GET /ws HTTP/1.1;HUKVPContent-Length: x;
          400 | bad_request | GET /ws HTTP/1.1;HUKVPContent-Length: 0;Content-Length: 1;
          400 | bad_request | GET /ws HTTP/1.1;HUKVPno colon;
          400 | bad_request | GET /ws HTTP/1.1;HUKVPa name: x;
          400 | bad_request | GET ws HTTP/1.1;HUKVP
          400 | bad_request | GET /ws;HUKVP
          400 | bad_request | GET /ws NOTHTTP/1.1;HUKVP
          400 | upgrade     | GET /ws HTTP/1.1;HConnection: Upgrade;KVP
          400 | upgrade     | GET /ws HTTP/1.1;HUpgrade: websocket;KVP
          400 | upgrade     | GET /ws HTTP/1.1;HUpgrade: websocket;Connection: keep-alive;KVP
          400 | upgrade     | GET /ws HTTP/1.1;HUpgrade: h2c;Connection: Upgrade;KVP
          400 | key         | GET /ws HTTP/1.1;HUVP
          400 | key         | GET /ws HTTP/1.1;HUVPSec-WebSocket-Key: ;
          400 | key         | GET /ws HTTP/1.1;HUVPSec-WebSocket-Key: c2hvcnQ=;
          400 | key         | GET /ws HTTP/1.1;HUVPSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ;
          400 | key         | GET /ws HTTP/1.1;HUVPSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZTEyMw==;
          400 | key         | GET /ws HTTP/1.1;HUVPSec-WebSocket-Key: !!hlIHNhbXBsZSBub25jZQ==;
          400 | key         | GET /ws HTTP/1.1;HUKKVP
          400 | subprotocol | GET /ws HTTP/1.1;HUKV
          400 | subprotocol | GET /ws HTTP/1.1;HUKVSec-WebSocket-Protocol: mqtt;
          400 | subprotocol | GET /ws HTTP/1.1;HUKVSec-WebSocket-Protocol: WAMP.2.JSON;
          400 | subprotocol | GET /ws HTTP/1.1;HUKVSec-WebSocket-Protocol: wamp.2.json x;
          403 | origin      | GET /ws HTTP/1.1;HUKVPOrigin: https://evil.example;
          403 | origin      | GET /ws HTTP/1.1;HUKVPOrigin: http://localhost;Origin: http://evil.example;
          404 | path        | GET /other HTTP/1.1;HUKVP
          404 | path        | GET http://127.0.0.1 HTTP/1.1;HUKVP
          405 | method      | POST /ws HTTP/1.1;HUKVP
          405 | method      | HEAD /ws HTTP/1.1;HUKVP
          405 | method      | get /ws HTTP/1.1;HUKVP
          426 | version     | GET /ws HTTP/1.1;HUKP
          426 | version     | GET /ws HTTP/1.1;HUKPSec-WebSocket-Version: 8;
          426 | version     | GET /ws HTTP/1.1;HUKPSec-WebSocket-Version: 013;
          426 | version     | GET /ws HTTP/1.1;HUKPVSec-WebSocket-Version: 8;
          426 | version     | GET /ws HTTP/1.1;HUKPSec-WebSocket-Version: 13, 8;
          """)
  void handshakeThatBreaksARuleIsToldWhichAndEnds(int status, String reason, String lines) {
    long before = refused(reason);
    String whole =
        lines
            .replaceAll("(?<=;|[HUKVP])H(?=[A-Z])", HOST)
            .replaceAll("(?<=;|[HUKVP])U(?=[A-Z])", UPGRADE)
            .replaceAll("(?<=;|[HUKVP])K(?=[A-Z]|$)", KEY)
            .replaceAll("(?<=;|[HUKVP])V(?=[A-Z]|$)", VERSION)
            .replaceAll("(?<=;|[HUKVP])P(?=$|[A-Za-z!])", JSON);

    String answer = answerTo(node, whole);

    assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
    String head = answer.substring(0, answer.indexOf("\r\n\r\n")).toLowerCase(Locale.ROOT);
    assertThat(head).contains("\r\nconnection: close", "\r\ncontent-type: text/plain");
    assertThat(head.contains("\r\nsec-websocket-version: 13")).isEqualTo(status == 426);
    assertThat(head.contains("\r\nallow: get")).isEqualTo(status == 405);
    String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
    assertThat(body.lines().count()).isEqualTo(lines.startsWith("HEAD") ? 0 : 1);
    assertThat(refused(reason)).isEqualTo(before + 1);
  }

  @Test
  void nothingOfTheRequestComesBackInARefusal() {
    assertThat(
            answerTo(
                node, LINE + HOST + UPGRADE + KEY + VERSION + "Sec-WebSocket-Protocol: <script>;"))
        .doesNotContain("script");
  }

  @Test
  void messageInTheSegmentOfTheHandshakeIsRead() {
    ByteArrayOutputStream segment = new ByteArrayOutputStream();
    segment.writeBytes(request(LINE + HOST + UPGRADE + KEY + VERSION + JSON));
    try (WebSocketClient client = connect()) {
      segment.writeBytes(client.frame(WampClient.HELLO));
      client.write(segment.toByteArray());
      assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
      assertThat(client.hear()).startsWith("[2,");
    }
  }

  @Test
  void connectionThatServedAPageIsNoFailedHandshake() {
    try (WebSocketClient client = WebSocketClient.unopened(Line.tcp(node.node().ports().get(1)))) {
      client.write(request("GET / HTTP/1.1;" + HOST));
      client.readToEnd(new ByteArrayOutputStream());
    }
    assertThat(node.closes(CloseCause.HANDSHAKE_TIMEOUT)).isZero();
  }

  /** The timer of an idle socket is that of keep-alive, here 30 s and not two hours. */
  @ParameterizedTest
  @EnumSource
  void clientThatVanishesIsNoticedByTheKernel(Way way) {
    assumeTrue(Epoll.isAvailable());
    try (WampClient client = way.join(node)) {
      assertThat(client).isNotNull();
      Patience.until(
          "its timer is that of keep-alive",
          () -> idleTimers().anyMatch(hundredths -> hundredths <= 3_000));
      assertThat(idleTimers()).allMatch(hundredths -> hundredths <= 3_100);
    }
  }

  /** When the keep-alive timers of the node's ends of connections are due. */
  private static Stream<Integer> idleTimers() {
    String port = String.format(":%04X", node.port());
    return Stream.of("/proc/net/tcp", "/proc/net/tcp6")
        .map(Path::of)
        .filter(Files::exists)
        .flatMap(OpeningHandshakeTest::lines)
        .map(line -> line.strip().split("\\s+"))
        .filter(fields -> fields[1].endsWith(port) && fields[3].equals("01"))
        .filter(fields -> fields[5].startsWith("02:"))
        .map(fields -> Integer.parseInt(fields[5].substring(3), 16));
  }

  private static Stream<String> lines(Path file) {
    try {
      return Files.readAllLines(file).stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void webSocketMayFollowAPageOnTheSameConnection() {
    try (WebSocketClient client = connect()) {
      client.write(request("GET / HTTP/1.1;" + HOST));
      String page = client.readHead();
      assertThat(page).startsWith("HTTP/1.1 200 ");
      client.read(Integer.parseInt(page.replaceAll("(?is).*content-length: (\\d+).*", "$1")));
      client.write(request(LINE + HOST + UPGRADE + KEY + VERSION + JSON));
      assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
      client.join();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "7F F4 00 00, serializer",
    "7F F0 00 00, serializer",
    "7F 01 00 00, length",
    "7F F1 01 00, reserved"
  })
  void refusedRawSocketIsCountedByItsReason(String request, String reason) {
    long before = refused(reason);
    try (ByteClient client = new ByteClient(Line.tcp(node.port()))) {
      client.writeHex(request);
      client.readToEnd(new ByteArrayOutputStream());
    }
    assertThat(refused(reason)).isEqualTo(before + 1);
  }

  @Test
  void clientsOfBothTransportsAreNoRefusals() {
    String before = refusals();
    try (WebSocketClient client = WebSocketClient.open(Line.tcp(node.port()), "wamp.2.json");
        RawSocketClient other = RawSocketClient.open(Line.tcp(node.port()))) {
      client.join();
      other.join();
    }
    assertThat(refusals()).isEqualTo(before);
  }

  private static String refusals() {
    return node.metrics()
        .lines()
        .filter(line -> line.startsWith("tandem_handshakes_refused_total"))
        .reduce("", (all, line) -> all + line + "\n");
  }
}
