package io.tandem.node.transport;

import static io.tandem.node.testing.WebSocketClient.BINARY;
import static io.tandem.node.testing.WebSocketClient.CONTINUATION;
import static io.tandem.node.testing.WebSocketClient.FINAL;
import static io.tandem.node.testing.WebSocketClient.TEXT;
import static io.tandem.node.testing.WebSocketClient.frame;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.router.CloseCause;
import io.tandem.node.testing.ByteClient.Line;
import io.tandem.node.testing.TestNode;
import io.tandem.node.testing.WampClient;
import io.tandem.node.testing.WebSocketClient;
import io.tandem.protocol.codec.MessageEncoder;
import io.tandem.protocol.message.Call;
import io.tandem.protocol.message.Goodbye;
import io.tandem.protocol.message.Hello;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.wire.ByteSink;
import io.tandem.protocol.wire.Payload;
import io.tandem.protocol.wire.Serializer;
import io.tandem.testing.Conformance;
import io.tandem.testing.Patience;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Several messages in one WebSocket message, to the node and from it. */
class BatchedWebSocketTest {

  private static final String OURS = "\u001E";
  private static final String OTHERS = "\u0018";

  private static TestNode node;

  @BeforeAll
  static void start() {
    node =
        TestNode.start(
            TestNode.LISTENER
                + "    limits: {maxMessageSize: 64KiB}\n"
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

  /** A client of JSON that hears messages one by one, whatever batches they come in. */
  private static final class Client implements AutoCloseable {
    private final WebSocketClient socket =
        WebSocketClient.open(Line.tcp(node.port()), "wamp.2.json.batched");
    private final Deque<String> heard = new ArrayDeque<>();
    private final String separator;

    Client(String separator) {
      this.separator = separator;
      say(WampClient.HELLO);
      assertThat(hear()).startsWith("[2,");
    }

    void say(String... messages) {
      socket.say(batch(separator, messages));
    }

    /** The next message, without the separator that stands behind each. */
    String hear() {
      if (heard.isEmpty()) {
        String batch = socket.hear();
        assertThat(batch).endsWith(separator);
        heard.addAll(Arrays.asList(batch.split(separator)));
      }
      return heard.remove();
    }

    @Override
    public void close() {
      socket.close();
    }
  }

  private static String batch(String separator, String... messages) {
    return String.join(separator, messages) + separator;
  }

  private static String call(int request) {
    return "[48," + request + ",{},\"com.nobody\"]";
  }

  @Conformance({"BAT-01", "BAT-02", "BAT-03"})
  @ParameterizedTest
  @ValueSource(strings = {OURS, OTHERS})
  void messagesAreSeparatedAsTheClientSeparatesThem(String separator) {
    try (Client client = new Client(separator)) {
      client.say(call(1), call(2));
      assertThat(client.hear()).startsWith("[8,48,1,{},");
      assertThat(client.hear()).startsWith("[8,48,2,{},");
    }
  }

  @Test
  @Conformance("BAT-03")
  void eitherSeparatorIsTakenInOneBatch() {
    try (Client client = new Client(OURS)) {
      client.socket.say(call(1) + OTHERS + call(2) + OURS);
      assertThat(client.hear()).startsWith("[8,48,1,{},");
      assertThat(client.hear()).startsWith("[8,48,2,{},");
    }
  }

  private static byte[] encoded(Serializer serializer, WampMessage message) throws Exception {
    ByteSink sink = new ByteSink();
    MessageEncoder.encode(message, serializer, sink);
    return Arrays.copyOf(sink.array(), sink.length());
  }

  @Conformance({"BAT-01", "BAT-04"})
  @ParameterizedTest
  @EnumSource(names = {"MSGPACK", "CBOR"})
  void lengthStandsBeforeEachMessageThatIsNoText(Serializer serializer) throws Exception {
    WampMessage hello = new Hello("realm1", Options.of(Keys.ROLES, Map.of("caller", Map.of())));
    try (WebSocketClient client =
        WebSocketClient.open(
            Line.tcp(node.port()), "wamp.2." + serializer.wireName() + ".batched")) {
      client.write(frame(FINAL | BINARY, counted(serializer, hello)));
      assertThat(codes(client, 1)).isEqualTo(new byte[] {2});
      client.write(
          frame(
              FINAL | BINARY,
              counted(
                  serializer,
                  new Call(1, Options.EMPTY, "com.nobody", Payload.EMPTY),
                  new Goodbye(Options.EMPTY, "wamp.close.normal"))));
      assertThat(codes(client, 2)).isEqualTo(new byte[] {8, 6});
    }
  }

  private static byte[] counted(Serializer serializer, WampMessage... messages) throws Exception {
    ByteArrayOutputStream batch = new ByteArrayOutputStream();
    for (WampMessage message : messages) {
      byte[] octets = encoded(serializer, message);
      batch.writeBytes(ByteBuffer.allocate(4).putInt(octets.length).array());
      batch.writeBytes(octets);
    }
    return batch.toByteArray();
  }

  /** The codes of the next messages, which are their second octets. */
  private static byte[] codes(WebSocketClient client, int messages) {
    ByteArrayOutputStream codes = new ByteArrayOutputStream();
    while (codes.size() < messages) {
      WebSocketClient.Frame answer = client.readFrame();
      assertThat(answer.opcode()).as(answer.text()).isEqualTo(BINARY);
      ByteBuffer rest = ByteBuffer.wrap(answer.payload());
      while (rest.hasRemaining()) {
        byte[] message = new byte[rest.getInt()];
        rest.get(message);
        codes.write(message[1]);
      }
    }
    return codes.toByteArray();
  }

  static Stream<String> noBatches() {
    return Stream.of(
        "", WampClient.HELLO, WampClient.HELLO + OURS + "[6,{},\"wamp.close.normal\"]");
  }

  @Conformance("BAT-05")
  @ParameterizedTest
  @MethodSource("noBatches")
  void textThatIsNoBatchFailsTheTransport(String text) {
    long before = node.closes(CloseCause.BAD_FRAME);
    try (WebSocketClient client =
        WebSocketClient.open(Line.tcp(node.port()), "wamp.2.json.batched")) {
      client.say(text);
      client.expectEnd(1002);
    }
    Patience.until("it is counted", () -> node.closes(CloseCause.BAD_FRAME) == before + 1);
  }

  @Conformance("BAT-05")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "00 00 00",
        "00 00 00 02 90",
        "00 00 00 01 90 00",
        "FF FF FF FF 90",
        "7F FF FF FF"
      })
  void octetsThatAreNoBatchFailTheTransport(String hex) {
    try (WebSocketClient client =
        WebSocketClient.open(Line.tcp(node.port()), "wamp.2.msgpack.batched")) {
      client.write(frame(FINAL | BINARY, WebSocketClient.octets(hex)));
      client.expectEnd(1002);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {OURS, OURS + OURS})
  void messageOfNothingIsAViolationAsAnywhere(String text) {
    try (WebSocketClient client =
        WebSocketClient.open(Line.tcp(node.port()), "wamp.2.json.batched")) {
      client.say(text);
      assertThat(client.hear()).contains(WampClient.PROTOCOL_VIOLATION).endsWith(OURS);
      client.expectEnd(1002);
    }
  }

  @Test
  @Conformance("BAT-06")
  void longBatchIsAnsweredWholeAndInOrder() {
    int calls = 1_500; // more than one turn treats
    try (Client client = new Client(OTHERS)) {
      client.say(
          Stream.iterate(1, i -> i + 1).limit(calls).map(i -> call(i)).toArray(String[]::new));
      client.say(call(calls + 1));
      for (int i = 1; i <= calls + 1; i++) {
        assertThat(client.hear()).startsWith("[8,48," + i + ",{},");
      }
    }
  }

  @Test
  void goodbyeBehindALongBatchIsAnsweredLast() {
    int calls = 1_500;
    try (Client client = new Client(OURS)) {
      client.say(
          Stream.iterate(1, i -> i + 1).limit(calls).map(i -> call(i)).toArray(String[]::new));
      client.say("[6,{},\"wamp.close.normal\"]");
      client.socket.write(frame(FINAL | WebSocketClient.CLOSE, ""));
      for (int i = 1; i <= calls; i++) {
        assertThat(client.hear()).startsWith("[8,48," + i + ",{},");
      }
      assertThat(client.hear()).startsWith("[6,");
      assertThat(client.socket.readFrame().opcode()).isEqualTo(WebSocketClient.CLOSE);
    }
  }

  @Test
  void batchMayComeInFragments() {
    try (Client client = new Client(OURS)) {
      byte[] batch = batch(OURS, call(1), call(2)).getBytes(StandardCharsets.UTF_8);
      client.socket.write(frame(TEXT, Arrays.copyOf(batch, 9)));
      client.socket.write(frame(CONTINUATION, Arrays.copyOfRange(batch, 9, 30)));
      client.socket.write(frame(FINAL | CONTINUATION, Arrays.copyOfRange(batch, 30, batch.length)));
      assertThat(client.hear()).startsWith("[8,48,1,{},");
      assertThat(client.hear()).startsWith("[8,48,2,{},");
    }
  }

  @Test
  void batchThatIsTooLongEndsTheTransport() {
    try (Client client = new Client(OURS)) {
      String half = "[48,1,{},\"com.nobody\",[\"" + "x".repeat(33 << 10) + "\"]]";
      client.say(half, half);
      client.socket.expectEnd(1009);
    }
  }

  @Test
  void eventIsTheSameWhereverItIsBatched() {
    try (Client one = new Client(OURS);
        Client other = new Client(OTHERS);
        WampClient plain = WampClient.Way.WEBSOCKET.join(node)) {
      String subscribe = "[32,1,{},\"com.example.topic\"]";
      one.say(subscribe);
      other.say(subscribe);
      plain.say(subscribe);
      Stream.of(one.hear(), other.hear(), plain.hear())
          .forEach(answer -> assertThat(answer).startsWith("[33,1,"));
      try (WampClient publisher = WampClient.Way.RAWSOCKET.join(node)) {
        publisher.say("[16,1,{},\"com.example.topic\",[1]]");
        publisher.say("[16,2,{},\"com.example.topic\",[2]]");
        String first = plain.hear();
        String second = plain.hear();
        assertThat(first).startsWith("[36,").endsWith(",[1]]");
        assertThat(one.hear()).isEqualTo(other.hear()).isEqualTo(first);
        assertThat(one.hear()).isEqualTo(other.hear()).isEqualTo(second);
      }
    }
  }
}
