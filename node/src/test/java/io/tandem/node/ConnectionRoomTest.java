package io.tandem.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.config.Configurations;
import io.tandem.node.config.NodeConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

/** As many connections as the process has room for. */
class ConnectionRoomTest {

  private static final long HEAP = 16L << 30;

  private static NodeConfig config(int first, int second) throws Exception {
    return Configurations.parse(
        "test.yaml",
        "listeners:\n"
            + "  - {port: 1, limits: {maxConnections: %d}}\n".formatted(first)
            + "  - {port: 2, limits: {maxConnections: %d}}\n".formatted(second)
            + "realms: [{name: realm1}]\n"
            + "lanes: 1\n");
  }

  private static List<Integer> fit(NodeConfig config, long limit, long heap) {
    return ConnectionRoom.fit(config, limit, HeapShares.of(config, heap)).listeners().stream()
        .map(listener -> listener.limits().maxConnections())
        .toList();
  }

  @Test
  void connectionsThatFitStayAsConfigured() throws Exception {
    assertThat(fit(config(300, 188), 1000, HEAP)).containsExactly(300, 188);
  }

  @Test
  void moreThanThatAreSharedOutAlikeAndAReserveIsKept() throws Exception {
    assertThat(fit(config(75_000, 25_000), 4096 + ConnectionRoom.RESERVE, HEAP))
        .containsExactly(2048, 2048);
  }

  /** A limit that somebody chose, as for a listener of operators, is not that of a crowd. */
  @Test
  void listenerThatMayHaveFewKeepsThem() throws Exception {
    assertThat(fit(config(2, 100_000), 4096 + ConnectionRoom.RESERVE, HEAP))
        .containsExactly(2, 4094);
    assertThat(fit(config(100_000, 2048), 4096 + ConnectionRoom.RESERVE, HEAP))
        .containsExactly(2048, 2048);
  }

  @Test
  void ofFewFilesHalfAreForConnections() throws Exception {
    assertThat(fit(config(100_000, 100_000), 100, HEAP)).containsExactly(25, 25);
    assertThat(fit(config(1_000_000, 1), 100, HEAP)).containsExactly(49, 1);
  }

  @Test
  void idleConnectionsTakeHalfOfTheHeapAtMost() throws Exception {
    long heap = 2 * 4096L * ConnectionRoom.HEAP_EACH;
    assertThat(fit(config(75_000, 25_000), 1_000_000, heap)).containsExactly(2048, 2048);
  }

  @Test
  void limitOfThisProcessIsKnown() {
    assertThat(ConnectionRoom.openFiles()).isGreaterThan(100);
  }
}
