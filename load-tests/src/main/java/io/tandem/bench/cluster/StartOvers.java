package io.tandem.bench.cluster;

import io.tandem.bench.BenchException;
import io.tandem.bench.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Nodes that are evicted and start over, again and again, while nothing else happens to them: none
 * of their processes may end. For one thread.
 */
public final class StartOvers {

  private static final Duration EVICT_AFTER = Duration.ofSeconds(3);

  /** Long enough for everybody to agree that a silent node is out. */
  private static final Duration FAULT = Duration.ofSeconds(8);

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /**
   * What to do.
   *
   * @param busy threads that keep the machine busy meanwhile
   */
  public record Plan(int nodes, int times, List<Fault> faults, int busy) {}

  /** What came of it: how long the nodes took to agree again after each fault. */
  public record Outcome(int startOvers, List<Double> agreementSeconds, List<String> misses) {}

  private StartOvers() {}

  /** Starts nodes and lets one after the other start over. */
  public static Outcome run(Plan plan, Consumer<String> tell) {
    Ground ground = new Namespaces(plan.nodes());
    LocalCluster.Settings settings = LocalCluster.Settings.USUAL.evictingAfter(EVICT_AFTER);
    List<Thread> burners = IntStream.range(0, plan.busy()).mapToObj(i -> burner()).toList();
    try (LocalCluster cluster = LocalCluster.start(plan.nodes(), ground, settings, tell);
        Watch watch = new Watch(cluster.nodes())) {
      burners.forEach(Thread::start);
      return run(plan, ground, cluster.nodes(), watch, tell);
    } finally {
      burners.forEach(Thread::interrupt);
    }
  }

  private static Thread burner() {
    Thread burner =
        new Thread(
            () -> {
              while (!Thread.currentThread().isInterrupted()) {
                Thread.onSpinWait();
              }
            },
            "busy");
    burner.setDaemon(true);
    return burner;
  }

  private static Outcome run(
      Plan plan, Ground ground, List<BenchNode> nodes, Watch watch, Consumer<String> tell) {
    List<Integer> all = IntStream.range(0, plan.nodes()).boxed().toList();
    List<Double> agreement = new ArrayList<>();
    List<String> misses = new ArrayList<>();
    int startOvers = 0;
    Waiting.until("the nodes do not agree after their start", PATIENCE, () -> watch.agree(all));
    for (int i = 0; i < plan.times() && misses.isEmpty(); i++) {
      Fault fault = plan.faults().get(i % plan.faults().size());
      // One-way and between two, there must be an older node beside the victim.
      int least = fault.usualVictim();
      int victim = least + i / plan.faults().size() % (plan.nodes() - least);
      int before = startsOver(nodes);
      fault.begin(nodes.get(victim), victim, plan.nodes(), ground);
      Waiting.pause(FAULT);
      fault.end(nodes.get(victim), ground);
      long passed = System.nanoTime();
      boolean agreed =
          Waiting.isSoon(
              PATIENCE, () -> !allLive(nodes) || (startsOver(nodes) > before && watch.agree(all)));
      double seconds = (System.nanoTime() - passed) / 1e9;
      int more = startsOver(nodes) - before;
      startOvers += more;
      agreement.add(seconds);
      tell.accept(
          "%d: %s of %s: %d started over, all agree %.1f s after"
              .formatted(i + 1, fault.words(), nodes.get(victim).name(), more, seconds));
      if (!allLive(nodes)) {
        misses.add("a process ended in round " + (i + 1) + ", " + fault + " of " + victim);
      } else if (!agreed) {
        misses.add("no agreement in round " + (i + 1) + ", " + fault + " of " + victim);
      }
    }
    return new Outcome(startOvers, agreement, misses);
  }

  private static boolean allLive(List<BenchNode> nodes) {
    return nodes.stream().allMatch(node -> node.isAlive());
  }

  /** How often nodes said that they have started over. */
  private static int startsOver(List<BenchNode> nodes) {
    int count = 0;
    for (BenchNode node : nodes) {
      try {
        count +=
            (int)
                Files.readAllLines(node.log()).stream()
                    .filter(line -> line.contains("started over as a new incarnation"))
                    .count();
      } catch (IOException failure) {
        throw new BenchException("cannot read " + node.log(), failure);
      }
    }
    return count;
  }
}
