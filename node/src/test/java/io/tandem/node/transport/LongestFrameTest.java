package io.tandem.node.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.testing.ByteClient.Line;
import io.tandem.node.testing.RawSocketClient;
import io.tandem.node.testing.TestNode;
import io.tandem.testing.Conformance;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The one length of a RawSocket frame that old peers misread: 2^24 octets. */
class LongestFrameTest {

  private static final int LONGEST = 1 << 24;

  private static TestNode node;

  @BeforeAll
  static void start() {
    node =
        TestNode.start(
            TestNode.LISTENER
                + "    limits: {maxMessageSize: 16MiB, outboundQueue: 64MiB}\n"
                + TestNode.MANAGEMENT
                + TestNode.REALM
                + "lanes: 2\n");
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  @Conformance("RS-11")
  void frameOfThatLengthIsTakenButNeverSent() {
    try (RawSocketClient caller = RawSocketClient.open(Line.tcp(node.port()));
        RawSocketClient callee = RawSocketClient.open(Line.tcp(node.port()))) {
      caller.join();
      callee.join();
      callee.say("[64,1,{},\"com.example.long\"]");
      assertThat(callee.hear()).startsWith("[65,1,");

      caller.writeHex("08 00 00 00");
      caller.write(padded("[48,1,{},\"com.example.missing\"]"));
      assertThat(caller.hear()).startsWith("[8,48,1,{},\"wamp.error.no_such_procedure\"");

      caller.say(call(2, 1));
      int around = callee.hear().length() - 1;
      callee.say("[70,1,{}]");
      assertThat(caller.hear()).isEqualTo("[50,2,{}]");
      caller.say(call(3, LONGEST - around));
      assertThat(caller.hear()).startsWith("[8,48,3,{},\"wamp.error.payload_size_exceeded\"");
      caller.say(call(4, LONGEST - around - 1));
      assertThat(callee.readHex(4)).isEqualTo("00 FF FF FF");
      assertThat(callee.read(LONGEST - 1)).startsWith("[68,2,".getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Told who calls, the callee gets a longer message than was sent. */
  private static String call(int request, int octets) {
    return "[48,"
        + request
        + ",{\"disclose_me\":true},\"com.example.long\",[\""
        + "x".repeat(octets)
        + "\"]]";
  }

  private static byte[] padded(String message) {
    return (message + " ".repeat(LONGEST - message.length())).getBytes(StandardCharsets.UTF_8);
  }
}
