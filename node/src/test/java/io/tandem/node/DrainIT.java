package io.tandem.node;

import static io.tandem.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.client.Arguments;
import io.tandem.client.ClientSession;
import io.tandem.client.CloseReason;
import io.tandem.client.SessionClosedException;
import io.tandem.client.TransportEnd;
import io.tandem.client.TransportOptions;
import io.tandem.client.WireConnection;
import io.tandem.node.config.ConfigurationException;
import io.tandem.node.config.Configurations;
import io.tandem.node.testing.ByteClient;
import io.tandem.node.testing.TestNode;
import io.tandem.node.testing.WebSocketClient;
import io.tandem.protocol.message.Hello;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.Welcome;
import io.tandem.testing.Conformance;
import io.tandem.testing.Patience;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that is asked to go: what it finishes, what it refuses, what it leaves behind (D1). */
class DrainIT {

  private static final String CONFIG =
      TestNode.LISTENER + TestNode.MANAGEMENT + TestNode.REALM + "lanes: 2\n";

  /** Waits for what is under way for as long as a test does. */
  private final TestNode node =
      TestNode.start(CONFIG + "drainTimeout: " + Patience.LIMIT.toSeconds() + "s\n");

  @AfterEach
  void stop() {
    node.close();
  }

  // ---- what is finished ----

  @Test
  @Conformance("QRK-12")
  void callUnderWayIsAnsweredBeforeItsSessionsAreClosed() {
    ClientSession caller = node.join();
    Promise<Arguments> answer = Promise.promise();
    Future<Arguments> result = callUnderWay(caller, node.join(), answer);

    Future<Void> stopped = node.node().stop();
    assertThat(status("/health/ready")).isEqualTo(503);
    assertThat(status("/health/live")).isEqualTo(200);
    assertThat(caller.closed().isComplete()).isFalse();
    answer.complete(Arguments.of("done"));

    assertThat(await(result).args()).containsExactly("done");
    assertThat(await(caller.closed()).kind()).isEqualTo(CloseReason.Kind.TRANSPORT_LOST);
    await(stopped);
  }

  /** The call, when the callee has got its invocation. */
  private static Future<Arguments> callUnderWay(
      ClientSession caller, ClientSession callee, Promise<Arguments> answer) {
    Promise<Void> invoked = Promise.promise();
    await(
        callee.register(
            "com.slow",
            invocation -> {
              invoked.complete();
              return answer.future();
            }));
    Future<Arguments> result = caller.call("com.slow", Arguments.none());
    await(invoked.future());
    return result;
  }

  @Test
  @Conformance("RPC-07")
  void calleeMayCallAnotherOneToFinishACall() {
    ClientSession helper = node.join();
    await(helper.register("com.help", invocation -> Future.succeededFuture(Arguments.of("done"))));
    ClientSession callee = node.join();
    Promise<Arguments> goOn = Promise.promise();
    Future<Arguments> answer =
        goOn.future().compose(now -> callee.call("com.help", Arguments.none()));
    Promise<Arguments> answered = Promise.promise();
    answer.onComplete(answered);
    ClientSession idle = node.join();
    Future<Arguments> result = callUnderWay(node.join(), callee, answered);

    Future<Void> stopped = node.node().stop();
    await(idle.closed());
    goOn.complete(Arguments.none());

    assertThat(await(result).args()).containsExactly("done");
    await(stopped);
  }

  @Test
  @Conformance("RPC-11")
  void callsOfSessionsThatKeepCallingAreAnsweredOrNeverTaken() {
    ClientSession callee = node.join();
    AtomicInteger taken = new AtomicInteger();
    await(
        callee.register(
            "com.quick",
            invocation -> {
              taken.incrementAndGet();
              return Future.succeededFuture(invocation.arguments());
            }));
    AtomicInteger answered = new AtomicInteger();
    List<Future<Void>> callers =
        List.of(node.join(), node.join(), node.join()).stream()
            .map(caller -> callUntilClosed(caller, answered))
            .toList();

    await(node.node().stop());

    // Each ended with its session, none with an error of the router's.
    for (Future<Void> caller : callers) {
      assertThatThrownBy(() -> await(caller)).hasCauseInstanceOf(SessionClosedException.class);
    }
    assertThat(answered).hasValue(taken.get());
  }

  private static Future<Void> callUntilClosed(ClientSession caller, AtomicInteger answered) {
    return caller
        .call("com.quick", Arguments.none())
        .onSuccess(result -> answered.incrementAndGet())
        .compose(result -> callUntilClosed(caller, answered));
  }

  @Test
  @Conformance("PS-10")
  void whatWasPublishedBeforeReachesItsSubscribers() {
    int many = 5_000;
    List<ClientSession> subscribers = List.of(node.join(), node.join());
    AtomicInteger heard = new AtomicInteger();
    for (ClientSession subscriber : subscribers) {
      await(subscriber.subscribe("com.topic", event -> heard.incrementAndGet()));
    }
    ClientSession publisher = node.join();
    for (int i = 1; i < many; i++) {
      publisher.publish("com.topic", Arguments.of("x".repeat(100)));
    }
    await(
        publisher.publishAcknowledged(
            "com.topic", Arguments.none(), io.tandem.client.PublishOptions.DEFAULT));

    await(node.node().stop());

    subscribers.forEach(subscriber -> await(subscriber.closed()));
    assertThat(heard).hasValue(2 * many);
  }

  // ---- what is closed and refused ----

  @Test
  @Conformance("QRK-12")
  void idleSessionIsClosedWithoutGoodbyeSoThatItsClientComesBack() {
    WireConnection client = node.connect(TransportOptions.to(node.webSocket()));
    client.send(new Hello("realm1", Options.of(Keys.ROLES, Map.of("publisher", Map.of()))));
    assertThat(await(client.next())).isInstanceOf(Welcome.class);

    await(node.node().stop());

    TransportEnd end = await(client.closed());
    assertThat(end.code()).isEqualTo(1001);
    assertThatThrownBy(() -> await(client.next())).hasMessageContaining("closed");
  }

  @Test
  void whileItDrainsConnectionsAreRefusedByTheSystem() {
    Promise<Arguments> answer = Promise.promise();
    callUnderWay(node.join(), node.join(), answer);

    Future<Void> stopped = node.node().stop();

    Patience.until("connections are refused", () -> refusesConnections(node.port()));
    assertThat(stopped.isComplete()).isFalse();
    answer.complete(Arguments.none());
    await(stopped);
  }

  @Test
  void whileItDrainsOneConnectionAtMostIsClosedOfAListenerThatHasHadNone() throws IOException {
    try (TestNode two =
        TestNode.start(
            (TestNode.LISTENER + "  - port: 0\n" + TestNode.MANAGEMENT + TestNode.REALM)
                + ("lanes: 2\ndrainTimeout: " + Patience.LIMIT.toSeconds() + "s\n"))) {
      int untouched = two.node().ports().get(1);
      Promise<Arguments> answer = Promise.promise();
      callUnderWay(two.join(), two.join(), answer);
      ClientSession idle = two.join();

      Future<Void> stopped = two.node().stop();
      await(idle.closed());

      try (Socket first = new Socket(InetAddress.getLoopbackAddress(), untouched)) {
        assertThat(first.getInputStream().read()).isEqualTo(-1);
      }
      Patience.until("connections are refused", () -> refusesConnections(untouched));
      answer.complete(Arguments.none());
      await(stopped);
    }
  }

  private static boolean refusesConnections(int port) {
    try {
      new Socket(InetAddress.getLoopbackAddress(), port).close();
      return false;
    } catch (ConnectException refused) {
      return true;
    } catch (IOException other) {
      throw new UncheckedIOException(other);
    }
  }

  @Test
  void clientWhoseHandshakeEndsWhileTheLastAreClosedIsTurnedAway() {
    try (TestNode alone =
        TestNode.start(TestNode.LISTENER + TestNode.MANAGEMENT + TestNode.REALM + "lanes: 1\n")) {
      List<WebSocketClient> late = Stream.generate(() -> begun(alone)).limit(10).toList();
      // It does not answer the close, and so keeps the node for two seconds. It comes last: when it
      // is answered, the others are accepted.
      WebSocketClient stubborn = begun(alone);
      ended(stubborn);
      assertThat(stubborn.readHead()).startsWith("HTTP/1.1 101 ");

      Future<Void> stopped = alone.node().stop();
      assertThat(stubborn.readFrame().closeCode()).isEqualTo(1001);
      for (WebSocketClient each : late) {
        ended(each);
        assertThat(each.readHead()).startsWith("HTTP/1.1 503 ");
      }
      await(stopped);
    }
  }

  /** A client whose opening handshake has begun. */
  private static WebSocketClient begun(TestNode node) {
    WebSocketClient client = WebSocketClient.unopened(ByteClient.Line.tcp(node.port()));
    client.write("GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\n".getBytes(StandardCharsets.US_ASCII));
    return client;
  }

  private static void ended(WebSocketClient client) {
    String rest =
        """
        Upgrade: websocket
        Connection: Upgrade
        Sec-WebSocket-Version: 13
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
        Sec-WebSocket-Protocol: wamp.2.json

        """;
    client.write(rest.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  @Conformance("RPC-11")
  void calleeThatNeverAnswersHoldsTheNodeNoLongerThanItMay() {
    try (TestNode hurried = TestNode.start(CONFIG + "drainTimeout: 1s\n")) {
      Future<Arguments> result = callUnderWay(hurried.join(), hurried.join(), Promise.promise());
      long begun = System.nanoTime();

      assertThatThrownBy(() -> await(hurried.node().stop()))
          .hasMessageContaining("2 sessions had calls under way when drainTimeout was over, 1 s");

      assertThat(Duration.ofNanos(System.nanoTime() - begun))
          .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
      // With an error or with its session; nobody waits for ever.
      await(result.otherwiseEmpty());
    }
  }

  // ---- what is left ----

  @Test
  void nothingIsLeftOfANodeThatStopped(@TempDir Path directory)
      throws ConfigurationException, IOException {
    Path socket = directory.resolve("node.sock");
    Set<Thread> before = threads();
    Node other =
        await(
            Node.start(
                Configurations.parse(
                    "test.yaml",
                    TestNode.LISTENER
                        + "  - unix: "
                        + socket
                        + "\n"
                        + TestNode.MANAGEMENT
                        + TestNode.REALM)));
    assertThat(socket).exists();

    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), other.ports().get(0))) {
      await(other.stop());
      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }

    assertThat(socket).doesNotExist();
    assertThatThrownBy(
            () -> new Socket(InetAddress.getLoopbackAddress(), other.ports().get(0)).close())
        .isInstanceOf(IOException.class);
    Patience.until("its threads are gone", () -> before.containsAll(threads()));
  }

  private static Set<Thread> threads() {
    return new HashSet<>(Thread.getAllStackTraces().keySet());
  }

  private int status(String path) {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + node.node().managementPort() + path))
            .build();
    try {
      return HttpClient.newHttpClient()
          .send(request, HttpResponse.BodyHandlers.discarding())
          .statusCode();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
