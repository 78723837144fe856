package io.tandem.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tandem.node.config.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Ports that a node draws for itself. */
class FreePortsTest {

  private static final Path HANDED_OUT = Path.of("/proc/sys/net/ipv4/ip_local_port_range");

  @RepeatedTest(20)
  void portsAreNoneThatTheSystemHandsOutToOthersMeanwhile() throws IOException {
    assumeTrue(Files.exists(HANDED_OUT), "not Linux");
    String range = Files.readAllLines(HANDED_OUT).get(0); // not piecemeal: it tells it once
    int lowest = Integer.parseInt(range.split("\\s+", -1)[0]);
    assumeTrue(lowest >= 32_768, "the range of this machine is not the usual one");

    assertThat(FreePorts.pair("127.0.0.1")).isBetween(1_024, lowest - 2);
  }

  /** Who wants a port on all addresses gets none that somebody has on one. */
  @Test
  void portThatSomebodyHasOnAnotherAddressIsTaken() throws IOException {
    InetAddress another = InetAddress.getByName("127.0.0.2");
    assumeTrue(another.isReachable(1_000), "the machine has one address");
    try (ServerSocket other = new ServerSocket(0, 1, another)) {
      assertThat(FreePorts.isTaken(new Endpoint.Tcp("0.0.0.0", other.getLocalPort()))).isTrue();
      assertThat(FreePorts.isTaken(new Endpoint.Tcp("127.0.0.1", other.getLocalPort()))).isFalse();
    }
  }

  @Test
  void addressThatIsNotThisMachinesIsNotTaken() {
    assertThat(FreePorts.isTaken(new Endpoint.Tcp("192.0.2.1", 20_000))).isFalse();
  }
}
