package io.tandem.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.RepeatedTest;

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
}
