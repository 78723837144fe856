package io.tandem.node.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.router.CloseCause;
import io.tandem.node.testing.ByteClient.Line;
import io.tandem.node.testing.RawSocketClient;
import io.tandem.node.testing.TestNode;
import io.tandem.node.testing.WampClient;
import io.tandem.node.testing.WampClient.Way;
import io.tandem.testing.Conformance;
import io.tandem.testing.Patience;
import java.io.UncheckedIOException;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that do not read what they asked for: each is closed, and nobody else notices. */
class SlowReaderIT {

  private static final String EVENT = "x".repeat(32 << 10);

  /** More than any kernel buffers for a connection, in events. */
  private static final int ENOUGH = (64 << 20) / EVENT.length();

  private static TestNode node;
  private long closedBefore;

  @BeforeAll
  static void start() {
    node =
        TestNode.start(
            TestNode.LISTENER
                + "    limits: {maxMessageSize: 64KiB, outboundQueue: 64KiB}\n"
                + TestNode.MANAGEMENT
                + TestNode.REALM
                + "lanes: 2\n");
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @BeforeEach
  void count() {
    closedBefore = closed();
  }

  @AfterEach
  void nodeServesTheNextClient() {
    node.assertServes();
  }

  private static long closed() {
    return node.closes(CloseCause.SLOW_READER);
  }

  private static WampClient join(Way way, Line line) {
    WampClient client = way.open(line);
    client.join();
    return client;
  }

  private static void subscribe(WampClient client) {
    client.say("[32,1,{},\"com.example.flood\"]");
    assertThat(client.hear()).startsWith("[33,1,");
  }

  @Conformance("TR-05")
  @ParameterizedTest
  @EnumSource
  void subscriberThatNeverReadsIsClosedAndTheOthersGetEverything(Way way) {
    try (WampClient publisher = Way.RAWSOCKET.join(node);
        WampClient reader = Way.WEBSOCKET.join(node);
        WampClient sleeper = join(way, Line.narrow(node.port()))) {
      subscribe(sleeper);
      subscribe(reader);
      int published = 0;
      while (published < ENOUGH && (published % 32 != 0 || closed() == closedBefore)) {
        published++;
        publisher.say(
            "[16,"
                + published
                + ",{\"acknowledge\":true},\"com.example.flood\",["
                + published
                + ",\""
                + EVENT
                + "\"]]");
        assertThat(publisher.hear()).startsWith("[17," + published + ",");
        assertThat(reader.hear()).startsWith("[36,").contains("{},[" + published + ",\"");
      }
      assertThat(closed()).isEqualTo(closedBefore + 1);
    }
  }

  @Conformance("TR-05")
  @ParameterizedTest
  @EnumSource
  void callerThatNeverReadsItsResultsIsClosed(Way way) {
    try (WampClient callee = Way.RAWSOCKET.open(node);
        WampClient caller = join(way, Line.narrow(node.port()))) {
      callee.say(
          "[1,\"realm1\",{\"roles\":{\"subscriber\":{},\"callee\":{\"features\":"
              + "{\"progressive_call_results\":true,\"call_canceling\":true}}}}]");
      assertThat(callee.hear()).startsWith("[2,");
      callee.say("[64,1,{},\"com.example.much\"]");
      assertThat(callee.hear()).startsWith("[65,1,");
      caller.say("[48,1,{\"receive_progress\":true},\"com.example.much\"]");
      String invocation = callee.hear();
      assertThat(invocation).startsWith("[68,1,").contains("\"receive_progress\":true");
      String progress = "[70,1,{\"progress\":true},[\"" + EVENT + "\"]]";
      for (int i = 0; i < ENOUGH && (i % 32 != 0 || closed() == closedBefore); i++) {
        callee.say(progress);
      }
      Patience.until("the caller is closed", () -> closed() == closedBefore + 1);
      callee.say("[32,2,{},\"com.example.topic\"]");
      assertThat(callee.hear()).startsWith("[69,1,");
      assertThat(callee.hear()).as("the callee goes on").startsWith("[33,2,");
    }
  }

  @ParameterizedTest
  @EnumSource
  void calleeThatNeverReadsIsNotClosedByThoseWhoCallIt(Way way) {
    try (WampClient caller = Way.RAWSOCKET.join(node);
        WampClient callee = join(way, Line.narrow(node.port()))) {
      callee.say("[64,1,{},\"com.example.slow\"]");
      assertThat(callee.hear()).startsWith("[65,1,");
      int request = 0;
      boolean isRefused = false;
      while (request < ENOUGH && !isRefused) {
        for (int i = 0; i < 32; i++) {
          caller.say("[48," + ++request + ",{},\"com.example.slow\",[\"" + EVENT + "\"]]");
        }
        caller.say("[48," + ++request + ",{},\"com.example.none\"]");
        String answer = caller.hear();
        while (!answer.startsWith("[8,48," + request + ",")) {
          assertThat(answer).contains("\"wamp.error.network_failure\"");
          isRefused = true;
          answer = caller.hear();
        }
      }
      assertThat(isRefused).as("the callee's queue has an end").isTrue();
      assertThat(closed()).isEqualTo(closedBefore);

      callee.say("[32,2,{},\"com.example.topic\"]");
      String heard = callee.hear();
      for (int i = 1; heard.startsWith("[68,"); i++) {
        assertThat(heard.substring(0, 20)).startsWith("[68," + i + ",");
        heard = callee.hear();
      }
      assertThat(heard).as("it goes on").startsWith("[33,2,");
    }
  }

  @Conformance("TR-05")
  @Test
  void floodOfPingsWhoseAnswersAreNotReadIsEnded() {
    try (RawSocketClient flooder = RawSocketClient.open(Line.narrow(node.port()))) {
      byte[] ping = RawSocketClient.frame(RawSocketClient.PING, new byte[60_000]);
      for (int i = 0; i < ENOUGH; i++) {
        flooder.write(ping);
      }
    } catch (UncheckedIOException closed) {
      // What the node closes cannot be written to.
    }
    Patience.until("the flooder is closed", () -> closed() == closedBefore + 1);
  }

  /** Far more than the queue holds passes through it, never more than half of it ahead. */
  @ParameterizedTest
  @EnumSource
  void streamFarBeyondTheQueueReachesAClientThatReads(Way way) throws InterruptedException {
    int events = 4000;
    String event = "x".repeat(8 << 10);
    Semaphore ahead = new Semaphore((1 << 20) / event.length());
    try (TestNode roomy =
            TestNode.start(
                TestNode.LISTENER
                    + "    limits: {outboundQueue: 2MiB}\n"
                    + TestNode.MANAGEMENT
                    + TestNode.REALM
                    + "lanes: 2\n");
        WampClient publisher = Way.RAWSOCKET.join(roomy);
        WampClient reader = way.join(roomy)) {
      subscribe(reader);
      Thread stream =
          new Thread(
              () -> {
                for (int i = 1; i <= events; i++) {
                  ahead.acquireUninterruptibly();
                  publisher.say(
                      "[16," + i + ",{},\"com.example.flood\",[" + i + ",\"" + event + "\"]]");
                }
              },
              "stream");
      stream.setDaemon(true);
      stream.start();
      for (int i = 1; i <= events; i++) {
        String number = "{},[" + i + ",\"";
        assertThat(reader.hear().substring(0, 60)).contains(number);
        ahead.release();
      }
      stream.join();
      assertThat(roomy.closes(CloseCause.SLOW_READER)).isZero();
    }
  }
}
