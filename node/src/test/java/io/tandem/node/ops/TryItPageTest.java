package io.tandem.node.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.node.testing.TestNode;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The page to try it, on the port of a real node. */
class TryItPageTest {

  private static TestNode node;

  private final HttpClient http = HttpClient.newHttpClient();

  @BeforeAll
  static void start() {
    node =
        TestNode.start(
            TestNode.LISTENER + "    tryIt: true\n" + TestNode.MANAGEMENT + TestNode.REALM);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @ParameterizedTest
  @CsvSource({
    "/, text/html, <!doctype html>",
    "/tryit/index.html, text/html, <!doctype html>",
    "/tryit/app.js, text/javascript, import",
    "/tryit/wamp.js, text/javascript, export",
    "/tryit/snippets.js, text/javascript, export",
    "/tryit/style.css, text/css, {"
  })
  void fileIsServedWithItsTypeAndMayLoadNothingForeign(String path, String type, String part) {
    HttpResponse<String> answer = send("GET", path);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue(type + "; charset=utf-8");
    assertThat(answer.headers().firstValue("Content-Security-Policy"))
        .hasValueSatisfying(
            policy ->
                assertThat(policy).contains("default-src 'none'", "script-src 'self'", "ws: wss:"));
    assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(answer.body()).containsIgnoringCase(part);
  }

  @Test
  void headTellsWhatGetWouldWithoutTheBody() {
    HttpResponse<String> head = send("HEAD", "/");

    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.headers().firstValueAsLong("Content-Length"))
        .hasValue(send("GET", "/").body().getBytes(StandardCharsets.UTF_8).length);
    assertThat(head.body()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/index.html",
        "/tryit/",
        "/tryit/../config/development.yaml",
        "/ws",
        "/logback.xml"
      })
  void everythingElseIsAWordForThoseWhoAreLost(String path) {
    HttpResponse<String> answer = send("GET", path);

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/plain; charset=utf-8");
    assertThat(answer.body()).startsWith("WAMP clients are welcome here");
  }

  @Test
  void oneLineIsServedWhereThePageIsNotConfigured() {
    try (TestNode plain = TestNode.start()) {
      HttpResponse<String> answer = send(plain, "GET", "/");
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/plain; charset=utf-8");
      assertThat(answer.body().lines()).hasSize(1);
      assertThat(send(plain, "HEAD", "/").statusCode()).isEqualTo(200);
      assertThat(send(plain, "GET", "/tryit/app.js").statusCode()).isEqualTo(404);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS"})
  void nothingButReadingIsAllowed(String method) {
    HttpResponse<String> answer = send(method, "/");

    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Allow")).hasValue("GET, HEAD");
  }

  @Test
  void requestsInOneGoAreAnsweredInTheirOrder() throws IOException {
    String both =
        speak(
            """
            GET /tryit/style.css HTTP/1.1
            Host: x

            GET / HTTP/1.1
            Host: x
            Connection: close

            """);

    assertThat(both.split("HTTP/1.1 200 OK", -1)).hasSize(3);
    assertThat(both.indexOf("text/css")).isLessThan(both.indexOf("text/html")).isPositive();
  }

  @Test
  void bodyOfARequestIsPassedOver() throws IOException {
    String answer =
        speak(
            """
            GET / HTTP/1.1
            Host: x
            Content-Length: 4

            body\
            GET /nowhere HTTP/1.1
            Host: x

            """);

    assertThat(answer).startsWith("HTTP/1.1 200 OK").contains("HTTP/1.1 404 Not Found");
  }

  @Test
  void senderOfAnEndlessBodyIsCutOff() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.port())) {
      OutputStream request = socket.getOutputStream();
      request.write(
          "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n"
              .getBytes(StandardCharsets.US_ASCII));

      assertThatThrownBy(
              () -> {
                for (int sent = 0; sent < 1_000_000_000; sent += 10_000) {
                  request.write(new byte[10_000]);
                }
              })
          .isInstanceOf(SocketException.class);
    }
    assertThat(send("GET", "/").statusCode()).isEqualTo(200);
  }

  /** What the node says until it closes the connection. */
  private static String speak(String requests) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.port())) {
      socket
          .getOutputStream()
          .write(requests.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private HttpResponse<String> send(String method, String path) {
    return send(node, method, path);
  }

  private HttpResponse<String> send(TestNode to, String method, String path) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + to.port() + path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build();
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
