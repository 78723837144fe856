package io.tandem.node.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.router.CloseCause;
import io.tandem.node.testing.ByteClient;
import io.tandem.node.testing.TestNode;
import io.tandem.node.testing.WampClient;
import io.tandem.node.testing.WampClient.Way;
import io.tandem.testing.Conformance;
import io.tandem.testing.Patience;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Transports made of HTTP requests. */
class LongPollTest {

  private static final String RECORD = "\u001E";
  private static final String SUBSCRIBE = "[32,1,{},\"com.example.topic\"]";

  private static TestNode node;

  private final Requests http = new Requests(node);

  @BeforeAll
  static void start() {
    node =
        TestNode.start(
            TestNode.LISTENER
                + "    longPoll: {path: /lp, wait: 1s, idle: 3s}\n"
                + "    limits: {maxMessageSize: 64KiB, outboundQueue: 64KiB}\n"
                + TestNode.MANAGEMENT
                + TestNode.REALM
                + "lanes: 2\n");
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @AfterEach
  void nodeServesTheNextClient() {
    node.assertServes();
  }

  private Requests.Client client(String protocol) {
    return http.new Client(protocol);
  }

  private Requests.Client join() {
    return client("wamp.2.json").join();
  }

  @Conformance({"LP-01", "LP-02"})
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
          "wamp.2.json"                             | wamp.2.json
          "wamp.2.ubjson", "wamp.2.cbor.batched"    | wamp.2.cbor.batched
          "wamp.2.msgpack", "wamp.2.json"           | wamp.2.msgpack
          7, "wamp.2.json.batched"                  | wamp.2.json.batched
          """)
  void firstProtocolOfTheClientThatIsKnownIsOpened(String offered, String chosen) {
    HttpResponse<String> answer = http.open(offered);
    assertThat(answer.statusCode()).isEqualTo(200);
    JsonObject opened = new JsonObject(answer.body());
    assertThat(opened.getString("protocol")).isEqualTo(chosen);
    assertThat(http.post("/lp/" + opened.getString("transport") + "/close", "").statusCode())
        .isEqualTo(204);
  }

  @Conformance("LP-02")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "{\"protocols\": \"wamp.2.json\"}",
        "{\"protocols\": []}",
        "{",
        "null",
        "{\"protocols\": [\"wamp.2.ubjson\", 1]}"
      })
  void transportWithoutAKnownProtocolIsNotOpened(String body) {
    assertThat(http.post("/lp/open", body).statusCode()).isEqualTo(400);
  }

  @Test
  @Conformance("LP-03")
  void nobodyCanGuessATransport() {
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      String id = LongPolls.freshId("node-1");
      assertThat(id).matches("node-1~[A-Za-z0-9_-]{32}"); // 192 bits
      ids.add(id.substring(7, 12));
    }
    assertThat(ids).hasSizeGreaterThan(990);
  }

  @Test
  @Conformance({"LP-04", "LP-07", "LP-08"})
  void messagesComeOneByOneInOrder() {
    Requests.Client client = join();
    assertThat(client.send(SUBSCRIBE).statusCode()).isEqualTo(204);
    assertThat(client.hear()).startsWith("[33,1,");
    try (WampClient publisher = Way.WEBSOCKET.join(node)) {
      for (int i = 1; i <= 3; i++) {
        publisher.say("[16," + i + ",{\"acknowledge\":true},\"com.example.topic\",[" + i + "]]");
        publisher.hear();
      }
    }
    for (int i = 1; i <= 3; i++) {
      assertThat(client.hear()).startsWith("[36,").endsWith(",[" + i + "]]");
    }
    client.close();
  }

  @Test
  @Conformance({"LP-04", "LP-07"})
  void batchHoldsAllThatWaits() {
    Requests.Client client = client("wamp.2.json.batched");
    assertThat(client.send(WampClient.HELLO + RECORD).statusCode()).isEqualTo(204);
    assertThat(client.hear()).startsWith("[2,").endsWith(RECORD);
    StringBuilder calls = new StringBuilder();
    for (int i = 1; i <= 600; i++) { // more than one turn treats
      calls.append("[48,").append(i).append(",{},\"com.nobody\"]").append(RECORD);
    }
    assertThat(client.send(calls.toString()).statusCode()).isEqualTo(204);
    assertThat(client.hear().split(RECORD)).hasSize(600).allMatch(each -> each.startsWith("[8,48"));
    client.close();
  }

  @Test
  @Conformance("LP-05")
  void requestForMessagesWaitsForThemAndNotForEver() {
    Requests.Client client = join();
    long began = System.nanoTime();
    HttpResponse<String> nothing = client.receive();
    assertThat(nothing.statusCode()).isEqualTo(204);
    assertThat(nothing.body()).isEmpty();
    assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(1_000_000_000L);
    client.close();
  }

  @Test
  @Conformance("LP-06")
  void newerRequestTakesThePlaceOfTheOneThatWaits() {
    Requests.Client client = join();
    CompletableFuture<HttpResponse<String>> first = client.receiveLater();
    CompletableFuture<HttpResponse<String>> second = client.receiveLater();
    CompletableFuture.anyOf(first, second).join();
    // Which of them came first is not known here; the other one gets the message or nothing.
    client.send(SUBSCRIBE);
    int statuses = first.join().statusCode() + second.join().statusCode();
    String bodies = first.join().body() + second.join().body();
    if (statuses == 204 + 200) {
      assertThat(bodies).startsWith("[33,1,");
    } else {
      assertThat(statuses).isEqualTo(204 + 204);
      assertThat(client.hear()).startsWith("[33,1,");
    }
    client.close();
  }

  @Conformance("LP-09")
  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "[]", "nonsense", "[32,1,{}]"})
  void messageThatIsNoneAbortsTheSession(String message) {
    Requests.Client client = join();
    assertThat(client.send(message).statusCode()).isEqualTo(400);
    assertThat(client.hear()).startsWith("[3,").contains(WampClient.PROTOCOL_VIOLATION);
    assertThat(client.receive().statusCode()).isEqualTo(404);
    assertThat(client.send(SUBSCRIBE).statusCode()).isEqualTo(204);
    client.close();
  }

  @Test
  @Conformance("LP-09")
  void batchThatIsNoneAbortsTheSession() {
    Requests.Client client = client("wamp.2.json.batched");
    assertThat(client.send(WampClient.HELLO).statusCode()).isEqualTo(400);
    assertThat(client.hear()).startsWith("[3,").endsWith(RECORD);
    client.close();
  }

  @Conformance({"LP-09", "LP-13"})
  @ParameterizedTest
  @ValueSource(strings = {"send", "receive", "close"})
  void unknownTransportIsNotFound(String action) {
    String known = new JsonObject(http.open("\"wamp.2.json\"").body()).getString("transport");
    String unknown = LongPolls.freshId(known.substring(0, known.indexOf('~')));
    assertThat(http.post("/lp/" + known + "/close", "").statusCode()).isEqualTo(204);
    assertThat(http.post("/lp/" + unknown + "/" + action, "").statusCode()).isEqualTo(404);
    HttpResponse<String> elsewhere = http.post("/lp/other~F3kA/" + action, "");
    assertThat(elsewhere.statusCode()).isEqualTo(404);
    assertThat(elsewhere.body()).contains("requests have to go to the node that opened it");
  }

  @Test
  @Conformance("LP-10")
  void closeEndsTransportAndSession() {
    long before = node.closes(CloseCause.CLOSED_BY_CLIENT);
    Requests.Client client = join();
    CompletableFuture<HttpResponse<String>> waiting = client.receiveLater();
    client.close();
    assertThat(waiting.join().statusCode()).isIn(204, 404); // it may have come later
    assertThat(client.receive().statusCode()).isEqualTo(404);
    assertThat(node.closes(CloseCause.CLOSED_BY_CLIENT)).isEqualTo(before + 1);
  }

  @Test
  void goodbyeIsAnsweredBeforeTheTransportEnds() {
    Requests.Client client = join();
    assertThat(client.send("[6,{},\"wamp.close.normal\"]").statusCode()).isEqualTo(204);
    assertThat(client.hear()).isEqualTo("[6,{},\"wamp.close.goodbye_and_out\"]");
    client.close();
  }

  @Test
  @Conformance("LP-11")
  void cacheBusterIsIgnored() {
    JsonObject opened =
        new JsonObject(http.post("/lp/open?x=1", "{\"protocols\": [\"wamp.2.json\"]}").body());
    String base = "/lp/" + opened.getString("transport");
    assertThat(http.post(base + "/send?x=2", WampClient.HELLO).statusCode()).isEqualTo(204);
    assertThat(http.post(base + "/receive?x=3", "").body()).startsWith("[2,");
    assertThat(http.post(base + "/close?x=4", "").statusCode()).isEqualTo(204);
  }

  @Test
  @Conformance("LP-12")
  void transportWithoutARequestIsLostWhichTheRequestForMessagesTellsAlone() {
    long before = node.closes(CloseCause.TRANSPORT_LOST);
    Requests.Client client = join();
    Patience.until("it is lost", () -> node.closes(CloseCause.TRANSPORT_LOST) > before);
    assertThat(client.receive().statusCode()).isEqualTo(404);
    assertThat(client.send(SUBSCRIBE).statusCode()).isEqualTo(204);
    client.close();
  }

  @Test
  @Conformance("LP-12")
  void pageThatMayConnectMayReadTheAnswers() {
    String origin = "http://localhost:3000";
    HttpResponse<String> preflight =
        http.ask(
            http.to("/lp/open")
                .method("OPTIONS", BodyPublishers.noBody())
                .header("Origin", origin)
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "content-type")
                .build());
    assertThat(preflight.statusCode()).isEqualTo(204);
    assertThat(preflight.headers().firstValue("Access-Control-Allow-Methods")).hasValue("POST");
    assertThat(preflight.headers().firstValue("Access-Control-Allow-Headers"))
        .hasValue("Content-Type");
    HttpResponse<String> opened =
        http.ask(
            http.to("/lp/open")
                .header("Origin", origin)
                .POST(BodyPublishers.ofString("{\"protocols\": [\"wamp.2.json\"]}"))
                .build());
    for (HttpResponse<String> answer : Set.of(preflight, opened)) {
      assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).hasValue(origin);
      assertThat(answer.headers().firstValue("Access-Control-Allow-Credentials")).hasValue("true");
      assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
    }
  }

  @Test
  void pageOfAnotherOriginMayNotConnect() {
    HttpResponse<String> answer =
        http.ask(
            http.to("/lp/open")
                .header("Origin", "https://evil.example")
                .POST(BodyPublishers.ofString("{\"protocols\": [\"wamp.2.json\"]}"))
                .build());
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /lp/open, 405",
    "POST, /lp/, 404",
    "POST, /lp/a/b, 404",
    "POST, /lpx/open, 404"
  })
  void otherRequestsAreTurnedAway(String method, String path, int status) {
    assertThat(http.ask(http.to(path).method(method, BodyPublishers.noBody()).build()).statusCode())
        .isIn(status, 405); // pages are for GET
  }

  @Test
  void messageThatIsTooLongEndsTheTransport() {
    long before = node.closes(CloseCause.MESSAGE_TOO_LONG);
    Requests.Client client = join();
    assertThat(client.send(" ".repeat((64 << 10) + 1)).statusCode()).isEqualTo(413);
    assertThat(node.closes(CloseCause.MESSAGE_TOO_LONG)).isEqualTo(before + 1);
    assertThat(client.receive().statusCode()).isEqualTo(404);
  }

  @Test
  void clientThatDoesNotAskIsASlowReader() {
    long before = node.closes(CloseCause.SLOW_READER);
    Requests.Client client = join();
    client.send(SUBSCRIBE);
    assertThat(client.hear()).startsWith("[33,1,");
    try (WampClient publisher = Way.WEBSOCKET.join(node)) {
      String event = "\"com.example.topic\",[\"" + "x".repeat(30 << 10) + "\"]]";
      for (int i = 1; i <= 4; i++) {
        publisher.say("[16," + i + ",{\"acknowledge\":true}," + event);
        publisher.hear();
      }
    }
    Patience.until("it is closed", () -> node.closes(CloseCause.SLOW_READER) == before + 1);
    assertThat(client.receive().statusCode()).isEqualTo(404);
  }

  @Test
  void transportTakesThePlaceOfAConnection() {
    try (TestNode small =
        TestNode.start(
            TestNode.LISTENER
                + "    longPoll: {}\n"
                + "    limits: {maxConnections: 6}\n"
                + TestNode.MANAGEMENT
                + TestNode.REALM
                + "lanes: 2\n")) {
      Requests requests = new Requests(small);
      Requests.Client first = requests.new Client("wamp.2.json");
      int opened = 1;
      while (requests.open("\"wamp.2.json\"").statusCode() == 200) {
        opened++;
      }
      assertThat(opened).as("beside the connection of the requests").isBetween(1, 5);
      first.close();
      assertThat(requests.open("\"wamp.2.json\"").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void connectionIsServedManyRequests() {
    Requests.Client client = join();
    for (int i = 1; i <= 100; i++) {
      assertThat(client.send("[48," + i + ",{},\"com.nobody\"]").statusCode()).isEqualTo(204);
      assertThat(client.hear()).startsWith("[8,48," + i + ",");
    }
    client.close();
  }

  @Test
  void eventsOfAnyTransportAreTheSame() {
    Requests.Client client = join();
    client.send(SUBSCRIBE);
    client.hear();
    try (WampClient other = Way.RAWSOCKET.join(node)) {
      other.say(SUBSCRIBE);
      other.hear();
      client.send("[16,2,{\"exclude_me\":false},\"com.example.topic\",[\"\u00e9\"]]");
      String event = other.hear();
      assertThat(event).startsWith("[36,");
      assertThat(client.hear()).isEqualTo(event);
    }
    client.close();
  }

  @Test
  void requestThatDoesNotEndIsNotWaitedFor() {
    byte[] begun =
        "POST /lp/open HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n{"
            .getBytes(StandardCharsets.US_ASCII);
    try (ByteClient slow = new ByteClient(ByteClient.Line.tcp(node.port()))) {
      slow.write(begun);
      assertThat(slow.isEnded()).isTrue();
    }
  }
}
