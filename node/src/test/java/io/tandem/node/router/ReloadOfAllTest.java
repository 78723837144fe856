package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.tandem.cluster.link.ReloadOutcome;
import io.tandem.cluster.link.ReloadResult;
import io.tandem.cluster.nodes.NodeConfigurations;
import io.tandem.cluster.nodes.OtherNodes;
import io.tandem.node.testing.LogBackend;
import io.tandem.registry.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** One node has the others read their configurations again; in virtual time. */
class ReloadOfAllTest {

  private static final List<String> MACHINES = List.of("a", "b", "c");

  /** What a virtual network takes for a question and its answer. */
  private static final int WAYS_MILLIS = 1_500;

  private static final int LONGEST_MILLIS =
      (int) NodeConfigurations.LONGEST_ANSWER.toMillis() + WAYS_MILLIS;

  private final VirtualCluster cluster =
      new VirtualCluster(5, new VirtualCluster.Totals(), MACHINES);

  private void start() {
    cluster.trouble = false;
    MACHINES.forEach(cluster::boot);
    pass(3_000);
    MACHINES.forEach(machine -> assertThat(life(machine).ready).isTrue());
  }

  private VirtualLife life(String machine) {
    return Objects.requireNonNull(cluster.machines.get(machine));
  }

  private void pass(int millis) {
    cluster.time.runUntil(cluster.time.now() + Duration.ofMillis(millis).toNanos(), cluster::check);
  }

  private void goesBy(String machine, String digest) {
    VirtualLife life = life(machine);
    life.home.execute(() -> life.otherNodes().configurations().changed(digest));
  }

  private void answers(String machine, ReloadResult result) {
    life(machine).reloads = by -> CompletableFuture.completedFuture(result);
  }

  private CompletableFuture<List<NodeConfigurations.Answer>> ask(String machine) {
    CompletableFuture<List<NodeConfigurations.Answer>> answers = new CompletableFuture<>();
    VirtualLife life = life(machine);
    life.home.execute(
        () -> life.otherNodes().configurations().reloadOthers().thenAccept(answers::complete));
    return answers;
  }

  private static Map<String, ReloadResult> byName(
      CompletableFuture<List<NodeConfigurations.Answer>> answers) {
    assertThat(answers).isCompleted();
    Map<String, ReloadResult> results = new TreeMap<>();
    answers.join().forEach(answer -> results.put(answer.node().name(), answer.result()));
    return results;
  }

  @Test
  void eachNodeSaysWhatCameOfItAndIsToldWhoAsks() {
    start();
    ReloadResult changed =
        new ReloadResult(ReloadOutcome.CHANGED, "d2", List.of("realm one", "realm two"));
    ReloadResult refused =
        new ReloadResult(ReloadOutcome.REFUSED, "d1", List.of("tandem.yaml:7: is wrong"));
    List<NodeId> askers = new ArrayList<>();
    life("b").reloads =
        by -> {
          askers.add(by);
          return CompletableFuture.completedFuture(changed);
        };
    answers("c", refused);

    CompletableFuture<List<NodeConfigurations.Answer>> answers = ask("a");
    pass(WAYS_MILLIS);

    assertThat(byName(answers)).containsOnly(Map.entry("b", changed), Map.entry("c", refused));
    assertThat(askers).containsExactly(life("a").id);
  }

  @Test
  void longAnswersComeThroughALinkWithLittleRoom() {
    start();
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < ReloadResult.MOST_TEXTS; i++) {
      texts.add("x".repeat(ReloadResult.LONGEST_TEXT));
    }
    ReloadResult long1 = new ReloadResult(ReloadOutcome.REFUSED, "d", texts);
    answers("b", long1);
    answers("c", long1);

    List<CompletableFuture<List<NodeConfigurations.Answer>>> all = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      all.add(ask("a"));
    }
    pass(LONGEST_MILLIS);

    assertThat(all)
        .allSatisfy(
            answers ->
                assertThat(byName(answers))
                    .containsOnly(Map.entry("b", long1), Map.entry("c", long1)));
  }

  @Test
  void nodeThatDoesNotAnswerIsWaitedForTenSeconds() {
    start();
    ReloadResult unchanged = new ReloadResult(ReloadOutcome.UNCHANGED, "d", List.of());
    CompletableFuture<ReloadResult> slow = new CompletableFuture<>();
    life("b").reloads = by -> slow;
    answers("c", unchanged);

    CompletableFuture<List<NodeConfigurations.Answer>> answers = ask("a");
    pass((int) NodeConfigurations.LONGEST_ANSWER.toMillis() - 100);
    assertThat(answers).isNotDone();
    pass(WAYS_MILLIS);

    assertThat(byName(answers))
        .containsOnly(
            Map.entry("b", ReloadResult.of(ReloadOutcome.UNANSWERED)), Map.entry("c", unchanged));
    slow.complete(unchanged); // comes too late, and harms nobody
    pass(WAYS_MILLIS);
    answers("b", unchanged);
    CompletableFuture<List<NodeConfigurations.Answer>> again = ask("a");
    pass(WAYS_MILLIS);
    assertThat(byName(again)).containsEntry("b", unchanged);
  }

  @Test
  void nodeThatIsCutOffMeanwhileIsUnreachable() {
    start();
    answers("c", ReloadResult.of(ReloadOutcome.UNCHANGED));

    CompletableFuture<List<NodeConfigurations.Answer>> answers = ask("a");
    cluster.cut("a", "b", true, false);
    pass(5_000);

    assertThat(byName(answers))
        .containsEntry("b", ReloadResult.of(ReloadOutcome.UNREACHABLE))
        .containsEntry("c", ReloadResult.of(ReloadOutcome.UNCHANGED));
    CompletableFuture<List<NodeConfigurations.Answer>> again = ask("a");
    pass(500);
    assertThat(byName(again)).containsEntry("b", ReloadResult.of(ReloadOutcome.UNREACHABLE));
  }

  @Test
  void nodeOfAnEarlierReleaseIsNotAskedAndSaysNoDigest() {
    cluster.old = Set.of("b");
    start();
    answers("c", ReloadResult.of(ReloadOutcome.NO_FILE));
    MACHINES.forEach(machine -> goesBy(machine, "d"));

    CompletableFuture<List<NodeConfigurations.Answer>> answers = ask("a");
    pass(WAYS_MILLIS);

    assertThat(byName(answers))
        .containsOnly(
            Map.entry("b", ReloadResult.of(ReloadOutcome.TOO_OLD)),
            Map.entry("c", ReloadResult.of(ReloadOutcome.NO_FILE)));
    assertThat(life("a").otherNodes().states())
        .extracting(OtherNodes.State::configuration)
        .containsExactlyInAnyOrder(null, "d");
  }

  @Test
  void nodeThatLeavesIsNotAsked() {
    start();
    answers("c", ReloadResult.of(ReloadOutcome.UNCHANGED));
    life("b").home.execute(() -> life("b").otherNodes().drain());
    pass(WAYS_MILLIS);

    CompletableFuture<List<NodeConfigurations.Answer>> answers = ask("a");
    pass(WAYS_MILLIS);

    assertThat(byName(answers)).containsEntry("b", ReloadResult.of(ReloadOutcome.LEAVING));
  }

  @Test
  void nodesKnowHowManyConfigurationsThereAre() {
    start();
    MACHINES.forEach(machine -> goesBy(machine, "d1"));
    pass(WAYS_MILLIS);
    MACHINES.forEach(machine -> assertThat(count(machine)).as(machine).isEqualTo(1));

    goesBy("b", "d2");
    pass(WAYS_MILLIS);
    MACHINES.forEach(machine -> assertThat(count(machine)).as(machine).isEqualTo(2));

    goesBy("c", "d3");
    pass(WAYS_MILLIS);
    assertThat(count("a")).isEqualTo(3);
    cluster.cut("a", "b", true, false);
    pass(4_000);
    assertThat(count("a")).as("who cannot be reached does not count").isEqualTo(2);
  }

  @Test
  void differenceThatLastsIsSaidInTheLogAndAgainAndWhenItIsOver() {
    Logger log = LogBackend.logger("io.tandem.cluster.nodes.ConfigurationAlarm");
    log.setLevel(Level.INFO); // whatever other tests do with the cluster's
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    log.addAppender(lines);
    try {
      start();
      goesBy("a", "d1");
      goesBy("b", "d2");
      pass(50_000);
      goesBy("b", "d1");
      pass(20_000);
      assertThat(lines.list).as("a rollout").isEmpty();

      goesBy("b", "d2");
      pass(65_000);
      String differ = "nodes go by different configurations: d1 on a; d2 on b";
      assertThat(said(lines)).as("by a and by b").containsExactly(differ, differ);
      pass(500_000);
      assertThat(said(lines)).hasSize(2);
      pass(100_000);
      assertThat(said(lines)).hasSize(4).containsOnly(differ);

      goesBy("a", "d2");
      pass(5_000);
      String alike = "all nodes that can be reached are configured alike again: d2 on a, b";
      assertThat(said(lines)).hasSize(6).endsWith(alike, alike);
      pass(700_000);
      assertThat(said(lines)).hasSize(6);
    } finally {
      log.detachAppender(lines);
      log.setLevel(null);
    }
  }

  private static List<String> said(ListAppender<ILoggingEvent> lines) {
    return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  private int count(String machine) {
    return life(machine).otherNodes().configurations().count();
  }
}
