package io.tandem.node.router;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/**
 * Three nodes under a virtual clock and network, with every fault that a network, a machine and a
 * record have, and clients that do everything at random. A run is a function of its seed, which a
 * failure prints: {@code -Dtandem.simulation.seed=N} repeats one, {@code
 * -Dtandem.simulation.seeds=N} runs more. See docs/decisions/0011-simulation.md.
 */
class ClusterSimulationTest {

  @BeforeAll
  static void logFailuresOnly() {
    setLevel(Level.ERROR);
  }

  @AfterAll
  static void logAgain() {
    setLevel(null);
  }

  private static void setLevel(@Nullable Level level) {
    // Another test class may be about to start the log.
    while (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext)) {
      Thread.onSpinWait();
    }
    LoggerContext log = (LoggerContext) LoggerFactory.getILoggerFactory();
    log.getLogger("io.tandem.cluster").setLevel(level);
    log.getLogger("io.tandem.node.router").setLevel(level);
  }

  @Test
  @Timeout(value = 4, unit = TimeUnit.HOURS)
  void theClusterKeepsItsPromisesUnderEveryFault() {
    long only = Long.getLong("tandem.simulation.seed", -1);
    long first = Long.getLong("tandem.simulation.first", 0);
    long count = only >= 0 ? 1 : Long.getLong("tandem.simulation.seeds", 1_000);
    VirtualCluster.Totals totals = new VirtualCluster.Totals();
    for (long i = 0; i < count; i++) {
      long seed = only >= 0 ? only : first + i;
      ClusterRun run = new ClusterRun(seed, totals);
      try {
        run.run();
      } catch (AssertionError | RuntimeException failure) {
        throw new AssertionError(
            "simulation seed "
                + seed
                + " at "
                + run.cluster.time.now() / 1_000_000
                + " ms: "
                + failure.getMessage(),
            failure);
      }
    }
    System.out.printf(
        "%d seeds: %d lives, %d evicted alive, %d deliveries between nodes, %d publications,"
            + " %d calls, %d results, %d overtaken, epochs ended %s, longest convergence %d ms%n",
        count,
        totals.lives,
        totals.evictedAlive,
        totals.deliveries,
        totals.events,
        totals.calls,
        totals.answers,
        totals.overtaken,
        totals.closed,
        totals.longestConvergence / 1_000_000);
  }
}
