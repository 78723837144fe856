package io.tandem.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.config.Configurations;
import io.tandem.node.config.NodeConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

/** As many connections as the process may have files. */
class OpenFilesTest {

  private static NodeConfig config(int first, int second) throws Exception {
    return Configurations.parse(
        "test.yaml",
        "listeners:\n"
            + "  - {port: 1, limits: {maxConnections: %d}}\n".formatted(first)
            + "  - {port: 2, limits: {maxConnections: %d}}\n".formatted(second)
            + "realms: [{name: realm1}]\n");
  }

  private static List<Integer> fit(NodeConfig config, long limit) {
    return OpenFiles.fit(config, limit).listeners().stream()
        .map(listener -> listener.limits().maxConnections())
        .toList();
  }

  @Test
  void connectionsThatFitStayAsConfigured() throws Exception {
    assertThat(fit(config(300, 188), 1000)).containsExactly(300, 188);
  }

  @Test
  void moreThanThatAreSharedOutInProportionAndAReserveIsKept() throws Exception {
    assertThat(fit(config(75_000, 25_000), 4096 + OpenFiles.RESERVE)).containsExactly(3072, 1024);
  }

  @Test
  void ofFewFilesHalfAreForConnections() throws Exception {
    assertThat(fit(config(100_000, 100_000), 100)).containsExactly(25, 25);
    assertThat(fit(config(1_000_000, 1), 100)).containsExactly(49, 1);
  }

  @Test
  void limitOfThisProcessIsKnown() {
    assertThat(OpenFiles.limit()).isGreaterThan(100);
  }
}
