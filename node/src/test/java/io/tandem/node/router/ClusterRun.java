package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.registry.Callee;
import io.tandem.registry.RegistrationRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** One seed: a cluster under faults, and how it stands when they have ended. */
final class ClusterRun {

  private static final Duration AGREEMENT = Duration.ofSeconds(25);
  private static final Duration ANSWERS = Duration.ofSeconds(20);
  private static final Duration EXAM = Duration.ofSeconds(2);

  private static final List<String> MACHINES = List.of("a", "b", "c");

  final VirtualCluster cluster;
  private final Random random;
  private final VirtualCluster.Totals totals;
  private final ClusterFaults faults;
  private final ClusterCrowd crowd;

  ClusterRun(long seed, VirtualCluster.Totals totals) {
    this.totals = totals;
    this.cluster = new VirtualCluster(seed, totals, MACHINES);
    this.random = cluster.random;
    this.faults = new ClusterFaults(cluster, MACHINES);
    this.crowd = new ClusterCrowd(cluster);
  }

  void run() {
    cluster.network.loss = random.nextInt(3) * 0.02;
    cluster.network.duplicates = random.nextInt(3) * 0.03;
    for (String machine : MACHINES) {
      cluster.after(random.nextInt(500), () -> cluster.boot(machine));
    }
    cluster.after(500, crowd::act);
    cluster.onOpened = crowd::stir;
    cluster.after(2_000 + random.nextInt(2_000), faults::fault);
    pass(Duration.ofSeconds(8 + random.nextInt(random.nextInt(4) == 0 ? 30 : 12)));
    faults.mend();
    converge();
    rest();
    checkOneCallee();
    sitExam();
    close();
  }

  private void pass(Duration time) {
    cluster.time.runUntil(cluster.time.now() + time.toNanos(), cluster::check);
  }

  private void converge() {
    long since = cluster.time.now();
    while (cluster.disagreement() != null) {
      if (cluster.time.now() - since > AGREEMENT.toNanos()) {
        throw new AssertionError("no agreement (C1): " + cluster.disagreement());
      }
      pass(Duration.ofMillis(100));
    }
    totals.longestConvergence = Math.max(totals.longestConvergence, cluster.time.now() - since);
  }

  /** All work is done, and nobody has missed anything. */
  private void rest() {
    long since = cluster.time.now();
    while (!isAtRest() && cluster.time.now() - since < ANSWERS.toNanos()) {
      pass(Duration.ofMillis(100));
    }
    pass(Duration.ofSeconds(1));
    cluster.clients.forEach(ClusterClient::checkAtRest);
    assertThat(cluster.disagreement()).isNull();
  }

  private boolean isAtRest() {
    return cluster.clients.stream()
        .allMatch(client -> client.conduct.unanswered.isEmpty() && client.tasks.isEmpty());
  }

  /** The record, all tables and the clients agree on who is a callee of what (X1, G1). */
  private void checkOneCallee() {
    Side side = cluster.sides.all.get(0);
    assertThat(cluster.sides.all).hasSize(1);
    side.registrations.forEach(
        (resource, record) -> {
          assertThat(record.callees().stream().map(Callee::session))
              .as("callees of %s (X1)", resource)
              .containsExactlyInAnyOrderElementsOf(holders(record));
          if (record.policy() == io.tandem.registry.InvocationPolicy.SINGLE) {
            assertThat(record.callees()).as("callees of %s (X1)", resource).hasSize(1);
          }
        });
    for (ClusterClient client : cluster.clients) {
      assertThat(client.registrations.keySet())
          .as("registrations of %s", client)
          .isSubsetOf(side.registrations.values().stream().map(RegistrationRecord::id).toList());
    }
    side.subscriptions.forEach(
        (resource, record) ->
            assertThat(record.nodes())
                .as("nodes of %s (G1)", resource)
                .isSubsetOf(cluster.lives().stream().map(life -> life.id).toList()));
  }

  private List<Long> holders(RegistrationRecord record) {
    return cluster.clients.stream()
        .filter(client -> client.registrations.containsKey(record.id()))
        .map(client -> client.id)
        .toList();
  }

  /** Whatever went before: events and calls now go from every node to every node. */
  private void sitExam() {
    List<ClusterClient> pupils = new ArrayList<>();
    for (VirtualLife life : cluster.lives()) {
      ClusterClient pupil =
          cluster.join(
              life, random.nextInt(VirtualLife.LANES), new ClientFeatures(true, true, true));
      pupils.add(pupil);
      pupil.says("[32," + pupil.next() + ",{},'com.exam']");
      pupil.says("[64," + pupil.next() + ",{},'com.exam." + life.machine + "']");
    }
    pass(EXAM);
    for (ClusterClient pupil : pupils) {
      assertThat(pupil.subscriptions).hasSize(1);
      assertThat(pupil.registrations).hasSize(1);
      pupil.says("[16," + pupil.next() + ",{},'com.exam'," + pupil.arguments() + "]");
      for (String machine : MACHINES) {
        pupil.says(
            "[48," + pupil.next() + ",{},'com.exam." + machine + "'," + pupil.arguments() + "]");
      }
    }
    long answers = totals.answers;
    pass(EXAM);
    cluster.clients.forEach(ClusterClient::checkAtRest);
    assertThat(totals.answers - answers).as("results").isEqualTo(9);
  }

  private void close() {
    for (ClusterClient client : List.copyOf(cluster.clients)) {
      client.loop().execute(client::leaves);
    }
    pass(Duration.ofSeconds(2));
    cluster.lives().forEach(life -> life.invariants.checkNothingIsLeft());
    assertThat(cluster.sides.all.get(0).subscriptions).isEmpty();
    assertThat(cluster.sides.all.get(0).registrations).isEmpty();
  }
}
