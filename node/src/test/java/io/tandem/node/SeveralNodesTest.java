package io.tandem.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What is decided for several nodes together. */
class SeveralNodesTest {

  private static SeveralNodes nodes(int port, String host) {
    return new SeveralNodes(3, port, 9080, 5701, host, "mall", List.of("--wire=socket"));
  }

  @Test
  void eachHasTheNextPortsAndLooksForAll() {
    assertThat(nodes(8080, "127.0.0.1").arguments(1))
        .containsExactly(
            "start",
            "--wire=socket",
            "--port",
            "8081",
            "--management-port",
            "9081",
            "--cluster-host",
            "127.0.0.1",
            "--cluster-port",
            "5703",
            "--cluster-name",
            "mall",
            "--join",
            "127.0.0.1:5701,127.0.0.1:5703,127.0.0.1:5705",
            "--expect",
            "3",
            "--node",
            "node2");
  }

  @Test
  void anyPortIsAnyOnEach() {
    assertThat(nodes(0, "::1").arguments(2))
        .contains("[::1]:5701,[::1]:5703,[::1]:5705")
        .containsSequence("--port", "0");
  }

  @Test
  void clusterWithoutANameIsOneOfThisInstallationAndPort() {
    SeveralNodes first = new SeveralNodes(1, 0, 0, 5701, "::1", null, List.of());
    SeveralNodes second = new SeveralNodes(1, 0, 0, 5703, "::1", null, List.of());

    assertThat(first.arguments(0)).anyMatch(each -> each.matches("tandem-\\d+-5701"));
    assertThat(second.arguments(0)).anyMatch(each -> each.matches("tandem-\\d+-5703"));
  }
}
