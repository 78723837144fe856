package io.tandem.node.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.client.ClientSession;
import io.tandem.node.testing.TestCluster;
import io.tandem.node.testing.TestNode;
import io.tandem.testing.Patience;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What nodes of a cluster show of it. */
class ClusterMetricsIT {

  private static double value(TestNode node, String meter) {
    Matcher line =
        Pattern.compile("(?m)^" + Pattern.quote(meter) + " (\\S+)$").matcher(node.metrics());
    assertThat(line.find()).as(meter).isTrue();
    return Double.parseDouble(line.group(1));
  }

  private static double owned(TestCluster cluster, String map) {
    String meter = "tandem_record_entries{map=\"" + map + "\"}";
    return cluster.nodes().stream().mapToDouble(node -> value(node, meter)).sum();
  }

  @Test
  void nodesLinksAndTheRecordAreShown() {
    // The first that expects two would wait for the other before that is told of it.
    try (TestCluster cluster = TestCluster.start(1)) {
      TestNode node = cluster.join("expect: 2");
      cluster.untilAgreed(2);
      ClientSession client = node.join();
      Patience.await(client.subscribe("com.a", event -> {}));
      assertThat(value(node, "tandem_cluster_nodes{state=\"known\"}")).isEqualTo(2);
      assertThat(value(node, "tandem_cluster_nodes{state=\"reachable\"}")).isEqualTo(2);
      assertThat(value(node, "tandem_cluster_nodes{state=\"in_step\"}")).isEqualTo(2);
      assertThat(value(node, "tandem_cluster_expected_nodes")).isEqualTo(2);
      assertThat(value(node, "tandem_cluster_unchanged_seconds")).isPositive();
      assertThat(node.metrics().lines())
          .anyMatch(line -> line.matches("tandem_link_open\\{node=\"[^\"]+\"} 1.0"))
          .anyMatch(line -> line.matches("tandem_link_credit_bytes\\{node=\"[^\"]+\"} [1-9].*"));
      Patience.until(
          "the subscription is in the record", () -> owned(cluster, "subscriptions") > 0);
      assertThat(owned(cluster, "sessions")).isPositive(); // and the router's own
      assertThat(value(node, "tandem_latency_seconds_count{of=\"record\"}")).isPositive();
      Patience.until(
          "pings are answered", () -> value(node, "tandem_latency_seconds_count{of=\"link\"}") > 0);
    }
  }
}
