package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The way between two nodes is cut, wholly or in one direction, and a third one reaches both: the
 * cluster comes to one verdict, and nobody waits longer than that.
 */
class PartialCutTest {

  private static final List<String> MACHINES = List.of("a", "b", "c");

  /** Silence that evicts a node, and what it takes to see and to tell it. */
  private static final int VERDICT_MILLIS = 8_500;

  private final VirtualCluster.Totals totals = new VirtualCluster.Totals();

  @ParameterizedTest
  @CsvSource({
    "b, c, both, true",
    "b, c, both, false",
    "b, c, there, true",
    "b, c, back, true",
    "b, c, there, false",
    "b, c, back, false",
    "a, c, both, true",
    "a, c, both, false",
    "a, b, both, true",
    "a, b, there, false",
    "a, b, back, true"
  })
  void youngerOfTwoThatCannotReachEachOtherStartsOver(
      String one, String other, String ways, boolean members) {
    VirtualCluster cluster = started(other.hashCode());
    VirtualLife older = life(cluster, one);
    VirtualLife younger = life(cluster, other);
    ClusterClient client = client(cluster, older);

    cut(cluster, one, other, ways, members);
    for (int i = 0; i < 10 * 15; i++) {
      client.says("[32," + client.next() + ",{},'com.topic." + i + "']");
      client.says("[64," + client.next() + ",{},'com.procedure." + i + "']");
      pass(cluster, 100);
      long before = 2L * (i - VERDICT_MILLIS / 100);
      assertThat(client.conduct.unanswered.keySet())
          .as("unanswered %s ms after the cut", i * 100)
          .noneMatch(request -> request <= before);
      if (i * 100 >= VERDICT_MILLIS) {
        assertThat(younger.over).as("%s has been told", younger).isTrue();
      }
    }
    assertThat(older.over).as("%s has been told", older).isFalse();
    assertThat(cluster.lives()).contains(older);
    MACHINES.stream()
        .filter(machine -> !machine.equals(one) && !machine.equals(other))
        .forEach(machine -> assertThat(life(cluster, machine).id.incarnation()).isLessThan(4));
  }

  @Test
  void ofFourTheOneThatMissesMostStartsOver() {
    List<String> machines = List.of("a", "b", "c", "d");
    VirtualCluster cluster = started(7, machines);
    VirtualLife lonely = life(cluster, "b");
    List<VirtualLife> rest = new ArrayList<>(cluster.lives());
    rest.remove(lonely);

    cut(cluster, "b", "c", "both", true);
    cut(cluster, "b", "d", "both", true);
    pass(cluster, VERDICT_MILLIS);

    assertThat(lonely.over).isTrue();
    assertThat(rest).noneMatch(life -> life.over);
  }

  /** What the sides of a whole partition have always done. */
  @Test
  void partitionWithoutAWitnessIsNoPartialCut() {
    VirtualCluster cluster = started(3);
    List<VirtualLife> lives = cluster.lives();
    cut(cluster, "a", "b", "both", true);
    cut(cluster, "a", "c", "both", true);
    pass(cluster, 15_000);

    assertThat(lives).noneMatch(life -> life.over);
  }

  @Test
  void evictedNodeThatAnotherOneHearsIsToldAtOnce() {
    VirtualCluster cluster = started(5);
    VirtualLife evicted = life(cluster, "b");
    ClusterClient caller = client(cluster, evicted);
    cut(cluster, "a", "b", "there", true);
    pass(cluster, VERDICT_MILLIS);

    assertThat(evicted.over).isTrue();
    assertThat(caller.conduct.unanswered).isEmpty();
    assertThat(life(cluster, "c").otherNodes().states())
        .noneMatch(state -> state.node().equals(evicted.id));
  }

  @Test
  void linkThatIsMissingIsToldByName() {
    VirtualCluster cluster = started(6);
    VirtualLife life = life(cluster, "a");
    assertThat(life.otherNodes().waitsFor()).isEmpty();

    cut(cluster, "a", "c", "both", false);
    pass(cluster, 5_000);

    assertThat(life.otherNodes().waitsFor())
        .singleElement()
        .asString()
        .matches("link to c: not open for [12] s");
  }

  private VirtualCluster started(long seed) {
    return started(seed, MACHINES);
  }

  private VirtualCluster started(long seed, List<String> machines) {
    VirtualCluster cluster = new VirtualCluster(seed, totals, machines);
    cluster.trouble = false;
    for (String machine : machines) {
      cluster.boot(machine);
      pass(cluster, 500); // in the order of age
    }
    pass(cluster, 2_000);
    assertThat(cluster.lives()).hasSize(machines.size()).allMatch(life -> life.ready);
    return cluster;
  }

  private static void cut(
      VirtualCluster cluster, String one, String other, String ways, boolean members) {
    switch (ways) {
      case "there" -> cluster.cutOneWay(one, other, true, members);
      case "back" -> cluster.cutOneWay(other, one, true, members);
      default -> cluster.cut(one, other, true, members);
    }
  }

  private static VirtualLife life(VirtualCluster cluster, String machine) {
    return Objects.requireNonNull(cluster.machines.get(machine));
  }

  private static ClusterClient client(VirtualCluster cluster, VirtualLife life) {
    return cluster.join(life, 0, new ClientFeatures(true, true, true));
  }

  private static void pass(VirtualCluster cluster, int millis) {
    cluster.time.runUntil(cluster.time.now() + Duration.ofMillis(millis).toNanos(), cluster::check);
  }
}
