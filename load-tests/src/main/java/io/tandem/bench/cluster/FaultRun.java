package io.tandem.bench.cluster;

import io.tandem.bench.Waiting;
import io.tandem.bench.cluster.Sighting.Member;
import io.tandem.client.Arguments;
import io.tandem.client.ClientOptions;
import io.tandem.client.ClientSession;
import io.tandem.client.RegisterOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** One fault, from a quiet cluster to an empty one. For one thread. */
public final class FaultRun {

  /** How long a cluster may take to agree before the run gives up waiting. */
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private static final Duration LAST_ANSWERS = Duration.ofSeconds(20);
  private static final Duration EMPTY = Duration.ofSeconds(15);

  /** The load goes on a while after the nodes agree: what is wrong then is wrong for good. */
  private static final Duration CALM = Duration.ofSeconds(5);

  /**
   * What to do.
   *
   * @param nodes three or more
   * @param victim its number, from 0
   * @param lasts how long the fault lasts, where it passes
   * @param wire what carries what nodes send each other
   */
  public record Plan(
      Fault fault,
      int nodes,
      int victim,
      Duration warmup,
      Duration lasts,
      double callsPerSecond,
      double eventsPerSecond,
      String wire) {}

  private final Plan plan;
  private final Consumer<String> tell;
  private final List<Integer> all;

  /** Those of which one has to go. */
  private final List<Integer> ends;

  /** The nodes that shall agree in the end. */
  private final List<Integer> expected;

  private FaultRun(Plan plan, Consumer<String> tell) {
    this.plan = plan;
    this.tell = tell;
    all = IntStream.range(0, plan.nodes()).boxed().toList();
    ends = plan.fault().ends(plan.victim(), plan.nodes());
    expected = plan.fault().passes() ? all : without(List.of(plan.victim()));
  }

  private List<Integer> without(List<Integer> gone) {
    return all.stream().filter(node -> !gone.contains(node)).toList();
  }

  /** Starts nodes, loads them, does it, and tells what came of it. */
  public static FaultReport run(Plan plan, Consumer<String> tell) {
    return new FaultRun(plan, tell).run();
  }

  private FaultReport run() {
    Ground ground = plan.fault().cuts() ? new Namespaces(plan.nodes()) : new Loopback(plan.nodes());
    return Waiting.onOneLoop(
        vertx -> {
          try (LocalCluster cluster =
                  LocalCluster.start(
                      plan.nodes(), ground, LocalCluster.Settings.USUAL.over(plan.wire()), tell);
              Watch watch = new Watch(cluster.nodes())) {
            return run(vertx, ground, cluster.nodes(), watch);
          }
        });
  }

  private FaultReport run(Vertx vertx, Ground ground, List<BenchNode> nodes, Watch watch) {
    BenchNode victim = nodes.get(plan.victim());
    Waiting.until("the nodes do not agree after their start", PATIENCE, () -> watch.agree(all));
    Traffic traffic = new Traffic(vertx, nodes, plan.callsPerSecond(), plan.eventsPerSecond());
    Waiting.of("the load cannot join", traffic.start());
    Wishes wishes = new Wishes(vertx, nodes);
    Waiting.of("those who subscribe and register cannot join", wishes.start());
    Contender holder = contender(vertx, nodes, "the holder", plan.victim());
    Contender other = contender(vertx, nodes, "the other", opposite());
    tell.accept("under load; " + victim.name() + " will suffer");
    Waiting.pause(plan.warmup());
    Waiting.until("the nodes do not agree before the fault", PATIENCE, () -> watch.agree(all));
    Sighting before = Objects.requireNonNull(watch.last(plan.victim()));
    Map<Integer, String> lives = lives(before, nodes);

    tell.accept(plan.fault().words() + " of " + victim.name());
    long begun = System.nanoTime();
    plan.fault().begin(victim, plan.victim(), plan.nodes(), ground);
    if (plan.fault().passes()) {
      Waiting.pause(plan.lasts());
      tell.accept("the fault passes");
    }
    long passed = System.nanoTime();
    plan.fault().end(victim, ground);
    boolean agreed =
        Waiting.isSoon(PATIENCE, () -> watch.agree(expected) && !gone(lives, watch).isEmpty());
    long agreedAt = System.nanoTime();
    tell.accept(agreed ? "the nodes agree" : "the nodes do not agree");
    Waiting.pause(CALM);

    Waiting.of("the load does not stop", traffic.stop());
    List<Wishes.Wish> wished =
        Waiting.of("those who subscribe are silent", wishes.stop(LAST_ANSWERS.toMillis()));
    Waiting.isSoon(LAST_ANSWERS, () -> Waiting.of("the load is silent", traffic.underWay()) == 0);
    Map<Integer, String> answers = exclusiveAnswers(vertx, nodes);
    List<String> believers = new ArrayList<>();
    for (Contender each : List.of(holder, other)) {
      if (each.holds()) {
        believers.add(each.name());
      }
    }
    Traffic.Outcome record = Waiting.of("the load is silent", traffic.outcome());
    Waiting.of("a session does not close", traffic.close());
    Waiting.of("a session does not close", wishes.close());
    Waiting.of("a session does not close", holder.close());
    Waiting.of("a session does not close", other.close());
    List<String> ghosts = ghosts(vertx, nodes);

    List<Integer> gone = gone(lives, watch);
    // Whoever had to go when nobody did: the victim, for whom the report says so.
    int loser = gone.isEmpty() ? plan.victim() : gone.get(0);
    List<Integer> survivors = without(gone.isEmpty() ? List.of(loser) : gone);
    return new FaultReport(
        plan,
        gone,
        begun,
        passed,
        agreed ? OptionalLong.of(agreedAt) : OptionalLong.empty(),
        detections(watch, lives, begun),
        evicted(watch, survivors, Objects.requireNonNull(lives.get(loser)), begun),
        record,
        wished,
        survivors,
        steps(holder, other, begun),
        answers,
        believers,
        ghosts);
  }

  private static Contender contender(
      Vertx vertx, List<BenchNode> nodes, String name, int preferred) {
    List<String> urls = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      urls.add(nodes.get((preferred + i) % nodes.size()).url());
    }
    Contender contender = new Contender(vertx, name, urls);
    Waiting.of(name + " cannot join", contender.start());
    return contender;
  }

  /** A node that the fault leaves alone, or at least not the victim. */
  private int opposite() {
    List<Integer> unharmed = without(ends);
    return unharmed.isEmpty() ? ends.get(1) : unharmed.get(0);
  }

  private static Map<Integer, String> lives(Sighting before, List<BenchNode> nodes) {
    Map<Integer, String> lives = new HashMap<>();
    for (int i = 0; i < nodes.size(); i++) {
      String name = nodes.get(i).name() + "#";
      lives.put(
          i,
          before.members().stream()
              .map(Member::life)
              .filter(life -> life.startsWith(name))
              .findFirst()
              .orElseThrow());
    }
    return lives;
  }

  /** The ends whose life before the fault nobody knows any more. */
  private List<Integer> gone(Map<Integer, String> lives, Watch watch) {
    return ends.stream()
        .filter(
            end ->
                expected.stream()
                    .map(watch::last)
                    .noneMatch(
                        seen ->
                            seen != null
                                && seen.life(Objects.requireNonNull(lives.get(end))).isPresent()))
        .toList();
  }

  // ---- what was seen ----

  /** When a node first held another one for lost: the pairs between which the fault lies. */
  private Map<List<Integer>, OptionalLong> detections(
      Watch watch, Map<Integer, String> lives, long begun) {
    Map<List<Integer>, OptionalLong> detections = new HashMap<>();
    for (List<Integer> pair : plan.fault().severed(plan.victim(), plan.nodes())) {
      int first = pair.get(0);
      int second = pair.get(1);
      detections.put(List.of(second, first), lost(watch, second, lives.get(first), begun));
      if (plan.fault().cuts()) {
        detections.put(List.of(first, second), lost(watch, first, lives.get(second), begun));
      }
    }
    return detections;
  }

  private static OptionalLong lost(Watch watch, int observer, @Nullable String lost, long since) {
    String life = Objects.requireNonNull(lost);
    return watch.first(
        observer, since, seen -> seen.life(life).map(member -> !member.reachable()).orElse(true));
  }

  private static Map<Integer, OptionalLong> evicted(
      Watch watch, List<Integer> survivors, String life, long begun) {
    Map<Integer, OptionalLong> evicted = new HashMap<>();
    for (int survivor : survivors) {
      evicted.put(survivor, watch.first(survivor, begun, seen -> seen.life(life).isEmpty()));
    }
    return evicted;
  }

  private static List<String> steps(Contender holder, Contender other, long begun) {
    List<Contender.Step> all = new ArrayList<>();
    for (Contender each : List.of(holder, other)) {
      each.steps()
          .forEach(
              step -> all.add(new Contender.Step(step.at(), each.name() + ": " + step.what())));
    }
    all.sort((a, b) -> Long.compare(a.at() - begun, b.at() - begun));
    return all.stream()
        .map(step -> "%+.2f s %s".formatted((step.at() - begun) / 1e9, step.what()))
        .toList();
  }

  /** Who answers the exclusive procedure, asked through each node. */
  private Map<Integer, String> exclusiveAnswers(Vertx vertx, List<BenchNode> nodes) {
    Map<Integer, String> answers = new HashMap<>();
    for (int node : expected) {
      answers.put(
          node,
          Waiting.of(
              "cannot call through " + nodes.get(node).name(),
              inSession(
                  vertx,
                  nodes.get(node),
                  session ->
                      session
                          .call(Contender.PROCEDURE, Arguments.none())
                          .map(result -> result.arg(0, String.class))
                          .otherwise(failure -> String.valueOf(failure.getMessage())))));
    }
    return answers;
  }

  /** What is left when everybody has gone: in the tables, in the meters, in the shared record. */
  private List<String> ghosts(Vertx vertx, List<BenchNode> nodes) {
    List<String> ghosts = new ArrayList<>();
    for (int node : expected) {
      for (String metric :
          List.of("tandem_sessions ", "tandem_subscriptions{", "tandem_registrations{")) {
        Waiting.isSoon(EMPTY, () -> isNone(nodes.get(node).metric(metric)));
        Double left = nodes.get(node).metric(metric);
        if (!isNone(left)) {
          ghosts.add(nodes.get(node).name() + " " + metric + " " + left);
        }
      }
    }
    List<String> procedures = new ArrayList<>(List.of(Contender.PROCEDURE));
    all.stream().map(Traffic::procedure).forEach(procedures::add);
    for (int node : expected) {
      for (String procedure : procedures) {
        String refusal =
            Waiting.of(
                "cannot register through " + nodes.get(node).name(),
                inSession(vertx, nodes.get(node), session -> registered(session, procedure)));
        if (refusal != null) {
          ghosts.add(procedure + " through " + nodes.get(node).name() + ": " + refusal);
        }
      }
    }
    return ghosts;
  }

  private static boolean isNone(@Nullable Double count) {
    return count != null && count == 0;
  }

  /** Registers and unregisters; the refusal, or null. */
  private static Future<@Nullable String> registered(ClientSession session, String procedure) {
    return session
        .register(
            procedure, RegisterOptions.DEFAULT, call -> Future.succeededFuture(Arguments.none()))
        .compose(session::unregister)
        .transform(
            done ->
                Future.<@Nullable String>succeededFuture(
                    done.succeeded() ? null : String.valueOf(done.cause().getMessage())));
  }

  private interface Task<T extends @Nullable Object> {
    Future<T> in(ClientSession session);
  }

  private static <T extends @Nullable Object> Future<T> inSession(
      Vertx vertx, BenchNode node, Task<T> task) {
    return ClientSession.connect(vertx, ClientOptions.to(node.url(), LocalCluster.REALM))
        .compose(
            session -> task.in(session).compose(result -> session.close().map(closed -> result)));
  }
}
