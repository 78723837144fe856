package io.tandem.node.transport;

import static io.tandem.node.testing.WebSocketClient.CONTINUATION;
import static io.tandem.node.testing.WebSocketClient.FINAL;
import static io.tandem.node.testing.WebSocketClient.PING;
import static io.tandem.node.testing.WebSocketClient.TEXT;
import static io.tandem.node.testing.WebSocketClient.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.tandem.node.testing.ByteClient.Line;
import io.tandem.node.testing.TestNode;
import io.tandem.node.testing.WampClient;
import io.tandem.node.testing.WampClient.Way;
import io.tandem.node.testing.WebSocketClient;
import io.tandem.protocol.wire.ByteSink;
import io.tandem.protocol.wire.Serializer;
import io.tandem.testing.Conformance;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** permessage-deflate, to the node and from it. */
class CompressionTest {

  private static final int RSV1 = 0x40;
  private static final String PROTOCOL = "Sec-WebSocket-Protocol: wamp.2.json";
  private static final String OFFER = "Sec-WebSocket-Extensions: permessage-deflate";

  private static TestNode node;

  @BeforeAll
  static void start() {
    node =
        TestNode.start(
            TestNode.LISTENER
                + "    compression: true\n"
                + "    limits: {maxMessageSize: 64KiB}\n"
                + "  - port: 0\n"
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

  private static WebSocketClient join() {
    WebSocketClient client = WebSocketClient.unopened(Line.tcp(node.port()));
    assertThat(client.upgrade("/ws", PROTOCOL, OFFER)).startsWith("HTTP/1.1 101 ");
    client.join();
    return client;
  }

  private static byte[] deflated(String text) {
    Deflater deflater = new Deflater(9, true);
    deflater.setInput(text.getBytes(StandardCharsets.UTF_8));
    byte[] all = new byte[text.length() + 100];
    int length = deflater.deflate(all, 0, all.length, Deflater.SYNC_FLUSH);
    deflater.end();
    return Arrays.copyOf(all, length - 4);
  }

  /** The octets of the next frame, which has to be compressed. */
  private static byte[] compressedFrame(WebSocketClient client) {
    byte[] head = client.read(2);
    assertThat(head[0] & 0xFF).isEqualTo(FINAL | RSV1 | TEXT);
    int length = head[1] == 126 ? ByteBuffer.wrap(client.read(2)).getShort() & 0xFFFF : head[1];
    return client.read(length);
  }

  private static String inflated(byte[] payload) throws DataFormatException {
    Inflater inflater = new Inflater(true);
    byte[] octets = Arrays.copyOf(payload, payload.length + 4);
    octets[payload.length + 2] = (byte) 0xFF;
    octets[payload.length + 3] = (byte) 0xFF;
    inflater.setInput(octets);
    byte[] all = new byte[1 << 20];
    int length = inflater.inflate(all);
    inflater.end();
    return new String(all, 0, length, StandardCharsets.UTF_8);
  }

  @Conformance("WS-06")
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
          permessage-deflate                                             | ''
          permessage-deflate; client_max_window_bits                     | ''
          permessage-deflate; client_max_window_bits=10                  | ''
          permessage-deflate; server_no_context_takeover                 | ''
          permessage-deflate; server_max_window_bits=15                  | '; server_max_window_bits=15'
          permessage-deflate; server_max_window_bits=10, permessage-deflate | ''
          x-webkit-deflate-frame, permessage-deflate                     | ''
          """)
  void offerIsAcceptedWithoutContext(String offer, String more) {
    try (WebSocketClient client = WebSocketClient.unopened(Line.tcp(node.port()))) {
      assertThat(client.upgrade("/ws", PROTOCOL, "Sec-WebSocket-Extensions: " + offer))
          .startsWith("HTTP/1.1 101 ")
          .contains(
              "\r\nSec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover;"
                  + " client_no_context_takeover"
                  + more
                  + "\r\n");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "permessage-deflate; server_max_window_bits=10",
        "permessage-deflate; server_max_window_bits",
        "permessage-deflate; unknown",
        "permessage-deflate; server_no_context_takeover=1",
        "permessage-deflate; client_max_window_bits; client_max_window_bits",
        "permessage-bzip2"
      })
  void offerThatCannotBeMetIsPassedOver(String offer) {
    try (WebSocketClient client = WebSocketClient.unopened(Line.tcp(node.port()))) {
      assertThat(client.upgrade("/ws", PROTOCOL, "Sec-WebSocket-Extensions: " + offer))
          .startsWith("HTTP/1.1 101 ")
          .doesNotContain("Sec-WebSocket-Extensions");
    }
  }

  @Test
  void listenerThatSaysNothingDoesNotCompress() {
    int port = node.node().ports().get(1);
    try (WebSocketClient client = WebSocketClient.unopened(Line.tcp(port))) {
      assertThat(client.upgrade("/ws", PROTOCOL, OFFER))
          .startsWith("HTTP/1.1 101 ")
          .doesNotContain("Sec-WebSocket-Extensions");
      client.write(frame(FINAL | RSV1 | TEXT, deflated(WampClient.HELLO)));
      client.expectEnd(1002);
    }
  }

  @Test
  @Conformance("WS-06")
  void messagesOfClientsMayBeCompressedWholeOrInFragments() {
    try (WebSocketClient client = join()) {
      client.write(frame(FINAL | RSV1 | TEXT, deflated("[48,1,{},\"com.nobody\"]")));
      assertThat(client.hear()).startsWith("[8,48,1,");
      byte[] message = deflated("[48,2,{},\"com.nobody\",[\"" + "x".repeat(60_000) + "\"]]");
      assertThat(message).hasSizeLessThan(200);
      client.write(frame(RSV1 | TEXT, Arrays.copyOf(message, 20)));
      client.write(frame(FINAL | CONTINUATION, Arrays.copyOfRange(message, 20, message.length)));
      assertThat(client.hear()).startsWith("[8,48,2,");
      client.say("[48,3,{},\"com.nobody\"]");
      assertThat(client.hear()).startsWith("[8,48,3,");
    }
  }

  @Test
  @Conformance("WS-06")
  void longEventIsCompressedOnceForAllWhoTakeIt() throws Exception {
    try (WebSocketClient one = join();
        WebSocketClient other = join();
        WampClient plain = Way.WEBSOCKET.join(node);
        WampClient publisher = Way.RAWSOCKET.join(node)) {
      for (WampClient subscriber : new WampClient[] {one, other, plain}) {
        subscriber.say("[32,1,{},\"com.example.topic\"]");
        assertThat(subscriber.hear()).startsWith("[33,1,");
      }
      publisher.say("[16,1,{},\"com.example.topic\",[\"" + "x".repeat(20_000) + "\"]]");
      String event = plain.hear();
      byte[] compressed = compressedFrame(one);
      assertThat(compressed).hasSizeLessThan(200).isEqualTo(compressedFrame(other));
      assertThat(inflated(compressed)).isEqualTo(event);
      publisher.say("[16,2,{},\"com.example.topic\",[\"" + "x".repeat(900) + "\"]]");
      assertThat(one.hear()).as("a short one").isEqualTo(plain.hear());
    }
  }

  @Test
  void whatDoesNotShrinkIsSentAsItIs() {
    byte[] random = new byte[3_000];
    new Random(1).nextBytes(random);
    StringBuilder noise = new StringBuilder();
    for (byte octet : random) {
      noise.append((char) (0x4E00 + (octet & 0xFF) * 64)); // three octets each, two of them random
    }
    try (WebSocketClient client = join()) {
      client.say("[32,1,{},\"com.example.topic\"]");
      client.hear();
      client.say("[16,1,{\"exclude_me\":false},\"com.example.topic\",[\"" + noise + "\"]]");
      byte first = client.read(1)[0];
      assertThat(first & 0xFF).isIn(FINAL | TEXT, FINAL | RSV1 | TEXT);
    }
  }

  @Test
  void bombIsNotInflatedBeyondTheLimit() {
    try (WebSocketClient client = join()) {
      byte[] bomb = deflated(" ".repeat(20 << 20));
      assertThat(bomb).hasSizeLessThan(32 << 10);
      client.write(frame(FINAL | RSV1 | TEXT, bomb));
      client.expectEnd(1009);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void messageIsAsLongAsItMayBeWhenItIsInflated(int more) {
    String call = "[48,1,{},\"com.nobody\"]";
    byte[] message = deflated(call + " ".repeat((64 << 10) + more - call.length()));
    try (WebSocketClient client = join()) {
      client.write(frame(FINAL | RSV1 | TEXT, message));
      if (more == 0) {
        assertThat(client.hear()).startsWith("[8,48,1,");
      } else {
        client.expectEnd(1009);
      }
    }
  }

  @Test
  void whatInflatesBeyondTheLimitIsNotMade() {
    ByteBuf bomb = Unpooled.wrappedBuffer(deflated(" ".repeat(2_000_000)));
    AtomicInteger made = new AtomicInteger();
    assertThatExceptionOfType(Compression.TooLongException.class)
        .isThrownBy(
            () ->
                new Compression()
                    .inflate(ByteBufAllocator.DEFAULT, bomb, 64 << 10, made::addAndGet));
    assertThat(made.get()).isLessThanOrEqualTo(64 << 10);
  }

  @Test
  void messageThatDoesNotShrinkHasNoCompressedFrame() {
    byte[] random = new byte[3_000];
    new Random(1).nextBytes(random);
    ByteSink noise = new ByteSink();
    noise.write(random, 0, random.length);
    assertThat(new Compression().frame(ByteBufAllocator.DEFAULT, Serializer.CBOR, noise)).isNull();
  }

  static Stream<byte[]> broken() {
    return Stream.of(
        frame(FINAL | RSV1 | TEXT, new byte[] {7, 7, 7, 7}), // no block of this type
        frame(FINAL | RSV1 | PING, new byte[0]),
        frame(FINAL | 0x20 | TEXT, new byte[0]),
        frame(FINAL | RSV1 | 0x10 | TEXT, new byte[0]));
  }

  @ParameterizedTest
  @MethodSource("broken")
  void frameThatBreaksTheRulesEndsTheTransport(byte[] broken) {
    try (WebSocketClient client = join()) {
      client.write(broken);
      client.expectEnd(1002);
    }
  }

  @Test
  void onlyTheFirstFragmentSaysThatTheMessageIsCompressed() {
    try (WebSocketClient client = join()) {
      client.write(frame(RSV1 | TEXT, deflated("[48,1,{},\"com.nobody\"]")));
      client.write(frame(FINAL | RSV1 | CONTINUATION, new byte[0]));
      client.expectEnd(1002);
    }
  }
}
