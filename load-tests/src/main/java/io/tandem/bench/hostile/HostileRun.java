package io.tandem.bench.hostile;

import io.tandem.bench.Processes;
import io.tandem.bench.Waiting;
import io.tandem.bench.cluster.BenchNode;
import io.tandem.bench.cluster.LocalCluster;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Attacks on the first of some nodes, one after the other, beside an honest client. One thread. */
public final class HostileRun {

  private static final Duration QUIET = Duration.ofSeconds(5);
  private static final Duration RECOVERY = Duration.ofSeconds(5);

  /** The honest client's last questions. */
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(30);

  /**
   * What to do.
   *
   * @param nodes 1 stands alone
   * @param heap of each node, as -Xmx takes it
   * @param lasts how long each attack lasts
   */
  public record Plan(List<Attack> attacks, int nodes, String heap, Duration lasts) {}

  /** The time of one attack, by {@link System#nanoTime}, and what the attackers were told. */
  record Phase(String name, String words, long begun, long ended, String spoils, boolean alive) {}

  private HostileRun() {}

  /** Starts nodes, attacks, and tells what came of it. */
  public static HostileReport run(Plan plan, Consumer<String> tell) {
    LocalCluster.Settings settings =
        LocalCluster.Settings.USUAL.withJavaOptions(
            "-Xmx" + plan.heap() + " -XX:+ExitOnOutOfMemoryError");
    return Waiting.onOneLoop(
        vertx -> {
          try (LocalCluster cluster = LocalCluster.onLoopback(plan.nodes(), settings, tell)) {
            return run(plan, vertx, cluster.nodes(), tell);
          }
        });
  }

  private static HostileReport run(
      Plan plan, Vertx vertx, List<BenchNode> nodes, Consumer<String> tell) {
    BenchNode first = nodes.get(0);
    BenchNode last = nodes.get(nodes.size() - 1);
    Prey prey = Prey.at(first.url(), first.management(), LocalCluster.REALM);
    Honest honest = new Honest(vertx, first.url(), last.url(), LocalCluster.REALM);
    Waiting.of("the honest client cannot join", honest.start());
    List<Phase> phases = new ArrayList<>();
    // A young JVM compiles: what it does then is not what the attacks do to it.
    Waiting.pause(QUIET);
    long begun = System.nanoTime();
    Waiting.pause(QUIET);
    phases.add(new Phase("quiet", "nobody attacks", begun, System.nanoTime(), "", true));
    long resident = 0;
    for (Attack attack : plan.attacks()) {
      tell.accept(attack + ": " + attack.words());
      long from = System.nanoTime();
      String spoils = Raid.run(attack, prey, plan.lasts());
      long until = System.nanoTime();
      Waiting.pause(RECOVERY);
      boolean alive = nodes.stream().allMatch(node -> node.isAlive());
      phases.add(new Phase(attack.toString(), attack.words(), from, until, spoils, alive));
      Long now = new Processes(List.of(first.pid())).residentBytes();
      resident = Math.max(resident, now == null ? 0 : now);
      if (!alive) {
        tell.accept("a node has died");
        break;
      }
    }
    Waiting.of("the honest client hangs", honest.stop());
    Waiting.isSoon(
        LAST_ANSWERS,
        () ->
            Waiting.of("the honest client hangs", honest.samples()).stream()
                .allMatch(Honest.Sample::isAnswered));
    return new HostileReport(
        plan, phases, Waiting.of("the honest client hangs", honest.samples()), resident);
  }
}
