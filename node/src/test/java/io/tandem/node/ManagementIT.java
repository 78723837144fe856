package io.tandem.node;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.tandem.client.Arguments;
import io.tandem.client.ClientSession;
import io.tandem.node.router.Lane;
import io.tandem.node.testing.ByteClient;
import io.tandem.node.testing.ByteClient.Line;
import io.tandem.node.testing.LogBackend;
import io.tandem.node.testing.TestNode;
import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.registry.Resource;
import io.tandem.testing.Patience;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The management port of a real node: probes, metrics, and who may read them. */
class ManagementIT {

  private static final String TOKEN = "a-token-that-nobody-guesses";

  private final HttpClient http = HttpClient.newHttpClient();

  // ---- health ----

  @ParameterizedTest
  @ValueSource(strings = {"/health/live", "/health/ready", "/health/startup"})
  void nodeThatRunsIsHealthy(String probe) {
    try (TestNode node = TestNode.start()) {
      HttpResponse<String> answer = get(node, probe);

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
      assertThat(answer.body()).isEqualTo("{\"status\":\"UP\"}");
    }
  }

  @Test
  void laneThatIsStuckTurnsTheNodeDeadUntilItGoesOn() {
    try (TestNode node = TestNode.start()) {
      for (Lane lane : node.node().lanes()) {
        CountDownLatch stuck = new CountDownLatch(1);
        lane.execute(() -> await(stuck));
        try {
          assertThat(get(node, "/health/live").statusCode()).isEqualTo(503);
          assertThat(get(node, "/health/ready").statusCode()).isEqualTo(200);
        } finally {
          stuck.countDown();
        }
        assertThat(get(node, "/health/live").statusCode()).isEqualTo(200);
      }
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void nothingElseIsServed() {
    try (TestNode node = TestNode.start()) {
      assertThat(get(node, "/").statusCode()).isEqualTo(404);
      assertThat(get(node, "/health").statusCode()).isEqualTo(404);
      assertThat(get(node, "/metrics/../etc/passwd").statusCode()).isEqualTo(404);
      assertThat(get(node, "/metrics/more").statusCode()).isEqualTo(404);
      assertThat(get(node, "/health/none").statusCode()).isEqualTo(404);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/health/live", "/health/ready", "/metrics", "/cluster"})
  void headIsAnsweredLikeGetWithoutTheBody(String path) throws Exception {
    try (TestNode node = TestNode.start();
        ByteClient client = new ByteClient(Line.tcp(node.node().managementPort()))) {
      client.write(("HEAD " + path + " HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(US_ASCII));
      assertThat(new String(client.readToEnd(), US_ASCII))
          .startsWith("HTTP/1.1 200")
          .endsWith("\r\n\r\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "TRACE"})
  void nothingButReadingIsAllowed(String method) throws Exception {
    try (TestNode node = TestNode.start();
        ByteClient client = new ByteClient(Line.tcp(node.node().managementPort()))) {
      client.write((method + " /health/live HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(US_ASCII));
      assertThat(new String(client.readToEnd(), US_ASCII))
          .startsWith("HTTP/1.1 405")
          .containsIgnoringCase("\r\nallow: GET, HEAD\r\n");
    }
  }

  /** Also on the port of clients: strangers must not write stack traces into the log. */
  @Test
  void pathThatCannotBeDecodedIsABadRequestAndNoErrorInTheLog() throws Exception {
    ListAppender<ILoggingEvent> log = log();
    try (TestNode node = TestNode.start()) {
      for (int port : List.of(node.node().managementPort(), node.port())) {
        try (ByteClient client = new ByteClient(Line.tcp(port))) {
          client.write(
              "GET /%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".getBytes(US_ASCII));
          assertThat(new String(client.readToEnd(), US_ASCII))
              .startsWith("HTTP/1.1 400")
              .contains("application/problem+json");
        }
      }
    } finally {
      LogBackend.logger(Logger.ROOT_LOGGER_NAME).detachAppender(log);
    }
    assertThat(List.copyOf(log.list))
        .extracting(ILoggingEvent::getFormattedMessage)
        .doesNotContain("Error in error handler");
  }

  @ParameterizedTest
  @CsvSource({"/nowhere, 404, Not Found", "/health/none, 404, Not Found"})
  void errorIsAProblemThatAProgramCanRead(String path, int status, String title) {
    try (TestNode node = TestNode.start()) {
      HttpResponse<String> answer = get(node, path);

      assertThat(answer.statusCode()).isEqualTo(status);
      assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
      assertThat(answer.body())
          .isEqualTo("{\"title\":\"" + title + "\",\"status\":" + status + "}");
    }
  }

  // ---- those who ask much ----

  @Test
  void registryThatIsBusyHoldsUpNobodyHereNorTheOtherWayRound() {
    try (TestNode node = TestNode.start()) {
      CountDownLatch stuck = new CountDownLatch(1);
      try {
        holdUpRegistry(node, stuck);
        assertThat(get(node, "/metrics").statusCode()).isEqualTo(200);
        assertThat(get(node, "/cluster").statusCode()).isEqualTo(200);
      } finally {
        stuck.countDown();
      }
    }
  }

  /** What the registry tells it tells on its own thread. */
  private static void holdUpRegistry(TestNode node, CountDownLatch stuck) {
    Thread test = Thread.currentThread();
    AtomicBoolean held = new AtomicBoolean();
    for (int i = 0; !held.get(); i++) {
      Resource resource = new Resource("realm1", MatchPolicy.EXACT, "com.example.t" + i);
      CountDownLatch told = new CountDownLatch(1);
      node.node()
          .lanes()
          .get(0)
          .router()
          .registry()
          .subscribe(resource, 0, 1)
          .whenComplete(
              (id, failure) -> {
                // Done before the question was put: once more.
                held.set(Thread.currentThread() != test);
                told.countDown();
                if (held.get()) {
                  await(stuck);
                }
              });
      await(told);
    }
  }

  @Test
  void probeGetsThroughBesideHundredsThatNeverFinishTheirRequest() {
    try (TestNode node = TestNode.start()) {
      List<ByteClient> slow = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        slow.add(halfRequest(node));
        if (i % 50 == 0) {
          assertThat(get(node, "/health/ready").statusCode()).isEqualTo(200);
        }
      }
      assertThat(get(node, "/health/live").statusCode()).isEqualTo(200);
      // The oldest had to go.
      assertThat(slow.subList(0, 200)).allSatisfy(each -> assertThat(each.isEnded()).isTrue());
      slow.forEach(ByteClient::close);
    }
  }

  @Test
  void connectionWithoutARequestIsClosedAfterTenSeconds() {
    try (TestNode node = TestNode.start();
        ByteClient slow = halfRequest(node)) {
      assertThat(slow.isEnded()).isTrue();
    }
  }

  @Test
  void connectionCarriesOneRequest() {
    byte[] request = "GET /health/ready HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(US_ASCII);
    try (TestNode node = TestNode.start();
        ByteClient earlier = new ByteClient(Line.tcp(node.node().managementPort()));
        ByteClient client = new ByteClient(Line.tcp(node.node().managementPort()))) {
      client.write(request);
      String answer = new String(client.readToEnd(), US_ASCII);
      assertThat(answer).startsWith("HTTP/1.1 200").containsIgnoringCase("connection: close");
      // That was not the end of its life: an older one is still there.
      earlier.write(request);
      assertThat(new String(earlier.readToEnd(), US_ASCII)).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void headersHaveAnEnd() {
    try (TestNode node = TestNode.start();
        ByteClient client = new ByteClient(Line.tcp(node.node().managementPort()))) {
      String many = "X: " + "y".repeat(1000) + "\r\n";
      client.write(("GET /health/ready HTTP/1.1\r\n" + many.repeat(9) + "\r\n").getBytes(US_ASCII));
      assertThat(new String(client.readToEnd(), US_ASCII)).doesNotStartWith("HTTP/1.1 200");
    }
  }

  private static ByteClient halfRequest(TestNode node) {
    ByteClient client = new ByteClient(Line.tcp(node.node().managementPort()));
    client.write("GET /health/re".getBytes(US_ASCII));
    return client;
  }

  // ---- metrics ----

  @Test
  void metricsTellWhatHappened() {
    try (TestNode node = TestNode.start()) {
      ClientSession one = node.join();
      ClientSession two = node.join();
      Patience.await(one.register("com.add", call -> Future.succeededFuture(call.arguments())));
      Patience.await(one.subscribe("com.topic", event -> {}));
      Patience.await(two.call("com.add", Arguments.of(1)));
      two.publish("com.topic", Arguments.of(1));
      Patience.await(two.call("com.add", Arguments.of(2)));
      Patience.await(two.close());

      HttpResponse<String> answer = get(node, "/metrics");

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Content-Type"))
          .hasValue("text/plain; version=0.0.4; charset=utf-8");
      assertThat(answer.body().lines())
          .contains(
              "# TYPE tandem_calls_total counter",
              "tandem_calls_total 2.0",
              "tandem_invocations_total 2.0",
              "tandem_publications_total 1.0",
              "tandem_events_total 1.0",
              "tandem_sessions_opened_total 2.0",
              "# TYPE tandem_sessions gauge",
              "tandem_sessions 1.0",
              "tandem_subscriptions{realm=\"realm1\"} 1.0",
              "tandem_registrations{realm=\"realm1\"} 1.0",
              "tandem_closes_total{cause=\"goodbye\"} 1.0",
              "tandem_drops_total{reason=\"late_answer\"} 0.0")
          .contains(
              "# TYPE tandem_latency_seconds histogram",
              "tandem_latency_seconds_count{of=\"call\"} 2",
              "tandem_latency_seconds_bucket{of=\"call\",le=\"+Inf\"} 2",
              "tandem_latency_seconds_count{of=\"invocation\"} 2",
              "tandem_latency_seconds_count{of=\"publication\"} 1",
              "tandem_latency_seconds_count{of=\"login\"} 2",
              "tandem_call_errors_total{error=\"timeout\"} 0.0",
              "tandem_buffers_held_bytes 0.0",
              "tandem_mailbox_size_bytes{lane=\"0\"} 0.0")
          .anyMatch(line -> line.startsWith("tandem_build_info{version=\""))
          .anyMatch(line -> line.startsWith("tandem_loop_late_seconds{loop=\"home\"} "))
          .anyMatch(line -> line.startsWith("tandem_loop_late_seconds{loop=\"lane-0\"} "))
          .anyMatch(line -> line.startsWith("jvm_memory_used_bytes{"))
          // Connections go round the lanes.
          .containsAnyOf(
              "tandem_lane_sessions{lane=\"0\"} 1.0", "tandem_lane_sessions{lane=\"1\"} 1.0")
          .allMatch(
              line -> line.startsWith("# ") || line.matches("\\w+(\\{.*})? [-+0-9.eENaInf]+"));
    }
  }

  @Test
  void metricsBehindATokenAreForThoseWhoShowItAndNobodySeesItElsewhere(@TempDir Path directory)
      throws IOException {
    Path file = Files.writeString(directory.resolve("token"), TOKEN + "\n");
    ListAppender<ILoggingEvent> log = log();
    try (TestNode node =
        TestNode.start(
            TestNode.LISTENER
                + "    limits: {maxConnections: 10}\n"
                + TestNode.REALM
                + "management: {port: 0, metricsToken: {file: "
                + file
                + "}}\n")) {
      HttpResponse<String> without = get(node, "/metrics");
      assertThat(without.statusCode()).isEqualTo(401);
      assertThat(without.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
      for (String wrong :
          List.of("Bearer", "Bearer ", "Bearer " + TOKEN + "x", "Basic " + TOKEN, TOKEN)) {
        HttpResponse<String> answer = get(node, "/metrics", "Authorization", wrong);
        assertThat(answer.statusCode()).as(wrong).isEqualTo(401);
        assertThat(answer.body()).doesNotContain("tandem_", TOKEN);
      }

      // The name of the scheme is in any case (RFC 9110, 11.1).
      assertThat(get(node, "/metrics", "Authorization", "bearer " + TOKEN).statusCode())
          .isEqualTo(200);
      HttpResponse<String> with = get(node, "/metrics", "Authorization", "Bearer " + TOKEN);

      assertThat(with.statusCode()).isEqualTo(200);
      assertThat(with.body()).contains("tandem_sessions ").doesNotContain(TOKEN);
      assertThat(get(node, "/health/live").statusCode()).isEqualTo(200);
    } finally {
      LogBackend.logger(Logger.ROOT_LOGGER_NAME).detachAppender(log);
    }
    // Strangers who knock do not fill the log either.
    assertThat(new ArrayList<>(log.list)).isEmpty();
  }

  private static ListAppender<ILoggingEvent> log() {
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    LogBackend.logger(Logger.ROOT_LOGGER_NAME).addAppender(log);
    return log;
  }

  @Test
  void metricsThatOtherMachinesCouldReadAreClosedUnlessConfigured() {
    try (TestNode node =
        TestNode.start(
            TestNode.LISTENER + TestNode.REALM + "management: {address: 0.0.0.0, port: 0}\n")) {
      assertThat(get(node, "/metrics").statusCode()).isEqualTo(403);
      assertThat(get(node, "/health/ready").statusCode()).isEqualTo(200);
    }
  }

  private HttpResponse<String> get(TestNode node, String path, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + node.node().managementPort() + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
