package io.tandem.node.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.testing.ByteClient;
import io.tandem.node.testing.ByteClient.Line;
import io.tandem.node.testing.TestNode;
import io.tandem.node.testing.WampClient;
import io.tandem.node.testing.WampClient.Way;
import io.tandem.node.testing.WebSocketClient;
import io.tandem.testing.Conformance;
import io.tandem.testing.Patience;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** More connections than the listener takes. */
class ConnectionLimitTest {

  private final List<WampClient> staying = new ArrayList<>();
  private TestNode node;

  @BeforeEach
  void start() {
    node =
        TestNode.start(
            TestNode.LISTENER
                + "    limits: {maxConnections: 2}\n"
                // Nobody is closed for being silent.
                + "    timeouts: {handshake: 60s}\n"
                + TestNode.MANAGEMENT
                + TestNode.REALM
                // Connections are looked at in the order in which they come.
                + "lanes: 1\n");
  }

  @AfterEach
  void stop() {
    staying.forEach(WampClient::hangUp);
    node.close();
  }

  private String rawSocket() {
    try (ByteClient client = new ByteClient(Line.tcp(node.port()))) {
      client.writeHex("7F F1 00 00");
      String answer = client.readHex(4);
      if (!answer.equals("7F B1 00 00")) {
        assertThat(client.isEnded()).isTrue();
      }
      return answer;
    }
  }

  private String webSocket() {
    try (WebSocketClient client = WebSocketClient.unopened(Line.tcp(node.port()))) {
      String head = client.upgrade("/ws", "Sec-WebSocket-Protocol: wamp.2.json");
      return head.substring("HTTP/1.1 ".length(), head.indexOf("\r\n"));
    }
  }

  /** A session that stays until the test is over. */
  private WampClient stay(Way way) {
    WampClient client = way.join(node);
    staying.add(client);
    return client;
  }

  @Conformance("RS-07")
  @ParameterizedTest
  @EnumSource
  void connectionBeyondTheLimitIsRefusedInItsOwnWords(Way way) {
    stay(way);
    stay(way);
    assertThat(rawSocket()).isEqualTo("7F 40 00 00");
    assertThat(webSocket()).isEqualTo("503 Service Unavailable");
  }

  @ParameterizedTest
  @EnumSource
  void whoLeavesMakesRoom(Way way) {
    stay(way);
    way.join(node).hangUp();
    Patience.until("there is room", () -> rawSocket().equals("7F B1 00 00"));
    Patience.until("there is room again", () -> webSocket().startsWith("101 "));
  }

  @Test
  void connectionThatWillBeRefusedKeepsNobodyOut() {
    stay(Way.WEBSOCKET);
    WampClient leaving = stay(Way.RAWSOCKET);
    try (ByteClient lurking = new ByteClient(Line.tcp(node.port()))) {
      assertThat(rawSocket()).as("after the one that lurks").isEqualTo("7F 40 00 00");
      leaving.hangUp();
      Patience.until("there is room", () -> webSocket().startsWith("101 "));
      lurking.writeHex("7F F1 00 00");
      assertThat(lurking.readHex(4)).isEqualTo("7F 40 00 00");
    }
  }

  @Test
  void connectionsThatWillBeRefusedAndSayNothingAreNotManyEither() {
    stay(Way.WEBSOCKET);
    WampClient leaving = stay(Way.RAWSOCKET);
    List<ByteClient> lurking = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      lurking.add(new ByteClient(Line.tcp(node.port())));
    }
    try (ByteClient further = new ByteClient(Line.tcp(node.port()))) {
      assertThat(further.isEnded()).isTrue();
    }
    lurking.get(0).writeHex("7F F1 00 00");
    assertThat(lurking.get(0).readHex(4)).isEqualTo("7F 40 00 00");
    leaving.hangUp();
    Patience.until("there is room", () -> webSocket().startsWith("101 "));
    lurking.forEach(ByteClient::close);
  }
}
