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

import io.tandem.node.testing.ByteClient;
import io.tandem.node.testing.ByteClient.Line;
import io.tandem.node.testing.TestNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests of whatever form, on the port where clients come, as RFC 9112 has them and as it has
 * not.
 */
class HttpRequestsTest {

  private static TestNode node;

  @BeforeAll
  static void start() {
    // No refusal may wait for the timeout of the handshake.
    node =
        TestNode.start(
            TestNode.LISTENER
                + "    timeouts: {handshake: 60s}\n"
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

  @ParameterizedTest
  @ValueSource(strings = {"X: a\rb", "X: a\0b", "X\0: a", "X: a\u000bb", "\rX: a", "X:\r a"})
  void controlCharacterInAHeaderIsRefused(String header) {
    assertThat(answerTo(node, LINE + HOST + UPGRADE + KEY + VERSION + JSON + header + ";"))
        .startsWith("HTTP/1.1 400 ");
    assertThat(answerTo(node, "GET / HTTP/1.1;" + HOST + header + ";")).startsWith("HTTP/1.1 400 ");
  }

  /** Others on the way may have seen other borders: nobody's request comes out of a body here. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Transfer-Encoding: chunked;;0;;",
        "Transfer-Encoding: chunked;Content-Length: 4;;0;;",
        "Content-Length: 4;Transfer-Encoding: chunked;;0;;",
        "Transfer-Encoding: chunked;;1;x;0;Trailer: x;;",
        "Transfer-Encoding: chunked;;-1;x;;",
        "Transfer-Encoding: chunked;;x;;",
        "Transfer-Encoding: chunked;;1;xyz;0;;"
      })
  void nothingFollowsARequestWhoseEndIsDoubtful(String request) {
    String answers = answerTo(node, "GET / HTTP/1.1;" + HOST + request + "GET /x HTTP/1.1;" + HOST);
    assertThat(answers).startsWith("HTTP/1.1 ").containsIgnoringCase("connection: close");
    assertThat(answers.split("HTTP/1.1 ", -1)).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Transfer-Encoding: chunked;Transfer-Encoding: chunked;;0;;",
        "Transfer-Encoding: chunked, chunked;;0;;",
        "Transfer-Encoding: identity;;",
        "Transfer-Encoding: xchunked;;",
        "Transfer-Encoding: ;;",
        "Content-Length: 1;Content-Length: 2;;xx",
        "Content-Length: 1, 2;;xx",
        "Content-Length: 0x1;;x",
        "Content-Length: 18446744073709551617;;x"
      })
  void lengthThatCannotBeUnderstoodIsRefused(String request) {
    assertThat(answerTo(node, "GET / HTTP/1.1;" + HOST + request)).startsWith("HTTP/1.1 400 ");
  }

  @Test
  void whatFollowsARefusedHandshakeIsNotAnswered() {
    String refused = LINE + HOST + UPGRADE + KEY + JSON;
    String answers = answerTo(node, refused + ";GET / HTTP/1.1;" + HOST);
    assertThat(answers).startsWith("HTTP/1.1 426 ");
    assertThat(answers.split("HTTP/1.1 ", -1)).hasSize(2);
  }

  @Test
  void connectionServesSoManyPagesAndTellsWithTheLast() {
    String answers = answerTo(node, ("GET / HTTP/1.1;" + HOST + ";").repeat(39) + LINE + HOST);
    assertThat(answers.split("HTTP/1.1 200 ", -1)).hasSize(33);
    assertThat(answers).doesNotContain("HTTP/1.1 404");
    String last = answers.substring(answers.lastIndexOf("HTTP/1.1 200 "));
    assertThat(last).containsIgnoringCase("\r\nconnection: close\r\n").contains("welcome");
    assertThat(answers.substring(0, answers.length() - last.length()))
        .doesNotContainIgnoringCase("connection: close");
  }

  @ParameterizedTest
  @CsvSource({
    "PRI * HTTP/2.0, 400",
    "OPTIONS / HTTP/1.1, 405",
    "OPTIONS * HTTP/1.1, 404",
    "GET http://x HTTP/1.1, 200",
    "GET /? HTTP/1.1, 200",
    "GET //ws HTTP/1.1, 404",
    "GET /%2e%2e/etc/passwd HTTP/1.1, 404",
    "GET /\u001b[31m HTTP/1.1, 400",
    "HEAD / HTTP/1.1, 200"
  })
  void everyFormOfARequestIsAnswered(String line, int status) {
    assertThat(answerTo(node, line + ";" + HOST + "Connection: close;"))
        .startsWith("HTTP/1.1 " + status + " ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "16 03 01 00 05 01 00 00 01 00 0D 0A 0D 0A",
        "00 0D 0A 0D 0A",
        "0D 0A 0D 0A 0D 0A"
      })
  void whatIsNoHttpIsRefused(String octets) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try (ByteClient client = new ByteClient(Line.tcp(node.port()))) {
      client.writeHex(octets);
      client.write(request("x"));
      client.readToEnd(all);
    }
    assertThat(all.toString(StandardCharsets.UTF_8)).startsWith("HTTP/1.1 400 ");
  }

  @Test
  void requestLineAndHeadersHaveALength() {
    assertThat(answerTo(node, "GET /" + "x".repeat(70_000) + " HTTP/1.1;" + HOST))
        .startsWith("HTTP/1.1 414 ");
    assertThat(answerTo(node, LINE + HOST + "Cookie: " + "x".repeat(70_000) + ";"))
        .startsWith("HTTP/1.1 431 ");
  }
}
