package io.tandem.node.transport;

import static io.tandem.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.client.ClientSession;
import io.tandem.node.config.ConfigurationException;
import io.tandem.node.config.Configurations;
import io.tandem.node.router.CloseCause;
import io.tandem.node.testing.ByteClient;
import io.tandem.node.testing.ByteClient.Line;
import io.tandem.node.testing.TestNode;
import io.tandem.node.testing.WebSocketClient;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Networks whose clients may not connect. */
class BansTest {

  private static final String REFUSED = "tandem_handshakes_refused_total{reason=\"banned\"}";

  private static String yaml(String proxy, String bans) {
    return TestNode.LISTENER
        + proxy
        + TestNode.MANAGEMENT
        + TestNode.REALM
        + "lanes: 2\nbans: ["
        + bans
        + "]\n";
  }

  private static void reload(TestNode node, String yaml) {
    try {
      await(node.node().reload(Configurations.parse("test.yaml", yaml)));
    } catch (ConfigurationException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.7, 192.0.2.7, true",
    "192.0.2.7, 192.0.2.8, false",
    "192.0.2.0/24, 192.0.2.255, true",
    "192.0.2.0/24, 192.0.3.0, false",
    "192.0.2.129/25, 192.0.2.200, true",
    "192.0.2.129/25, 192.0.2.127, false",
    "10.0.0.0/7, 11.1.2.3, true",
    "0.0.0.0/0, 192.0.2.1, true",
    "0.0.0.0/0, 2001:db8::1, false",
    "2001:db8::/33, 2001:db8:7fff::1, true",
    "2001:db8::/33, 2001:db8:8000::1, false",
    "2001:db8::1, 2001:db8::1, true",
    "192.0.2.7, ::ffff:192.0.2.7, true"
  })
  void networkCoversItsAddresses(String ban, String address, boolean isBanned) throws Exception {
    Bans bans = new Bans(Set.of("198.51.100.0/24", ban));
    InetSocketAddress client = new InetSocketAddress(InetAddress.getByName(address), 1);
    assertThat(bans.cover(client)).isEqualTo(isBanned);
    bans.ban(Set.of());
    assertThat(bans.cover(client)).isFalse();
    assertThat(bans.cover(null)).isFalse();
  }

  @Test
  void whoIsBannedIsClosedWithoutAWord() {
    try (TestNode node = TestNode.start(yaml("", "127.0.0.0/8"))) {
      try (ByteClient client = new ByteClient(Line.tcp(node.port()))) {
        assertThat(client.isEnded()).isTrue();
      }
      assertThat(node.metric(REFUSED)).isEqualTo(1);
    }
  }

  @Test
  void clientIsWhomAProxyTells() {
    String proxy = "    proxy: {from: [127.0.0.1], protocol: true}\n";
    try (TestNode node = TestNode.start(yaml(proxy, "192.0.2.1, 127.0.0.1"))) {
      for (String client : new String[] {"192.0.2.1", "192.0.2.2"}) {
        try (ByteClient line = new ByteClient(Line.tcp(node.port()))) {
          line.write(
              ("PROXY TCP4 " + client + " 198.51.100.1 40000 443\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
          if (client.equals("192.0.2.1")) {
            assertThat(line.isEnded()).isTrue();
          } else {
            line.writeHex("7F F1 00 00");
            assertThat(line.readHex(4)).isEqualTo("7F B1 00 00");
          }
        }
      }
    }
  }

  @Test
  void clientOfAProxyThatSpeaksHttpIsForbidden() {
    String proxy = "    proxy: {from: [127.0.0.1], forwarded: true}\n";
    try (TestNode node = TestNode.start(yaml(proxy, "192.0.2.1"))) {
      assertThat(upgrade(node, "192.0.2.1")).startsWith("HTTP/1.1 403 ");
      assertThat(upgrade(node, "192.0.2.2")).startsWith("HTTP/1.1 101 ");
      assertThat(node.metric(REFUSED)).isEqualTo(1);
    }
  }

  private static String upgrade(TestNode node, String client) {
    try (WebSocketClient line = WebSocketClient.unopened(Line.tcp(node.port()))) {
      return line.upgrade(
          "/ws", "Sec-WebSocket-Protocol: wamp.2.json", "X-Forwarded-For: " + client);
    }
  }

  @Test
  void banThatIsReloadedEndsTheSessionsThatItMeets() {
    try (TestNode node = TestNode.start(yaml("", ""))) {
      ClientSession one = node.join();
      ClientSession other = node.join();
      reload(node, yaml("", "192.0.2.1"));
      node.assertServes();
      assertThat(one.closed().isComplete()).isFalse();

      // A connection that has not become a transport yet is none either.
      try (ByteClient early = new ByteClient(Line.tcp(node.port()))) {
        early.write(new byte[] {0x7F});
        reload(node, yaml("", "127.0.0.1"));
        await(one.closed());
        await(other.closed());
        early.writeHex("F1 00 00");
        assertThat(early.isEnded()).isTrue();
      }
      assertThat(node.closes(CloseCause.BANNED)).isEqualTo(2);

      reload(node, yaml("", ""));
      node.assertServes();
    }
  }
}
