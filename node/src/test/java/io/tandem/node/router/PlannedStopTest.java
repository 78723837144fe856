package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.cluster.link.LinkClosed;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A node drains and stops, and its address is gone with its process: what is sent there is neither
 * refused nor answered.
 */
class PlannedStopTest {

  private static final List<String> MACHINES = List.of("a", "b", "c");

  /** Rounds of 100 ms: the virtual network alone holds a frame up for two of them now and then. */
  private static final int PATIENCE = 6;

  private final VirtualCluster.Totals totals = new VirtualCluster.Totals();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void survivorsAreAnsweredWithoutDelayAndMissNobody(long seed) {
    VirtualCluster cluster = new VirtualCluster(seed, totals, MACHINES);
    cluster.trouble = false;
    MACHINES.forEach(cluster::boot);
    pass(cluster, 3_000);
    VirtualLife leaver = cluster.machines.get("c");
    List<ClusterClient> survivors = List.of(client(cluster, "a"), client(cluster, "b"));
    ClusterClient held = client(cluster, "c");
    held.says("[32," + held.next() + ",{},'com.held']");
    held.says("[64," + held.next() + ",{},'com.held']");
    pass(cluster, 1_000);
    assertThat(held.registrations).hasSize(1);

    leaver.leave();
    for (int i = 0; i < 60; i++) {
      for (ClusterClient survivor : survivors) {
        survivor.says("[32," + survivor.next() + ",{},'com.topic." + i + "']");
        survivor.says(
            "[64," + survivor.next() + ",{},'com.procedure." + i + "." + survivor.id + "']");
      }
      for (int step = 0; step < 10; step++) {
        pass(cluster, 10);
        if (leaver.dead) {
          vanish(cluster);
        }
      }
      long longAgo = 2L * (i - PATIENCE);
      for (ClusterClient survivor : survivors) {
        assertThat(survivor.conduct.unanswered.keySet())
            .as("unanswered after %s ms", i * 100)
            .noneMatch(request -> request <= longAgo);
      }
    }
    assertThat(leaver.dead).isTrue();
    assertThat(totals.closed).doesNotContainKey(LinkClosed.UNREACHABLE);
    assertThat(cluster.machines.get("a").otherNodes().states()).hasSize(1);
    Side side = cluster.machines.get("a").side;
    assertThat(side.registrations.values())
        .allSatisfy(
            record ->
                assertThat(record.callees()).noneMatch(callee -> callee.node().equals(leaver.id)));
    assertThat(side.subscriptions.values())
        .allSatisfy(record -> assertThat(record.nodes()).doesNotContain(leaver.id));
  }

  private static void vanish(VirtualCluster cluster) {
    cluster.cut("c", "a", true, true);
    cluster.cut("c", "b", true, true);
  }

  private static ClusterClient client(VirtualCluster cluster, String machine) {
    VirtualLife life = cluster.machines.get(machine);
    assertThat(life.ready).isTrue();
    return cluster.join(life, 0, new ClientFeatures(true, true, true));
  }

  private static void pass(VirtualCluster cluster, int millis) {
    cluster.time.runUntil(cluster.time.now() + Duration.ofMillis(millis).toNanos(), cluster::check);
  }
}
