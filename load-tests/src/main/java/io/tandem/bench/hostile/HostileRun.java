package io.tandem.bench.hostile;

import io.tandem.bench.Processes;
import io.tandem.bench.Waiting;
import io.tandem.bench.cluster.BenchNode;
import io.tandem.bench.cluster.Complaints;
import io.tandem.bench.cluster.LocalCluster;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Attacks on the first of some nodes, one after the other, beside an honest client. One thread. */
public final class HostileRun {

  private static final Duration QUIET = Duration.ofSeconds(5);

  /** In which the honest client shows whether anything is left of an attack. */
  private static final Duration RECOVERY = Duration.ofSeconds(2);

  /** For the sessions of attackers that have hung up. */
  private static final Duration LAST_ATTACKERS = Duration.ofSeconds(10);

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

  /**
   * The time of one attack, by {@link System#nanoTime}.
   *
   * @param spoils what the attackers were told
   * @param missed what they should have been told; null when they were
   */
  record Phase(
      String name,
      String words,
      long begun,
      long ended,
      String spoils,
      @Nullable String missed,
      Vitals vitals) {}

  private final Plan plan;
  private final Consumer<String> tell;
  private final List<BenchNode> nodes;
  private final BenchNode first;
  private final Complaints complaints;
  private final List<Phase> phases = new ArrayList<>();

  private HostileRun(Plan plan, Consumer<String> tell, List<BenchNode> nodes) {
    this.plan = plan;
    this.tell = tell;
    this.nodes = nodes;
    this.first = nodes.get(0);
    this.complaints = new Complaints(first.log());
  }

  /** Starts nodes, attacks, and tells what came of it. */
  public static HostileReport run(Plan plan, Consumer<String> tell) {
    try (Keep keep = Keep.make()) {
      LocalCluster.Settings settings =
          LocalCluster.Settings.USUAL
              .withJavaOptions("-Xmx" + plan.heap() + " -XX:+ExitOnOutOfMemoryError")
              .with(keep.configuration());
      return Waiting.onOneLoop(
          vertx -> {
            try (LocalCluster cluster = LocalCluster.onLoopback(plan.nodes(), settings, tell)) {
              return new HostileRun(plan, tell, cluster.nodes()).run(vertx, keep);
            }
          });
    }
  }

  private HostileReport run(Vertx vertx, Keep keep) {
    Prey prey = keep.prey(first);
    BenchNode last = nodes.get(nodes.size() - 1);
    Honest honest = new Honest(vertx, first.url(), last.url(), LocalCluster.REALM);
    Waiting.of("the honest client cannot join", honest.start());
    // A young JVM compiles: what it does then is not what the attacks do to it.
    Waiting.pause(QUIET);
    long begun = System.nanoTime();
    Waiting.pause(QUIET);
    long ended = System.nanoTime();
    phases.add(new Phase("quiet", "nobody attacks", begun, ended, "", null, vitals(0)));
    Vitals.Ceiling ceiling = Vitals.Ceiling.of(heapOctets(plan.heap()), phases.get(0).vitals());
    for (Attack attack : plan.attacks()) {
      tell.accept(attack + ": " + attack.words());
      Phase phase = attack(attack, prey, keep.joe(), ceiling);
      phases.add(phase);
      if (!phase.vitals().alive()) {
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
        plan, phases, Waiting.of("the honest client hangs", honest.samples()), ceiling);
  }

  private Phase attack(Attack attack, Prey prey, Credentials joe, Vitals.Ceiling ceiling) {
    long from = System.nanoTime();
    Spoils spoils = Raid.run(attack, prey, joe, plan.lasts());
    long until = System.nanoTime();
    Waiting.pause(RECOVERY);
    Vitals vitals = vitals(ceiling.sessions());
    return new Phase(
        attack.name(),
        attack.words(),
        from,
        until,
        spoils.toString(),
        attack.fate().missed(spoils.told()),
        vitals);
  }

  /**
   * How the node is.
   *
   * @param sessions it is given some time until it has no more
   */
  private Vitals vitals(long sessions) {
    if (!nodes.stream().allMatch(BenchNode::isAlive)) {
      return new Vitals(false, 0, 0, 0, complaints.fresh());
    }
    Waiting.isSoon(LAST_ATTACKERS, () -> sessions() <= sessions);
    Long resident = new Processes(List.of(first.pid())).residentBytes();
    return new Vitals(
        true, resident == null ? 0 : resident, first.liveHeap(), sessions(), complaints.fresh());
  }

  /** How many the node has; many, when it does not tell. */
  private long sessions() {
    Double sessions = first.metric("tandem_sessions ");
    return sessions == null ? Long.MAX_VALUE : sessions.longValue();
  }

  /** What -Xmx means. */
  static long heapOctets(String heap) {
    long number = Long.parseLong(heap.substring(0, heap.length() - 1));
    return number << (heap.toLowerCase(Locale.ROOT).endsWith("g") ? 30 : 20);
  }
}
