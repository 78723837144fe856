package io.tandem.node.cluster;

import static io.tandem.testing.Patience.await;
import static io.tandem.testing.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.client.Arguments;
import io.tandem.node.testing.TestNode;
import io.tandem.node.testing.TestProcess;
import io.vertx.core.Future;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A node that was told of no others: they were to find it, and have. */
class FoundNodeIT {

  private static final Pattern CLUSTER_PORT = Pattern.compile("on 127\\.0\\.0\\.1:(\\d+) as ");

  private final String name = "found-" + UUID.randomUUID();

  private String configuration(String join) {
    return TestNode.LISTENER
        + TestNode.MANAGEMENT
        + TestNode.REALM
        + ("cluster: {port: 0, name: " + name + join + "}\n");
  }

  @Test
  void evictedNodeFindsTheOthersThoughItWasToldOfNone() {
    try (TestProcess first = TestProcess.start(configuration(""))) {
      String joining = configuration(", join: [\"127.0.0.1:" + clusterPort(first) + "\"]");
      try (TestNode second = TestNode.start(joining);
          TestNode third = TestNode.start(joining)) {
        until("three are one cluster", () -> third.members().size() == 3);
        first.freeze();
        until("the first is evicted", () -> reachable(second) == 1 && reachable(third) == 1);
        until("it is gone", () -> second.members().size() == 2 && third.members().size() == 2);

        first.thaw();

        first.untilItSays(2, "tandem: ready: ");
        assertThat(first.members()).hasSize(3);
        await(first.join().register("com.here", invocation -> Future.succeededFuture()));
        assertThat(await(third.join().call("com.here", Arguments.none()))).isNotNull();
      }
    }
  }

  private static long reachable(TestNode node) {
    return node.members().stream().filter(member -> member.getBoolean("reachable", false)).count();
  }

  private static int clusterPort(TestProcess node) {
    Matcher told = CLUSTER_PORT.matcher(String.join("\n", node.said()));
    assertThat(told.find()).isTrue();
    return Integer.parseInt(told.group(1));
  }
}
