package io.tandem.node.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.tandem.node.config.ProxyConfig;
import io.tandem.node.testing.ByteClient;
import io.tandem.node.testing.ByteClient.Line;
import io.tandem.node.testing.TestNode;
import io.tandem.node.testing.WebSocketClient;
import io.tandem.testing.Patience;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whose connection it is when something stands before the listener. The limit for each address
 * tells who the node takes a client for.
 */
class ProxyTest {

  private static final String GRANTED = "7F B1 00 00";
  private static final String TOO_MANY = "7F 40 00 00";

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private TestNode node;

  private void start(String proxy) {
    node =
        TestNode.start(
            TestNode.LISTENER
                + "    limits: {maxConnectionsPerAddress: 1}\n"
                + "    proxy: {%s}\n".formatted(proxy)
                + TestNode.MANAGEMENT
                + TestNode.REALM
                + "lanes: 1\n");
    open.push(node);
  }

  @AfterEach
  void stop() throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }

  /** What a client of RawSocket is answered behind these octets; it stays. */
  private String rawSocket(byte[] before) {
    ByteClient client = new ByteClient(Line.tcp(node.port()));
    open.push(client);
    client.write(before);
    client.writeHex("7F F1 00 00");
    return client.readHex(4);
  }

  private static byte[] header(String client) {
    return ("PROXY TCP4 " + client + " 198.51.100.1 40000 443\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] headerV2(int lastOctet) {
    byte[] header = new byte[28];
    byte[] begin = {13, 10, 13, 10, 0, 13, 10, 81, 85, 73, 84, 10, 0x21, 0x11, 0, 12};
    byte[] addresses = {(byte) 192, 0, 2, (byte) lastOctet, (byte) 198, 51, 100, 1, 1, 1, 1, 1};
    System.arraycopy(begin, 0, header, 0, 16);
    System.arraycopy(addresses, 0, header, 16, 12);
    return header;
  }

  @Test
  void clientIsWhomTheProxyProtocolTells() {
    start("from: [127.0.0.0/8], protocol: true");
    assertThat(rawSocket(header("192.0.2.1"))).isEqualTo(GRANTED);
    assertThat(rawSocket(header("192.0.2.2"))).isEqualTo(GRANTED);
    assertThat(rawSocket(header("192.0.2.1"))).isEqualTo(TOO_MANY);
    assertThat(rawSocket(headerV2(1))).as("version 2").isEqualTo(TOO_MANY);
    assertThat(rawSocket(headerV2(3))).as("version 2").isEqualTo(GRANTED);
  }

  @Test
  void placeOfAnAddressIsFreeWhenItsConnectionIsClosed() throws Exception {
    start("from: [127.0.0.1], protocol: true");
    assertThat(rawSocket(header("192.0.2.1"))).isEqualTo(GRANTED);
    open.pop().close();
    Patience.until("there is a place again", () -> rawSocket(header("192.0.2.1")).equals(GRANTED));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "PROXY nonsense\r\n", "GET /ws HTTP/1.1\r\nHost: a\r\n\r\n"})
  void proxyThatDoesNotTellIsClosed(String said) {
    start("from: [127.0.0.1], protocol: true");
    try (ByteClient client = new ByteClient(Line.tcp(node.port()))) {
      client.write(said.getBytes(StandardCharsets.US_ASCII));
      client.writeHex("7F F1 00 00 0D 0A 0D 0A 0D 0A 0D 0A");
      assertThat(client.isEnded()).isTrue();
    }
  }

  @Test
  void strangerIsNotBelieved() {
    start("from: [192.0.2.9], protocol: true, forwarded: true");
    try (ByteClient client = new ByteClient(Line.tcp(node.port()))) {
      client.write(header("192.0.2.1"));
      client.write("\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(client.read(12), StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 400");
    }
    Patience.until(
        "the first connection's place is free", () -> webSocket("192.0.2.1").startsWith("101"));
    assertThat(webSocket("192.0.2.2")).as("both are of 127.0.0.1").startsWith("503");
  }

  private String webSocket(String forwardedFor) {
    WebSocketClient client = WebSocketClient.unopened(Line.tcp(node.port()));
    open.push(client);
    String head =
        client.upgrade(
            "/ws", "Sec-WebSocket-Protocol: wamp.2.json", "X-Forwarded-For: " + forwardedFor);
    return head.substring("HTTP/1.1 ".length(), head.indexOf("\r\n"));
  }

  @Test
  void clientIsTheLastInTheChainThatIsNoProxy() {
    start("from: [127.0.0.1, 10.0.0.0/8, \"2001:db8::/32\"], forwarded: true");
    assertThat(webSocket("203.0.113.66, 192.0.2.1, 10.1.2.3")).startsWith("101");
    assertThat(webSocket("203.0.113.77, 192.0.2.1")).as("what it claims first").startsWith("503");
    assertThat(webSocket("192.0.2.1, nobody, 10.1.2.3")).as("10.1.2.3").startsWith("101");
    assertThat(webSocket("2001:db9:0:1::1")).startsWith("101");
    assertThat(webSocket("2001:db9:0:1::2")).as("of one network").startsWith("503");
    assertThat(webSocket("2001:db9:0:2::1")).startsWith("101");
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 192.0.2.1",
    "2001:db8:0:1:2:3:4:5, 2001:db8:0:1::/64",
    "2001:db8:0:1::, 2001:db8:0:1::/64",
    "::ffff:192.0.2.1, 192.0.2.1"
  })
  void originIsTheAddressOrTheNetworkOfAnIpv6One(String address, String origin) {
    Frontier frontier = new Frontier(new ProxyConfig(Set.of("10.0.0.1"), false, true, false));
    EmbeddedChannel channel = new EmbeddedChannel();
    assertThat(Frontier.origin(channel)).isNull();
    frontier.forwarded(channel, List.of(address), null);
    assertThat(Frontier.origin(channel)).isEqualTo(origin);
  }

  @Test
  void connectionIsSecureWhereTlsEndsAtAProxyUnlessItTellsOtherwise() {
    Frontier frontier = new Frontier(new ProxyConfig(Set.of("10.0.0.1"), false, true, true));
    EmbeddedChannel channel = new EmbeddedChannel(); // of no address, like a Unix socket
    frontier.came(channel);
    assertThat(Frontier.isSecure(channel)).isTrue();
    frontier.forwarded(channel, List.of("192.0.2.1"), "https");
    assertThat(Frontier.isSecure(channel)).isTrue();
    frontier.forwarded(channel, List.of("192.0.2.1"), "http");
    assertThat(Frontier.isSecure(channel)).isFalse();
    frontier.forwarded(channel, List.of("192.0.2.1"), "https");
    assertThat(Frontier.isSecure(channel)).as("once told, it stays").isFalse();

    EmbeddedChannel other = new EmbeddedChannel();
    new Frontier(null).came(other);
    assertThat(Frontier.isSecure(other)).isFalse();
  }
}
