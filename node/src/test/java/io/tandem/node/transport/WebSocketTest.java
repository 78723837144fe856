package io.tandem.node.transport;

import static io.tandem.node.testing.ByteClient.octets;
import static io.tandem.node.testing.WebSocketClient.BINARY;
import static io.tandem.node.testing.WebSocketClient.CLOSE;
import static io.tandem.node.testing.WebSocketClient.CONTINUATION;
import static io.tandem.node.testing.WebSocketClient.FINAL;
import static io.tandem.node.testing.WebSocketClient.PING;
import static io.tandem.node.testing.WebSocketClient.PONG;
import static io.tandem.node.testing.WebSocketClient.TEXT;
import static io.tandem.node.testing.WebSocketClient.frame;
import static io.tandem.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.tandem.client.TransportOptions;
import io.tandem.client.WireConnection;
import io.tandem.node.router.CloseCause;
import io.tandem.node.testing.ByteClient.Line;
import io.tandem.node.testing.TestNode;
import io.tandem.node.testing.WampClient;
import io.tandem.node.testing.WebSocketClient;
import io.tandem.protocol.codec.MessageEncoder;
import io.tandem.protocol.message.Abort;
import io.tandem.protocol.message.Hello;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.Welcome;
import io.tandem.protocol.wire.ByteSink;
import io.tandem.protocol.wire.Serializer;
import io.tandem.testing.Conformance;
import io.tandem.testing.Patience;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSocket as octets: the opening handshake, frames that are legal and frames that are not. */
class WebSocketTest {

  private static TestNode node;

  @BeforeAll
  static void start() {
    node =
        TestNode.start(
            TestNode.LISTENER
                + "    limits: {maxMessageSize: 64KiB, maxFrameSize: 32KiB}\n"
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

  private static WebSocketClient open() {
    return WebSocketClient.open(Line.tcp(node.port()), "wamp.2.json");
  }

  private static WebSocketClient join() {
    WebSocketClient client = open();
    client.join();
    return client;
  }

  // ---- the opening handshake ----

  @Conformance({"WS-01", "WS-02"})
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          wamp.2.json                                       | wamp.2.json
          wamp.2.msgpack                                    | wamp.2.msgpack
          wamp.2.cbor                                       | wamp.2.cbor
          wamp.2.msgpack, wamp.2.json                       | wamp.2.msgpack
          wamp.2.cbor.batched, wamp.2.cbor, wamp.2.json     | wamp.2.cbor.batched
          soap,wamp.2.flatbuffers,wamp.2.json,wamp.2.cbor   | wamp.2.json
          """)
  void firstSubprotocolOfTheClientThatIsKnownIsEchoed(String offered, String chosen) {
    try (WebSocketClient client = WebSocketClient.unopened(Line.tcp(node.port()))) {
      String head = client.upgrade("/ws", "Sec-WebSocket-Protocol: " + offered);

      assertThat(head).startsWith("HTTP/1.1 101 ");
      assertThat(
              head.lines()
                  .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("sec-websocket-p")))
          .singleElement()
          .asString()
          .endsWith(": " + chosen);
    }
  }

  @Conformance("WS-03")
  @ParameterizedTest
  @CsvSource({"wamp.2.ubjson", "wamp.2.json.batch", "wamp", "''"})
  void handshakeWithoutACommonSubprotocolFails(String offered) {
    try (WebSocketClient client = WebSocketClient.unopened(Line.tcp(node.port()))) {
      String[] headers =
          offered.isEmpty() ? new String[0] : new String[] {"Sec-WebSocket-Protocol: " + offered};
      assertThat(client.upgrade("/ws", headers)).startsWith("HTTP/1.1 400 ");
    }
  }

  @Test
  void otherPathIsNotFound() {
    try (WebSocketClient client = WebSocketClient.unopened(Line.tcp(node.port()))) {
      assertThat(client.upgrade("/other", "Sec-WebSocket-Protocol: wamp.2.json"))
          .startsWith("HTTP/1.1 404 ");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "https://evil.example, 403",
    "null, 403",
    "http://127.0.0.1:3000, 101",
    "http://localhost, 101"
  })
  void pageOfAnotherOriginIsRefused(String origin, int status) {
    try (WebSocketClient client = WebSocketClient.unopened(Line.tcp(node.port()))) {
      assertThat(client.upgrade("/ws", "Origin: " + origin, "Sec-WebSocket-Protocol: wamp.2.json"))
          .startsWith("HTTP/1.1 " + status + " ");
    }
  }

  // ---- messages ----

  @Conformance({"SER-01", "WS-05"})
  @ParameterizedTest
  @EnumSource
  void wrongKindOfMessageIsAViolation(Serializer serializer) throws Exception {
    ByteSink hello = new ByteSink();
    Map<String, Object> roles = Map.of("caller", Map.of());
    MessageEncoder.encode(new Hello("realm1", Options.of(Keys.ROLES, roles)), serializer, hello);
    WireConnection.Frame right =
        serializer.isText() ? WireConnection.Frame.TEXT : WireConnection.Frame.BINARY;
    WireConnection.Frame wrong =
        serializer.isText() ? WireConnection.Frame.BINARY : WireConnection.Frame.TEXT;
    TransportOptions way = TransportOptions.to(node.webSocket()).withSerializer(serializer);
    WireConnection client = node.connect(way);
    await(client.sendBytes(right, hello.toByteArray()));
    assertThat(await(client.next())).isInstanceOf(Welcome.class);
    await(client.close());

    client = node.connect(way);
    await(client.sendBytes(wrong, hello.toByteArray()));
    Abort abort = (Abort) await(client.next());
    assertThat(abort.reason()).isEqualTo(WampClient.PROTOCOL_VIOLATION);
    assertThat(await(client.closed()).code()).isEqualTo(1002);
  }

  @Conformance("WS-04")
  @Test
  void fragmentsMakeOneMessageWithControlFramesInBetween() {
    try (WebSocketClient client = open()) {
      client.write(frame(TEXT, WampClient.HELLO.substring(0, 10)));
      client.write(frame(FINAL | PING, "between"));
      client.write(frame(CONTINUATION, ""));
      client.write(frame(CONTINUATION, WampClient.HELLO.substring(10, 11)));
      client.write(frame(FINAL | PONG, "nobody asked"));
      client.write(frame(FINAL | CONTINUATION, WampClient.HELLO.substring(11)));

      WebSocketClient.Frame pong = client.readFrame();
      assertThat(pong.opcode()).isEqualTo(PONG);
      assertThat(pong.text()).isEqualTo("between");
      assertThat(client.hear()).startsWith("[2,");
    }
  }

  @Conformance("WS-04")
  @Test
  void twoMessagesAreNotOneWhenOneFrameHoldsBoth() {
    try (WebSocketClient client = join()) {
      client.say("[32,1,{},\"com.example.a\"][32,2,{},\"com.example.b\"]");
      client.expectViolation("");
    }
  }

  @Test
  void octetsMayComeOneByOneAndFramesAllAtOnce() {
    try (WebSocketClient client = open()) {
      for (byte octet : client.frame(WampClient.HELLO)) {
        client.write(new byte[] {octet});
      }
      assertThat(client.hear()).startsWith("[2,");
      ByteArrayOutputStream segment = new ByteArrayOutputStream();
      for (int i = 1; i <= 500; i++) {
        segment.writeBytes(client.frame("[32," + i + ",{},\"com.example.topic\"]"));
      }
      client.write(segment.toByteArray());
      for (int i = 1; i <= 500; i++) {
        assertThat(client.hear()).startsWith("[33," + i + ",");
      }
    }
  }

  @Test
  void textThatIsNotUtf8EndsTheTransport() {
    try (WebSocketClient client = join();
        WebSocketClient other = join()) {
      client.write(frame(FINAL | TEXT, octets("5B 31 36 2C 22 C3 28 22 5D")));
      client.expectEnd(1007);
      // Cut within the character, which is no matter, and then not gone on with.
      other.write(frame(TEXT, octets("5B 31 36 2C 22 E2 82")));
      other.write(frame(FINAL | CONTINUATION, octets("22 5D")));
      other.expectEnd(1007);
    }
  }

  @Test
  void textThatIsNotUtf8EndsTheTransportWhereverItsPayloadIsBeyondLimits() {
    try (WebSocketClient client = join()) {
      String deep = "[48,1,{},\"com.example.a\",[" + "[".repeat(100) + "]".repeat(100) + ",\"";
      client.write(frame(TEXT, deep));
      client.write(frame(FINAL | CONTINUATION, octets("C3 28 22 5D 5D")));
      client.expectEnd(1007);
    }
  }

  @Test
  void characterMayBeCutByFragments() {
    try (WebSocketClient client = join()) {
      byte[] message = "[32,1,{},\"com.example.\u20ac\"]".getBytes(StandardCharsets.UTF_8);
      int cut = message.length - 3;
      client.write(frame(TEXT, Arrays.copyOf(message, cut)));
      client.write(frame(FINAL | CONTINUATION, Arrays.copyOfRange(message, cut, message.length)));
      assertThat(client.hear()).startsWith("[33,1,");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"03 E8 C3 28", "03 E8 FF", "03 E8 61 E2 82"})
  void reasonOfACloseThatIsNotUtf8EndsTheTransport(String close) {
    try (WebSocketClient client = join()) {
      client.write(frame(FINAL | CLOSE, octets(close)));
      client.expectEnd(1007);
    }
  }

  @Test
  void emptyMessageIsAViolation() {
    try (WebSocketClient client = join()) {
      client.write(frame(TEXT, ""));
      client.write(frame(FINAL | CONTINUATION, ""));
      client.expectViolation("malformed");
    }
  }

  // ---- frames that break the rules ----

  static Stream<Arguments> badFrames() {
    return Stream.of(
        arguments("unmasked", octets("81 02 5B 5D")),
        arguments("reserved bit", frame(FINAL | 0x40 | TEXT, "[]")),
        arguments("reserved opcode", frame(FINAL | 3, "[]")),
        arguments("reserved control opcode", frame(FINAL | 0xB, "")),
        arguments("continuation of nothing", frame(FINAL | CONTINUATION, "[]")),
        arguments("fragmented ping", frame(PING, "")),
        arguments("long ping", frame(FINAL | PING, new byte[126])),
        arguments("message inside a message", both(frame(TEXT, "["), frame(FINAL | TEXT, "]"))),
        arguments("binary inside a text", both(frame(TEXT, "["), frame(FINAL | BINARY, "]"))),
        arguments("close code of one octet", frame(FINAL | CLOSE, octets("03"))),
        arguments("close code that is reserved", frame(FINAL | CLOSE, octets("03 ED"))),
        arguments("close code of nobody's", frame(FINAL | CLOSE, octets("13 88"))),
        arguments("close code below zero", frame(FINAL | CLOSE, octets("FF FE"))),
        arguments("close code beyond those for errors", frame(FINAL | CLOSE, octets("03 F8"))),
        arguments("close code of zero", frame(FINAL | CLOSE, octets("00 00"))));
  }

  private static byte[] both(byte[] first, byte[] second) {
    byte[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badFrames")
  void frameThatBreaksTheRulesEndsTheTransport(String what, byte[] frame) {
    try (WebSocketClient client = join()) {
      client.write(frame);
      client.expectEnd(1002);
    }
  }

  // ---- the closing handshake ----

  @ParameterizedTest
  @CsvSource({"03 E8, 03 E8", "03 E9, 03 E9", "0F A0, 0F A0", "'', ''"})
  void closeOfTheClientIsAnsweredWithItsCode(String said, String answered) {
    long before = node.closes(CloseCause.CLOSED_BY_CLIENT);
    try (WebSocketClient client = join()) {
      client.write(frame(FINAL | CLOSE, octets(said)));

      WebSocketClient.Frame close = client.readFrame();
      assertThat(close.opcode()).isEqualTo(CLOSE);
      assertThat(close.payload()).isEqualTo(octets(answered));
      assertThat(client.isEnded()).isTrue();
    }
    Patience.until("it is counted", () -> node.closes(CloseCause.CLOSED_BY_CLIENT) == before + 1);
  }

  @Test
  void nothingIsSentAfterTheAnswerToClose() {
    try (WebSocketClient client = join();
        WebSocketClient publisher = join()) {
      client.say("[32,1,{},\"com.example.topic\"]");
      client.hear();
      client.write(frame(FINAL | CLOSE, ""));
      publisher.say("[16,1,{\"acknowledge\":true},\"com.example.topic\",[1]]");
      publisher.hear();

      for (WebSocketClient.Frame last = client.readFrame(); last.opcode() != CLOSE; ) {
        last = client.readFrame();
      }
      assertThat(client.isEnded()).isTrue();
    }
  }

  @Test
  void pingIsAnsweredWithItsPayload() {
    try (WebSocketClient client = open()) {
      for (String payload : new String[] {"", "x", "y".repeat(125)}) {
        client.write(frame(FINAL | PING, payload));
        WebSocketClient.Frame pong = client.readFrame();
        assertThat(pong.opcode()).isEqualTo(PONG);
        assertThat(pong.text()).isEqualTo(payload);
      }
    }
  }
}
