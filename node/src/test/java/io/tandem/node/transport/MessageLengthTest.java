package io.tandem.node.transport;

import static io.tandem.node.testing.WebSocketClient.CONTINUATION;
import static io.tandem.node.testing.WebSocketClient.FINAL;
import static io.tandem.node.testing.WebSocketClient.TEXT;
import static io.tandem.node.testing.WebSocketClient.frame;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.testing.ByteClient.Line;
import io.tandem.node.testing.TestNode;
import io.tandem.node.testing.WebSocketClient;
import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How long messages and frames of WebSocket may be. */
class MessageLengthTest {

  private static final int LIMIT = 64 << 10;

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

  // ---- lengths ----

  @Test
  void messageAsLongAsAllowedIsTaken() {
    try (WebSocketClient client = join()) {
      String message = padded("[48,1,{},\"com.example.nobody\",[\"", LIMIT);
      for (int from = 0; from < LIMIT; from += LIMIT / 4) {
        int first = (from == 0 ? TEXT : CONTINUATION) | (from == LIMIT * 3 / 4 ? FINAL : 0);
        client.write(frame(first, message.substring(from, from + LIMIT / 4)));
      }
      assertThat(client.hear()).startsWith("[8,48,1,{},\"wamp.error.no_such_procedure\"");
    }
  }

  @Test
  void frameLongerThanAllowedEndsTheTransport() {
    try (WebSocketClient client = join()) {
      client.write(frame(FINAL | TEXT, new byte[LIMIT / 2 + 1]));
      client.expectEnd(1009);
    }
  }

  @Test
  void claimOfALongFrameAloneEndsTheTransport() {
    try (WebSocketClient client = join()) {
      client.writeHex("81 FF 7F FF FF FF FF FF FF FF 37 FA 21 3D");
      client.expectEnd(1009);
    }
  }

  @Test
  void messageLongerThanAllowedInFragmentsEndsTheTransport() {
    try (WebSocketClient client = join()) {
      client.write(frame(TEXT, new byte[LIMIT / 2]));
      client.write(frame(CONTINUATION, new byte[LIMIT / 2]));
      client.write(frame(CONTINUATION, new byte[1]));
      client.expectEnd(1009);
    }
  }

  @Test
  void tinyFragmentsMakeOneMessage() {
    try (WebSocketClient client = join()) {
      ByteArrayOutputStream segment = new ByteArrayOutputStream();
      segment.writeBytes(frame(TEXT, ""));
      byte[] empty = frame(CONTINUATION, "");
      for (int i = 0; i < 20_000; i++) {
        segment.writeBytes(empty);
      }
      segment.writeBytes(frame(FINAL | CONTINUATION, "[32,1,{},\"com.example.topic\"]"));
      client.write(segment.toByteArray());
      assertThat(client.hear()).startsWith("[33,1,");
    }
  }

  private static String padded(String start, int length) {
    return start + "x".repeat(length - start.length() - 3) + "\"]]";
  }
}
