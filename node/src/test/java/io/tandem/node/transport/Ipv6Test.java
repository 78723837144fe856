package io.tandem.node.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tandem.client.TransportOptions;
import io.tandem.node.testing.TestNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

/** A listener on a literal IPv6 address, and clients that are given its URL. */
class Ipv6Test {

  @Test
  void literalAddressInAUrlIsConnectedTo() {
    assumeTrue(hasIpv6(), "no IPv6 on loopback");
    try (TestNode node =
        TestNode.start(
            TestNode.LISTENER
                + "    address: '::1'\n"
                + TestNode.MANAGEMENT
                + TestNode.REALM
                + "lanes: 1\n")) {
      for (String url :
          new String[] {"ws://[::1]:" + node.port() + "/ws", "rs://[::1]:" + node.port()}) {
        assertThat(node.join(TransportOptions.to(url)).id()).isPositive();
      }
    }
  }

  private static boolean hasIpv6() {
    byte[] loopback = new byte[16];
    loopback[15] = 1;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByAddress(loopback))) {
      return socket.isBound();
    } catch (IOException none) {
      return false;
    }
  }
}
