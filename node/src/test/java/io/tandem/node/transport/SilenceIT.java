package io.tandem.node.transport;

import static io.tandem.node.testing.WebSocketClient.FINAL;
import static io.tandem.node.testing.WebSocketClient.TEXT;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.router.CloseCause;
import io.tandem.node.testing.ByteClient;
import io.tandem.node.testing.ByteClient.Line;
import io.tandem.node.testing.RawSocketClient;
import io.tandem.node.testing.TestNode;
import io.tandem.node.testing.WampClient;
import io.tandem.node.testing.WampClient.Way;
import io.tandem.node.testing.WebSocketClient;
import io.tandem.testing.Conformance;
import io.tandem.testing.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that fall silent: before they said what they speak, inside a message, or for good. */
class SilenceIT {

  private static TestNode node;

  @BeforeAll
  static void start() {
    node =
        TestNode.start(
            TestNode.LISTENER
                + "    timeouts: {stall: 1s}\n"
                + "    keepAlive: {pingInterval: 0s}\n"
                + "  - port: 0\n"
                + "    keepAlive: {pingInterval: 1s, pingTimeout: 3s, rawSocketPing: true}\n"
                + "  - port: 0\n"
                + "    keepAlive: {pingInterval: 1s, pingTimeout: 1m}\n"
                + "  - port: 0\n"
                + "    timeouts: {handshake: 200ms}\n"
                + TestNode.MANAGEMENT
                + TestNode.REALM
                + "lanes: 2\n");
  }

  @AfterAll
  static void stop() {
    node.assertServes();
    node.close();
  }

  private static Line listener(int number) {
    return Line.tcp(node.node().ports().get(number));
  }

  @Conformance("RS-01")
  @ParameterizedTest
  @ValueSource(
      strings = {"", "7F", "7F F1 00", "47 45 54 20", "47 45 54 20 2F 77 73 20 48 54 54 50"})
  void openingHandshakeThatDoesNotComeIsNotWaitedFor(String begun) {
    long before = node.closes(CloseCause.HANDSHAKE_TIMEOUT);
    try (ByteClient client = new ByteClient(listener(3))) {
      client.writeHex(begun);
      assertThat(client.isEnded()).isTrue();
    }
    Patience.until("it is counted", () -> node.closes(CloseCause.HANDSHAKE_TIMEOUT) == before + 1);
  }

  /** Every way to stop in the middle, at once, since each takes its second. */
  @ParameterizedTest
  @EnumSource
  void messageThatDoesNotGoOnEndsTheTransport(Way way) {
    long before = node.closes(CloseCause.STALLED);
    List<WampClient> clients = new ArrayList<>();
    for (int length : new int[] {1, 3, 5, 12}) {
      clients.add(way.join(node));
      byte[] begun = last(clients).frame("[32,1,{},\"com.example.topic\"]");
      last(clients).write(Arrays.copyOf(begun, length));
    }
    // A whole message and the beginning of another in one segment.
    clients.add(way.join(node));
    byte[] whole = last(clients).frame("[32,1,{},\"com.example.topic\"]");
    byte[] more = Arrays.copyOf(whole, whole.length + 3);
    System.arraycopy(whole, 0, more, whole.length, 3);
    last(clients).write(more);
    assertThat(last(clients).hear()).startsWith("[33,1,");
    if (way == Way.WEBSOCKET) {
      clients.add(way.join(node));
      last(clients).write(WebSocketClient.frame(TEXT, "[32,1"));
    }

    clients.forEach(client -> client.expectEnd(1002));
    Patience.until(
        "they are counted", () -> node.closes(CloseCause.STALLED) == before + clients.size());
  }

  private static WampClient last(List<WampClient> clients) {
    return clients.get(clients.size() - 1);
  }

  @Test
  void silenceBetweenMessagesIsFineWithoutPings() {
    try (WampClient quiet = Way.RAWSOCKET.join(node);
        WampClient stalled = Way.RAWSOCKET.join(node)) {
      stalled.writeHex("00");
      stalled.expectEnd(1002);
      quiet.say("[32,1,{},\"com.example.topic\"]");
      assertThat(quiet.hear()).startsWith("[33,1,");
    }
  }

  @Test
  void webSocketThatAnswersPingsLivesAndOneThatDoesNotIsClosed() {
    long before = node.closes(CloseCause.DEAD_PEER);
    try (WebSocketClient client = WebSocketClient.open(listener(1), "wamp.2.json")) {
      client.join();
      assertThat(client.readFrame().opcode()).isEqualTo(WebSocketClient.PING);
      client.write(WebSocketClient.frame(FINAL | WebSocketClient.PONG, ""));
      assertThat(client.readFrame().opcode()).isEqualTo(WebSocketClient.PING);
      client.expectEnd(1001);
    }
    Patience.until("it is counted", () -> node.closes(CloseCause.DEAD_PEER) > before);
  }

  @Test
  void rawSocketThatAnswersPingsLivesAndOneThatDoesNotIsClosed() {
    try (RawSocketClient client = RawSocketClient.open(listener(1))) {
      client.join();
      assertThat(client.readHex(4)).isEqualTo("01 00 00 00");
      client.writeHex("02 00 00 00");
      assertThat(client.readHex(4)).isEqualTo("01 00 00 00");
      client.expectEnd(1001);
    }
  }

  @Conformance({"RS-10", "QRK-10"})
  @Test
  void rawSocketIsNotPingedUnlessAskedFor() {
    try (RawSocketClient silent = RawSocketClient.open(listener(2));
        WebSocketClient clock = WebSocketClient.open(listener(2), "wamp.2.json")) {
      silent.join();
      clock.join();
      for (int i = 0; i < 2; i++) {
        assertThat(clock.readFrame().opcode()).isEqualTo(WebSocketClient.PING);
        clock.write(WebSocketClient.frame(FINAL | WebSocketClient.PONG, ""));
      }
      silent.say("[32,1,{},\"com.example.topic\"]");
      assertThat(silent.hear()).as("no PING before it").startsWith("[33,1,");
      // The kernel looks after it instead, as it does after the other one.
      Patience.until("both are watched", () -> watchedByTheKernel(2) == 2);
    }
  }

  /** Connections of the listener whose keep-alive timer runs; both, where no kernel tells. */
  private static int watchedByTheKernel(int listener) {
    String here = String.format(":%04X", node.node().ports().get(listener));
    int watched = 0;
    for (Path sockets : List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"))) {
      if (!Files.isReadable(sockets)) {
        return 2;
      }
      try {
        for (String line : Files.readAllLines(sockets)) {
          String[] field = line.trim().split("\\s+", -1);
          // Established, and the timer that runs is that of the probes.
          if (field[1].endsWith(here) && field[3].equals("01") && field[5].startsWith("02:")) {
            watched++;
          }
        }
      } catch (IOException unreadable) {
        throw new UncheckedIOException(unreadable);
      }
    }
    return watched;
  }

  @Test
  void endReachesTheClientAlthoughItSendsOn() {
    byte[] more = " ".repeat(500_000).getBytes(StandardCharsets.UTF_8);
    for (Way way : Way.values()) {
      try (WampClient client = way.join(node)) {
        client.say("[7]");
        client.write(client.frame(more));
        client.expectViolation("7");
      }
    }
  }
}
