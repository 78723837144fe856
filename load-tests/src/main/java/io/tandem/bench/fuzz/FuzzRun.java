package io.tandem.bench.fuzz;

import io.tandem.bench.Processes;
import io.tandem.bench.Waiting;
import io.tandem.bench.cluster.BenchNode;
import io.tandem.bench.cluster.Complaints;
import io.tandem.bench.cluster.LocalCluster;
import io.tandem.bench.hostile.Beside;
import io.tandem.bench.hostile.Keep;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Cases of one target after the other against a node of their own. One thread. */
public final class FuzzRun {

  private static final int CONNECTIONS = 16;
  private static final int QUARTERS = 4;
  private static final Duration WARM_UP = Duration.ofSeconds(3);
  private static final Duration LOOK = Duration.ofMillis(200);
  private static final Duration SETTLED = Duration.ofSeconds(15);

  /** Cases that are played alone to see which of them a complaint is about. */
  private static final int MOST_SUSPECTS = 400;

  /** For a complaint to reach the log. */
  private static final Duration COMPLAINT = Duration.ofMillis(150);

  /**
   * What to do.
   *
   * @param seed makes all cases
   * @param only the numbers of those that are played; null for all, until the time is over
   * @param lasts for each target
   * @param heap of the node, as -Xmx takes it
   */
  public record Plan(
      List<Target> targets, long seed, @Nullable Span only, Duration lasts, String heap) {}

  /** Some numbers, both ends included. */
  public record Span(long first, long last) {}

  /**
   * How the node is when nobody plays.
   *
   * @param buffers octets outside of the heap that channels hold
   */
  record State(long heap, long resident, long sessions, long buffers) {}

  /**
   * What came of a target.
   *
   * @param quarters how the node was after each
   * @param found what the node did, by the number of the case
   * @param complaints what its log says of defects, and of which cases it may be
   */
  record Outcome(
      Target target,
      boolean alive,
      long played,
      long joined,
      State before,
      List<State> quarters,
      Map<Long, String> found,
      List<String> complaints,
      List<Case> suspects) {}

  private final Plan plan;
  private final Consumer<String> tell;
  private final BenchNode node;
  private final Keep keep;
  private final Complaints complaints;
  private final String host;
  private final int port;

  private FuzzRun(Plan plan, Consumer<String> tell, BenchNode node, Keep keep) {
    this.plan = plan;
    this.tell = tell;
    this.node = node;
    this.keep = keep;
    this.complaints = new Complaints(node.log());
    URI url = URI.create(node.url());
    this.host = url.getHost();
    this.port = url.getPort();
  }

  /** Starts a node, plays, and tells what came of it. */
  public static FuzzReport run(Plan plan, Consumer<String> tell) {
    try (Keep keep = Keep.make()) {
      LocalCluster.Settings settings =
          LocalCluster.Settings.USUAL
              .withJavaOptions(
                  "-Xmx"
                      + plan.heap()
                      + " -XX:+ExitOnOutOfMemoryError -Dio.netty.leakDetection.level=advanced")
              .with(keep.configuration());
      return Waiting.onOneLoop(
          vertx -> {
            try (LocalCluster cluster = LocalCluster.onLoopback(1, settings, tell)) {
              BenchNode node = cluster.nodes().get(0);
              Beside honest = Beside.begin(vertx, node.url());
              Waiting.pause(WARM_UP);
              List<Outcome> outcomes = new FuzzRun(plan, tell, node, keep).targets();
              return new FuzzReport(plan, outcomes, honest.end());
            }
          });
    }
  }

  private List<Outcome> targets() {
    List<Outcome> outcomes = new ArrayList<>();
    for (Target target : plan.targets()) {
      tell.accept(target + ": seed " + plan.seed());
      Outcome outcome = target(target);
      outcomes.add(outcome);
      if (!outcome.alive()) {
        break;
      }
    }
    return outcomes;
  }

  private Outcome target(Target target) {
    Cases cases = new Cases(plan.seed(), target, LocalCluster.REALM, keep.joe());
    Storm storm = new Storm(cases, host, port);
    State before = state(Long.MAX_VALUE);
    List<State> quarters = new ArrayList<>();
    List<String> said = new ArrayList<>();
    TreeSet<Long> suspects = new TreeSet<>();
    Span only = plan.only();
    LongSupplier numbers =
        only == null ? Storm.all() : Storm.some(only.first(), only.last() - only.first() + 1);
    for (int quarter = 0; quarter < QUARTERS && node.isAlive(); quarter++) {
      quarter(storm, numbers, said, suspects);
      if (node.isAlive()) {
        quarters.add(state(before.sessions()));
        said.addAll(complaints.fresh());
      }
    }
    boolean alive = node.isAlive();
    List<Case> guilty =
        alive
            ? guilty(cases, suspects)
            : new ArrayList<>(suspects.stream().map(cases::number).toList());
    storm.found().keySet().forEach(number -> guilty.add(cases.number(number)));
    return new Outcome(
        target,
        alive,
        storm.played(),
        storm.joined(),
        before,
        quarters,
        new TreeMap<>(storm.found()),
        said,
        guilty);
  }

  /** Plays for a quarter of the time, and looks at the log meanwhile. */
  private void quarter(
      Storm storm, LongSupplier numbers, List<String> said, SortedSet<Long> suspects) {
    long until = System.nanoTime() + plan.lasts().toNanos() / QUARTERS;
    Thread look =
        new Thread(
            () -> {
              while (System.nanoTime() - until < 0 && node.isAlive()) {
                TreeSet<Long> played = new TreeSet<>(storm.playing());
                Waiting.pause(LOOK);
                played.addAll(storm.playing());
                List<String> fresh = complaints.fresh();
                if (!fresh.isEmpty() || !node.isAlive()) {
                  said.addAll(fresh);
                  suspects.addAll(between(played));
                }
              }
            },
            "fuzz-watch");
    look.start();
    storm.blow(
        plan.only() == null ? CONNECTIONS : 1,
        numbers,
        () -> System.nanoTime() - until < 0 && node.isAlive());
    try {
      look.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** All numbers from the first to the last. */
  private static List<Long> between(SortedSet<Long> numbers) {
    List<Long> all = new ArrayList<>();
    if (!numbers.isEmpty()) {
      for (long n = Math.max(0, numbers.first() - CONNECTIONS); n <= numbers.last(); n++) {
        all.add(n);
      }
    }
    return all;
  }

  /** Those of the suspects that are complained of when they are played alone. */
  private List<Case> guilty(Cases cases, SortedSet<Long> suspects) {
    List<Case> guilty = new ArrayList<>();
    if (!suspects.isEmpty()) {
      tell.accept("looking for the case among " + suspects.size());
    }
    for (long number : suspects.stream().limit(MOST_SUSPECTS).toList()) {
      new Storm(cases, host, port).blow(1, Storm.some(number, 1), () -> true);
      Waiting.pause(COMPLAINT);
      if (!complaints.fresh().isEmpty()) {
        guilty.add(cases.number(number));
      }
    }
    return guilty;
  }

  /** How the node is, when it has no more sessions than that or does not come to it. */
  private State state(long sessions) {
    Waiting.isSoon(SETTLED, () -> metric("tandem_sessions ") <= sessions);
    Long resident = new Processes(List.of(node.pid())).residentBytes();
    return new State(
        node.liveHeap(),
        resident == null ? 0 : resident,
        metric("tandem_sessions "),
        metric("tandem_buffers_used_bytes"));
  }

  private long metric(String name) {
    Double value = node.metric(name);
    return value == null ? Long.MAX_VALUE : value.longValue();
  }
}
