package io.tandem.node.transport;

import static io.tandem.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.config.ConfigurationException;
import io.tandem.node.config.Configurations;
import io.tandem.node.testing.ByteClient.Line;
import io.tandem.node.testing.RawSocketClient;
import io.tandem.node.testing.TestNode;
import io.tandem.node.testing.WampClient;
import io.tandem.node.testing.WampClient.Way;
import io.tandem.node.testing.WebSocketClient;
import io.tandem.testing.Patience;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that send faster than they may: they are read later, and lose nothing. */
class RateTest {

  /** What takes a quarter of an hour to be paid for. */
  private static final String SLOW = "limits: {rate: {octets: 1KiB}}";

  private static final String LONG = "[48,1,{},\"com.nobody\",[\"" + "x".repeat(1_000_000) + "\"]]";

  private TestNode node;

  private static String yaml(String limits, String ofRole) {
    return TestNode.LISTENER
        + TestNode.MANAGEMENT
        + TestNode.REALM.replace("- name: anonymous\n", "- name: anonymous\n" + ofRole)
        + "    "
        + limits
        + "\nlanes: 1\n";
  }

  private void start(String limits) {
    start(limits, "");
  }

  private void start(String limits, String ofRole) {
    node = TestNode.start(yaml(limits, ofRole));
  }

  private void reload(String limits) {
    try {
      await(node.node().reload(Configurations.parse("test.yaml", yaml(limits, ""))));
    } catch (ConfigurationException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private void untilHeld(int times) {
    Patience.until("the client is held", () -> node.metric("tandem_rate_holds_total") >= times);
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private static String call(int request) {
    return "[48," + request + ",{},\"com.nobody\"]";
  }

  private static void expectAnswer(WampClient client, int request) {
    assertThat(client.hear()).startsWith("[8,48," + request + ",{},");
  }

  @ParameterizedTest
  @EnumSource
  void messagesBeyondTheRateAreTreatedLaterAndInOrder(Way way) {
    start("limits: {rate: {messages: 10, messageBurst: 5}}");
    WampClient client = way.join(node);
    long began = System.nanoTime();
    String[] calls = new String[20];
    for (int i = 0; i < calls.length; i++) {
      calls[i] = call(i + 1);
    }
    client.sayAtOnce(calls);
    for (int i = 0; i < calls.length; i++) {
      expectAnswer(client, i + 1);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - began))
        .as("15 of them come at 10 in a second")
        .isGreaterThanOrEqualTo(Duration.ofMillis(1_400));
    assertThat(node.metric("tandem_rate_holds_total")).isBetween(1L, 15L);
    client.hangUp();
  }

  @ParameterizedTest
  @EnumSource
  void othersDoNotNotice(Way way) {
    start(SLOW);
    WampClient client = way.join(node);
    client.sayAtOnce(LONG, call(2));
    expectAnswer(client, 1);
    untilHeld(1);
    node.assertServes();
    client.hangUp();
  }

  @ParameterizedTest
  @EnumSource
  void anotherRateHoldsForSessionsThatAreThere(Way way) {
    start(SLOW);
    WampClient client = way.join(node);
    client.sayAtOnce(LONG, call(2));
    expectAnswer(client, 1);
    untilHeld(1);
    reload("");
    expectAnswer(client, 2);
    client.hangUp();
  }

  @Test
  void pingOfAWebSocketIsAnsweredWhileNothingElseMayCome() {
    start(SLOW);
    WebSocketClient client = WebSocketClient.open(Line.tcp(node.port()), "wamp.2.json");
    client.join();
    client.say(LONG);
    expectAnswer(client, 1);
    client.write(
        WebSocketClient.frame(WebSocketClient.FINAL | WebSocketClient.PING, "are you there?"));
    WebSocketClient.Frame answer = client.readFrame();
    assertThat(answer.opcode()).isEqualTo(WebSocketClient.PONG);
    assertThat(answer.text()).isEqualTo("are you there?");
    client.hangUp();
  }

  @Test
  void pingOfARawSocketIsAnsweredWhileNothingElseMayCome() {
    start(SLOW);
    RawSocketClient client = RawSocketClient.open(Line.tcp(node.port()));
    client.join();
    client.say(LONG);
    expectAnswer(client, 1);
    client.write(RawSocketClient.frame(RawSocketClient.PING, new byte[] {7}));
    assertThat(client.readHex(5)).isEqualTo("02 00 00 01 07");
    client.hangUp();
  }

  @Test
  void clientThatIsHeldIsNotTakenForDead() {
    node =
        TestNode.start(
            yaml(SLOW, "")
                .replace(
                    "  - port: 0\n",
                    "  - port: 0\n    keepAlive: {pingInterval: 1s, pingTimeout: 100ms}\n"));
    WampClient client = Way.WEBSOCKET.join(node);
    client.sayAtOnce(LONG, call(2));
    untilHeld(4); // longer than it may be silent
    assertThat(node.metric("tandem_sessions")).isEqualTo(1);
    client.hangUp();
  }

  @ParameterizedTest
  @EnumSource
  void nextSessionOnTheTransportPaysForTheOneBefore(Way way) {
    start("limits: {rate: {messages: 1, messageBurst: 3}}");
    WampClient client = way.join(node);
    client.sayAtOnce(call(1), call(2), "[6,{},\"wamp.close.normal\"]");
    expectAnswer(client, 1);
    expectAnswer(client, 2);
    assertThat(client.hear()).startsWith("[6,");
    long before = node.metric("tandem_rate_holds_total");
    client.join();
    client.say(call(1));
    expectAnswer(client, 1);
    assertThat(node.metric("tandem_rate_holds_total")).isGreaterThan(before);
    client.hangUp();
  }

  @Test
  void roleHasARateOfItsOwn() {
    start(SLOW, "        limits: {rate: {messages: 1000000}}\n");
    WampClient client = Way.RAWSOCKET.join(node);
    client.sayAtOnce(LONG, call(2));
    expectAnswer(client, 1);
    expectAnswer(client, 2);
    client.hangUp();
  }

  @ParameterizedTest
  @EnumSource
  void whatCameBeforeTheClientHungUpIsTreatedAllTheSame(Way way) {
    start("limits: {rate: {messages: 10, messageBurst: 5}}");
    WampClient listener = way.open(node);
    listener.join();
    listener.say("[32,1,{},\"com.news\"]");
    assertThat(listener.hear()).startsWith("[33,");
    WampClient client = way.join(node);
    String[] news = new String[10];
    for (int i = 0; i < news.length; i++) {
      news[i] = "[16," + (i + 1) + ",{},\"com.news\",[" + i + "]]";
    }
    client.sayAtOnce(news);
    client.hangUp();
    Patience.until("it has left", () -> node.metric("tandem_sessions") == 1);
    for (int i = 0; i < news.length; i++) {
      assertThat(listener.hear()).startsWith("[36,").endsWith("[" + i + "]]");
    }
    listener.hangUp();
  }
}
