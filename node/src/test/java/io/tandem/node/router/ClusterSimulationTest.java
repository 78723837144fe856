package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.registry.Callee;
import io.tandem.registry.RegistrationRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
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

  private static final Duration SETTLING = Duration.ofSeconds(25);
  private static final Duration ANSWERS = Duration.ofSeconds(20);
  private static final Duration EXAM = Duration.ofSeconds(2);

  private static final List<String> URIS = List.of("com.a", "com.b", "com.b.c", "com.d");
  private static final List<Bookkeeper.Offer> OFFERS =
      List.of(
          new Bookkeeper.Offer(MatchPolicy.EXACT, "com.a"),
          new Bookkeeper.Offer(MatchPolicy.EXACT, "com.b"),
          new Bookkeeper.Offer(MatchPolicy.PREFIX, "com.b"),
          new Bookkeeper.Offer(MatchPolicy.WILDCARD, "com."),
          new Bookkeeper.Offer(MatchPolicy.EXACT, "com.d"));
  private static final List<String> INVOKE =
      List.of("single", "roundrobin", "last", "first", "single");
  private static final List<String> MODES = List.of("skip", "kill", "killnowait");
  private static final int MAX_CLIENTS = 9;

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
      Run run = new Run(seed, totals);
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
        "%d seeds: %d lives, %d evicted alive, %d entries between nodes, %d publications,"
            + " %d calls, %d results, %d overtaken, epochs ended %s, longest convergence %d ms%n",
        count,
        totals.lives,
        totals.evictedAlive,
        totals.entries,
        totals.events,
        totals.calls,
        totals.answers,
        totals.overtaken,
        totals.closed,
        totals.longestConvergence / 1_000_000);
  }

  /** One seed. */
  private static final class Run {

    private static final List<String> MACHINES = List.of("a", "b", "c");

    final VirtualCluster cluster;
    private final Random random;
    private final VirtualCluster.Totals totals;
    private final List<Runnable> mending = new ArrayList<>();
    private final Map<List<String>, Boolean> cut = new HashMap<>();

    Run(long seed, VirtualCluster.Totals totals) {
      this.totals = totals;
      this.cluster = new VirtualCluster(seed, totals, MACHINES);
      this.random = cluster.random;
    }

    void run() {
      cluster.network.loss = random.nextInt(3) * 0.02;
      cluster.network.duplicates = random.nextInt(3) * 0.03;
      for (String machine : MACHINES) {
        after(random.nextInt(500), () -> cluster.boot(machine));
      }
      after(500, this::act);
      cluster.onOpened = this::stir;
      after(2_000 + random.nextInt(2_000), this::fault);
      pass(Duration.ofSeconds(8 + random.nextInt(random.nextInt(4) == 0 ? 30 : 12)));
      mend();
      converge();
      rest();
      checkOneCallee();
      sitExam();
      close();
    }

    private void after(int millis, Runnable task) {
      cluster.time.after(Duration.ofMillis(millis), task);
    }

    private void pass(Duration time) {
      cluster.time.runUntil(cluster.time.now() + time.toNanos(), cluster::check);
    }

    // ---- faults ----

    private void fault() {
      if (!cluster.trouble) {
        return;
      }
      String one = any(MACHINES);
      String other = any(MACHINES.stream().filter(each -> !each.equals(one)).toList());
      VirtualLife life = cluster.machines.get(one);
      switch (random.nextInt(9)) {
        case 0, 1 -> partition(one, other, random.nextInt(4) != 0);
        case 2 -> isolate(one);
        case 3, 4 -> freeze(life);
        case 5 -> crash(life);
        case 6 -> leave(life);
        default -> cluster.network.reconnect(one, other);
      }
      after(random.nextInt(5_000), this::fault);
    }

    private int span() {
      return random.nextInt(random.nextInt(3) == 0 ? 15_000 : 4_500);
    }

    private void isolate(String machine) {
      for (String other : MACHINES) {
        if (!other.equals(machine)) {
          partition(machine, other, true);
        }
      }
    }

    private void partition(String one, String other, boolean members) {
      List<String> pair = List.of(one, other).stream().sorted().toList();
      boolean oneWay = random.nextInt(4) == 0;
      if (cut.putIfAbsent(pair, true) == null) {
        cluster.tell("{} and {} are apart, as members {}, one way {}", one, other, members, oneWay);
        if (oneWay) {
          cluster.cutOneWay(one, other, true, members);
        } else {
          cluster.cut(one, other, true, members);
        }
        untilMended(
            span(),
            () -> {
              cluster.tell("{} and {} are together", one, other);
              cluster.cut(one, other, false, members);
              cut.remove(pair);
            });
      }
    }

    private void freeze(@Nullable VirtualLife life) {
      if (life != null && !life.frozen) {
        life.freeze();
        untilMended(
            random.nextInt(4) == 0 ? 1_000 + random.nextInt(29_000) : span(),
            () -> {
              if (!life.dead) {
                life.thaw();
              }
            });
      }
    }

    private void crash(@Nullable VirtualLife life) {
      if (life != null) {
        life.die(random.nextBoolean());
      }
    }

    private void leave(@Nullable VirtualLife life) {
      if (life != null && life.ready && !life.frozen) {
        life.leave();
      }
    }

    /** What a fault broke is mended after a while, or when all faults end. */
    private void untilMended(int millis, Runnable mend) {
      boolean[] done = {false};
      Runnable once =
          () -> {
            if (!done[0]) {
              done[0] = true;
              mend.run();
            }
          };
      mending.add(once);
      after(millis, once);
    }

    private void mend() {
      cluster.tell("faults end");
      cluster.trouble = false;
      cluster.network.loss = 0;
      cluster.network.duplicates = 0;
      mending.forEach(Runnable::run);
    }

    // ---- the end ----

    private void converge() {
      long since = cluster.time.now();
      while (cluster.disagreement() != null) {
        if (cluster.time.now() - since > SETTLING.toNanos()) {
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
      cluster.lives().forEach(VirtualLife::checkNothingIsLeft);
      assertThat(cluster.sides.all.get(0).subscriptions).isEmpty();
      assertThat(cluster.sides.all.get(0).registrations).isEmpty();
    }

    // ---- clients ----

    private void act() {
      if (cluster.trouble) {
        act(random.nextInt(100));
      } else {
        cluster.clients.forEach(client -> client.openTasks().forEach(task -> finish(client, task)));
      }
      after(1 + random.nextInt(40), this::act);
    }

    /** What is promised while nodes catch up with each other is what they soonest break. */
    private void stir() {
      for (int i = 0; i < 16 && cluster.trouble; i++) {
        after(random.nextInt(40), () -> act(14 + random.nextInt(48)));
      }
    }

    private void act(int action) {
      ClusterClient client =
          anyOrNull(cluster.clients.stream().filter(ClusterClient::maySpeak).toList());
      if (client == null || (action < 12 && cluster.clients.size() < MAX_CLIENTS)) {
        join();
      } else if (action < 14) {
        client.loop().execute(() -> leave(client));
      } else if (action < 24) {
        Bookkeeper.Offer offer = any(OFFERS);
        says(
            client, "[32,", ",{'match':'" + offer.match().wireName() + "'},'" + offer.uri() + "']");
      } else if (action < 30) {
        Long held = anyOrNull(new ArrayList<>(client.subscriptions.keySet()));
        if (held != null) {
          says(client, "[34,", "," + held + "]");
        }
      } else if (action < 46) {
        says(client, "[16,", ",{},'" + any(URIS) + "'," + client.arguments() + "]");
      } else if (action < 56) {
        register(client);
      } else if (action < 61) {
        Long held = anyOrNull(new ArrayList<>(client.registrations.keySet()));
        if (held != null) {
          says(client, "[66,", "," + held + "]");
        }
      } else if (action < 79) {
        call(client);
      } else if (action < 82) {
        Long pending = anyOrNull(new ArrayList<>(client.calls.keySet()));
        if (pending != null) {
          client.says("[49," + pending + ",{'mode':'" + any(MODES) + "'}]");
        }
      } else {
        answerSomebody();
      }
    }

    private void says(ClusterClient client, String start, String rest) {
      client.says(start + client.next() + rest);
    }

    private void leave(ClusterClient client) {
      if (cluster.clients.contains(client)) {
        client.leaves();
      }
    }

    private void join() {
      VirtualLife life = anyOrNull(cluster.lives().stream().filter(each -> each.ready).toList());
      if (life != null && cluster.clients.size() < MAX_CLIENTS) {
        cluster.join(
            life,
            random.nextInt(VirtualLife.LANES),
            new ClientFeatures(mostly(), mostly(), random.nextBoolean()));
      }
    }

    private void register(ClusterClient client) {
      int chosen = random.nextInt(OFFERS.size());
      Bookkeeper.Offer offer = OFFERS.get(chosen);
      says(
          client,
          "[64,",
          ",{'match':'"
              + offer.match().wireName()
              + "','invoke':'"
              + INVOKE.get(chosen)
              + "'},'"
              + offer.uri()
              + "']");
    }

    private void call(ClusterClient client) {
      says(
          client,
          "[48,",
          ",{'receive_progress':"
              + mostly()
              + ",'timeout':"
              + (random.nextInt(4) == 0 ? 500 : 0)
              + "},'"
              + any(URIS)
              + "',"
              + client.arguments()
              + "]");
    }

    private void answerSomebody() {
      ClusterClient client =
          anyOrNull(
              cluster.clients.stream()
                  .filter(each -> each.holds() == 0 && !each.tasks.isEmpty())
                  .toList());
      if (client == null) {
        return;
      }
      Bookkeeper.Task task = any(client.openTasks());
      if (random.nextInt(6) == 0) {
        client.says("[8,68," + task.request() + ",{},'com.error']");
      } else if (task.progressive() && random.nextInt(3) == 0) {
        client.says(client.answer(task, false));
      } else {
        finish(client, task);
      }
    }

    private void finish(ClusterClient client, Bookkeeper.Task task) {
      client.says(client.answer(task, true));
    }

    private boolean mostly() {
      return random.nextInt(4) != 0;
    }

    private <T> T any(List<T> list) {
      return list.get(random.nextInt(list.size()));
    }

    private <T> @Nullable T anyOrNull(List<T> list) {
      return list.isEmpty() ? null : any(list);
    }
  }
}
