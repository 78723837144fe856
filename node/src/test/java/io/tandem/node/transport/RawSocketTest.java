package io.tandem.node.transport;

import static io.tandem.node.testing.RawSocketClient.MESSAGE;
import static io.tandem.node.testing.RawSocketClient.PING;
import static io.tandem.node.testing.RawSocketClient.PONG;
import static io.tandem.node.testing.RawSocketClient.frame;
import static io.tandem.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.client.Arguments;
import io.tandem.client.ClientSession;
import io.tandem.client.PublishOptions;
import io.tandem.client.TransportOptions;
import io.tandem.node.testing.ByteClient;
import io.tandem.node.testing.ByteClient.Line;
import io.tandem.node.testing.RawSocketClient;
import io.tandem.node.testing.TestNode;
import io.tandem.node.testing.WampClient;
import io.tandem.testing.Conformance;
import io.vertx.core.Future;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RawSocket as octets: its handshake, its frames, and those that are none. */
class RawSocketTest {

  private static final int LIMIT = 64 << 10;

  private static TestNode node;

  @BeforeAll
  static void start() {
    node =
        TestNode.start(
            TestNode.LISTENER
                + "    serializers: [json, msgpack]\n"
                // Announced as the power of two below it: 64 KiB.
                + "    limits: {maxMessageSize: 100KiB}\n"
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

  private static ByteClient connect() {
    return new ByteClient(Line.tcp(node.port()));
  }

  private static RawSocketClient join() {
    RawSocketClient client = RawSocketClient.open(Line.tcp(node.port()));
    client.join();
    return client;
  }

  // ---- the handshake ----

  @Conformance("RS-01")
  @Test
  void fourOctetsAreAnsweredAndLengthsAreBigEndian() {
    try (ByteClient client = connect()) {
      client.writeHex("7F");
      client.writeHex("F1 00");
      byte[] hello = frame(MESSAGE, WampClient.HELLO.getBytes(StandardCharsets.UTF_8));
      client.write(ByteBuffer.allocate(1 + hello.length).put((byte) 0).put(hello).array());
      assertThat(client.readHex(4)).isEqualTo("7F 71 00 00");
      assertThat(hear(client)).startsWith("[2,");
      String call = "[48,1,{},\"com." + "x".repeat(700) + "\"]";
      client.write(frame(MESSAGE, call.getBytes(StandardCharsets.UTF_8)));
      assertThat(hear(client)).startsWith("[8,48,1,{},").hasSizeGreaterThan(0x2FF);
    }
  }

  @Conformance("RS-03")
  @ParameterizedTest
  @CsvSource({
    "7F F1 00 00, 7F 71 00 00",
    "7F F2 00 00, 7F 72 00 00",
    "7F 11 00 00, 7F 71 00 00",
    "7F 72 00 00, 7F 72 00 00"
  })
  void answerEchoesTheSerializerAndTellsOurLimit(String request, String answer) {
    try (ByteClient client = connect()) {
      client.writeHex(request);
      assertThat(client.readHex(4)).isEqualTo(answer);
    }
  }

  @Conformance({"RS-05", "RS-06", "RS-07"})
  @ParameterizedTest
  @CsvSource({
    // serializers not offered here, unknown, or reserved
    "7F F3 00 00, 7F 10 00 00",
    "7F F4 00 00, 7F 10 00 00",
    "7F FF 00 00, 7F 10 00 00",
    // less than a WELCOME
    "7F 01 00 00, 7F 20 00 00",
    // reserved octets
    "7F F1 01 00, 7F 30 00 00",
    "7F F1 00 80, 7F 30 00 00"
  })
  void requestThatCannotBeGrantedGetsItsError(String request, String answer) {
    try (ByteClient client = connect()) {
      client.writeHex(request);
      assertThat(client.readHex(4)).isEqualTo(answer);
      assertThat(client.isEnded()).isTrue();
    }
  }

  @Conformance("RS-06")
  @Test
  void serializerZeroGetsNoAnswer() {
    try (ByteClient client = connect()) {
      client.writeHex("7F F0 00 00");
      assertThat(client.isEnded()).isTrue();
    }
  }

  @Conformance("RS-02")
  @Test
  void anythingElseIsTakenForHttp() {
    try (ByteClient client = connect()) {
      client.writeHex("80 F1 00 00 0D 0A 0D 0A");
      assertThat(new String(client.read(12), StandardCharsets.US_ASCII))
          .startsWith("HTTP/1.")
          .endsWith(" 400");
    }
  }

  @Test
  void octetsMayComeOneByOne() {
    try (ByteClient client = connect()) {
      for (byte octet : ByteClient.octets("7F F1 00 00")) {
        client.write(new byte[] {octet});
      }
      assertThat(client.readHex(4)).isEqualTo("7F 71 00 00");
      for (byte octet : frame(MESSAGE, WampClient.HELLO.getBytes(StandardCharsets.UTF_8))) {
        client.write(new byte[] {octet});
      }
      int length = Integer.parseInt(client.readHex(4).replace(" ", ""), 16);
      assertThat(new String(client.read(length), StandardCharsets.UTF_8)).startsWith("[2,");
    }
  }

  @Test
  void helloMayComeWithTheHandshake() {
    ByteArrayOutputStream segment = new ByteArrayOutputStream();
    segment.writeBytes(ByteClient.octets("7F F1 00 00"));
    segment.writeBytes(frame(MESSAGE, WampClient.HELLO.getBytes(StandardCharsets.UTF_8)));
    try (ByteClient client = connect()) {
      client.write(segment.toByteArray());
      assertThat(client.readHex(4)).isEqualTo("7F 71 00 00");
      int length = Integer.parseInt(client.readHex(4).replace(" ", ""), 16);
      assertThat(new String(client.read(length), StandardCharsets.UTF_8)).startsWith("[2,");
    }
  }

  @Conformance("TR-01")
  @Test
  void manyFramesMayComeAtOnceAndBeCutAnywhere() {
    try (RawSocketClient client = join()) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      int count = 3000;
      for (int i = 1; i <= count; i++) {
        all.writeBytes(client.frame("[32," + i + ",{},\"com.example.topic\"]"));
      }
      byte[] octets = all.toByteArray();
      Thread writer = new Thread(() -> inPieces(client, octets), "writer");
      writer.start();
      for (int i = 1; i <= count; i++) {
        assertThat(client.hear()).startsWith("[33," + i + ",");
      }
    }
  }

  private static void inPieces(ByteClient client, byte[] octets) {
    int size = 1;
    for (int from = 0; from < octets.length; from += size) {
      size = Math.min(octets.length - from, size * 7 % 9973 + 1);
      client.write(Arrays.copyOfRange(octets, from, from + size));
    }
  }

  // ---- lengths ----

  @Test
  @Conformance("RS-04")
  void neitherSideSendsMoreThanTheOtherTakes() {
    frameAsLongAsAnnouncedIsTakenAndALongerOneEndsTheTransport();
    nothingLongerThanTheClientTakesIsSent();
  }

  private static void frameAsLongAsAnnouncedIsTakenAndALongerOneEndsTheTransport() {
    try (RawSocketClient client = join()) {
      client.say(call(1, LIMIT));
      assertThat(client.hear()).startsWith("[8,48,1,{},\"wamp.error.no_such_procedure\"");
      client.say(call(2, LIMIT + 1));
      client.expectEnd(1009);
    }
  }

  private static String call(int request, int length) {
    String start = "[48," + request + ",{},\"com.example.nobody\",[\"";
    return start + "x".repeat(length - start.length() - 3) + "\"]]";
  }

  private static void nothingLongerThanTheClientTakesIsSent() {
    String dropped = "tandem_drops_total{reason=\"event_too_long\"}";
    long before = node.metric(dropped);
    ClientSession other = node.join();
    await(other.register("com.example.long", call -> answer("x".repeat(1020))));
    await(other.register("com.example.short", call -> answer("x".repeat(100))));
    try (ByteClient client = connect()) {
      // 2^10 octets, the least that is granted.
      client.writeHex("7F 11 00 00");
      assertThat(client.readHex(4)).isEqualTo("7F 71 00 00");
      say(client, WampClient.HELLO);
      assertThat(hear(client)).startsWith("[2,");
      say(client, "[48,1,{},\"com.example.long\"]");
      assertThat(hear(client)).startsWith("[8,48,1,{},\"wamp.error.payload_size_exceeded\"");
      say(client, "[48,2,{},\"com.example.short\"]");
      assertThat(hear(client)).startsWith("[50,2,");

      say(client, "[32,3,{},\"com.example.events\"]");
      assertThat(hear(client)).startsWith("[33,3,");
      await(other.publish("com.example.events", Arguments.of("x".repeat(1024))));
      await(other.publish("com.example.events", Arguments.of("brief")));
      assertThat(hear(client)).startsWith("[36,").contains("brief");
    }
    assertThat(node.metric(dropped)).isEqualTo(before + 1);
    await(other.close());
  }

  private static Future<Arguments> answer(String text) {
    return Future.succeededFuture(Arguments.of(text));
  }

  private static void say(ByteClient client, String message) {
    client.write(frame(MESSAGE, message.getBytes(StandardCharsets.UTF_8)));
  }

  private static String hear(ByteClient client) {
    int length = Integer.parseInt(client.readHex(4).replace(" ", ""), 16);
    assertThat(length).isLessThanOrEqualTo(1024);
    return new String(client.read(length), StandardCharsets.UTF_8);
  }

  /** Octets without framing are counted, whatever the framing of the client is. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void eventIsSentExactlyUpToTheLimitOfTheClient(int more) {
    ClientSession publisher = node.join();
    try (ByteClient client = connect()) {
      client.writeHex("7F 11 00 00");
      client.readHex(4);
      say(client, WampClient.HELLO);
      hear(client);
      say(client, "[32,1,{},\"com.example.edge\"]");
      hear(client);
      // [36,S,P,{},["..."]], where P is made so that its length is known only afterwards
      long publication =
          await(
              publisher.publishAcknowledged(
                  "com.example.edge", Arguments.of("probe"), PublishOptions.DEFAULT));
      int overhead =
          hear(client).length() - "probe".length() - String.valueOf(publication).length();
      // 16 digits are the most a publication ID has.
      int text = 1024 - overhead - 16;
      if (more == 0) {
        await(publisher.publish("com.example.edge", Arguments.of("x".repeat(text))));
        assertThat(hear(client).length()).isBetween(1008, 1024);
      } else {
        await(publisher.publish("com.example.edge", Arguments.of("x".repeat(text + 16))));
        await(publisher.publish("com.example.edge", Arguments.of("after")));
        assertThat(hear(client)).contains("after");
      }
    }
    await(publisher.close());
  }

  // ---- frames that break the rules ----

  @Conformance("RS-08")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "80 00 00 02 5B 5D",
        "40 00 00 02 5B 5D",
        "20 00 00 02 5B 5D",
        "10 00 00 02 5B 5D",
        "03 00 00 02 5B 5D",
        "04 00 00 00",
        "05 00 00 00",
        "06 00 00 00",
        "07 00 00 00",
        "08 00 00 01 5B",
      })
  void reservedBitsAndTypesEndTheTransport(String octets) {
    try (RawSocketClient client = join()) {
      client.writeHex(octets);
      client.expectEnd(1002);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"00 01 00 01", "00 FF FF FF", "08 00 00 00", "01 01 00 01"})
  void prefixOfALongFrameAloneEndsTheTransport(String prefix) {
    try (RawSocketClient client = join()) {
      client.writeHex(prefix);
      client.expectEnd(1009);
    }
  }

  @Test
  void emptyMessageIsAViolation() {
    try (RawSocketClient client = join()) {
      client.writeHex("00 00 00 00");
      client.expectViolation("malformed");
    }
  }

  // ---- pings ----

  @Conformance("RS-09")
  @Test
  void everyPingGetsOnePongWithItsPayload() {
    try (RawSocketClient client = join()) {
      client.writeHex("01 00 00 03 0A 0B 0C");
      assertThat(client.readHex(7)).isEqualTo("02 00 00 03 0A 0B 0C");
      client.writeHex("01 00 00 00");
      assertThat(client.readHex(4)).isEqualTo("02 00 00 00");
      byte[] longest = new byte[LIMIT];
      longest[LIMIT - 1] = 1;
      client.write(frame(PING, longest));
      assertThat(client.read(4 + LIMIT)).isEqualTo(frame(PONG, longest));
    }
  }

  @Conformance("RS-09")
  @Test
  void pongThatNobodyAskedForIsIgnored() {
    try (RawSocketClient client = join()) {
      client.writeHex("02 00 00 01 FF");
      client.say("[32,1,{},\"com.example.topic\"]");
      assertThat(client.hear()).startsWith("[33,1,");
    }
  }

  @Conformance("RS-09")
  @Test
  void pingBeforeTheHandshakeIsNoPing() {
    try (ByteClient client = connect()) {
      client.writeHex("01 00 00 00 7F F1 00 00");
      assertThat(new String(client.read(12), StandardCharsets.US_ASCII))
          .startsWith("HTTP/1.")
          .endsWith(" 400");
    }
  }

  @Test
  void clientWithTheSmallestLimitCanJoin() {
    assertThat(node.join(TransportOptions.to(node.rawSocket()).withMaxMessageBytes(1024)).id())
        .isPositive();
  }
}
