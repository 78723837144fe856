package io.tandem.bench.meta;

import io.tandem.bench.BenchException;
import io.tandem.bench.Waiting;
import io.tandem.bench.cluster.BenchNode;
import io.tandem.bench.cluster.LocalCluster;
import io.tandem.client.Arguments;
import io.tandem.client.ClientOptions;
import io.tandem.client.ClientSession;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import java.util.random.RandomGenerator;
import org.HdrHistogram.Histogram;

/** Many sessions and registrations of one realm: what asking about them takes. */
public final class MetaRun {

  private static final Duration TELL_EVERY = Duration.ofSeconds(5);
  private static final Duration LONGEST = Duration.ofMinutes(10);

  /** So much that nothing is refused. */
  private static final String MEMORY = "8GiB";

  /** A node that has no turn on a busy machine shall not be taken for one that is gone. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final int MOST_REGISTRATIONS = 1_000_000;

  /** How long the number of sessions may take to be told. */
  private static final double TARGET_COUNT_MILLIS = 100;

  /**
   * What to do.
   *
   * @param callees on each node, which the registrations are spread over
   * @param rounds how often each list is asked for
   * @param lookups how often each question about one session or registration is asked
   * @param javaOptions of the nodes
   */
  public record Plan(
      int sessions,
      int registrations,
      int nodes,
      int callees,
      int rounds,
      int lookups,
      String javaOptions) {}

  /** What came of it. */
  public record Result(List<String> lines, JsonObject json, boolean holds) {}

  /** What one question has taken, and the octets of its longest answer as JSON. */
  private record Asked(String procedure, Histogram latency, long octets) {

    double millis(double percentile) {
      return latency.getValueAtPercentile(percentile) / 1e6;
    }

    String line() {
      return "  %-28s p50 %8.2f ms, p99 %8.2f ms, longest %8.2f ms, answer %,9d octets"
          .formatted(procedure, millis(50), millis(99), latency.getMaxValue() / 1e6, octets);
    }

    JsonObject json() {
      return new JsonObject()
          .put("procedure", procedure)
          .put("p50Millis", millis(50))
          .put("p99Millis", millis(99))
          .put("longestMillis", latency.getMaxValue() / 1e6)
          .put("octets", octets);
    }
  }

  private final Plan plan;
  private final Consumer<String> tell;
  private final RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
  private final List<Asked> asked = new ArrayList<>();

  private MetaRun(Plan plan, Consumer<String> tell) {
    this.plan = plan;
    this.tell = tell;
  }

  /** Starts nodes, fills them, asks. */
  public static Result run(Plan plan, Consumer<String> tell) {
    return new MetaRun(plan, tell).run();
  }

  private Result run() {
    LocalCluster.Settings settings =
        new LocalCluster.Settings(
                MOST_REGISTRATIONS,
                MEMORY,
                PATIENCE,
                "",
                plan.javaOptions(),
                LocalCluster.Settings.USUAL.more())
            .with(new LocalCluster.More("{}, " + Guests.LISTENER, List.of(), List.of()));
    return Waiting.onOneLoop(
        vertx -> {
          try (LocalCluster cluster = LocalCluster.onLoopback(plan.nodes(), settings, tell)) {
            return run(vertx, cluster.nodes());
          }
        });
  }

  private Result run(Vertx vertx, List<BenchNode> nodes) {
    List<String> urls = nodes.stream().map(BenchNode::url).toList();
    List<ClientSession> callees = new ArrayList<>();
    for (int i = 0; i < plan.callees() * nodes.size(); i++) {
      ClientOptions options = ClientOptions.to(urls.get(i % urls.size()), LocalCluster.REALM);
      callees.add(Waiting.of("cannot join", ClientSession.connect(vertx, options)));
    }
    ClientSession asks = callees.get(0);
    try (Guests guests = new Guests(vertx, urls, LocalCluster.REALM)) {
      double come = seconds("sessions", guests.come(plan.sessions()), guests::done);
      long expected = (long) plan.sessions() + callees.size();
      Waiting.until("sessions are missing", PATIENCE, () -> count(asks) == expected);
      askAboutSessions(asks, expected);
      Procedures procedures = new Procedures(callees);
      double registered =
          seconds("registrations", procedures.register(plan.registrations()), procedures::done);
      askAboutRegistrations(asks);
      return result(come, registered);
    }
  }

  private double seconds(String what, Future<Void> all, IntSupplier done) {
    long begun = System.nanoTime();
    while (!Waiting.isSoon(TELL_EVERY, all::isComplete)) {
      tell.accept("%,d %s in %.0f s".formatted(done.getAsInt(), what, since(begun)));
    }
    Waiting.of("not all " + what + " are there", all);
    return since(begun);
  }

  private static double since(long begun) {
    return (System.nanoTime() - begun) / 1e9;
  }

  private static long count(ClientSession asks) {
    return ((Number) ask(asks, "wamp.session.count", Arguments.none())).longValue();
  }

  // ---- questions ----

  private void askAboutSessions(ClientSession asks, long expected) {
    measure(asks, "wamp.session.count", plan.lookups(), i -> Arguments.none());
    Object all = measure(asks, "wamp.session.list", plan.rounds(), i -> Arguments.none());
    List<?> ids = all instanceof List<?> list ? list : List.of();
    if (ids.size() != expected) {
      throw new BenchException(ids.size() + " sessions are listed of " + expected);
    }
    measure(asks, "wamp.session.get", plan.lookups(), i -> Arguments.of(any(ids)));
  }

  private void askAboutRegistrations(ClientSession asks) {
    IntFunction<Arguments> procedure =
        i -> Arguments.of(Procedures.uri(random.nextInt(plan.registrations())));
    measure(asks, "wamp.registration.match", plan.lookups(), procedure);
    measure(asks, "wamp.registration.lookup", plan.lookups(), procedure);
    Object all = measure(asks, "wamp.registration.list", plan.rounds(), i -> Arguments.none());
    List<?> ids =
        all instanceof Map<?, ?> by && by.get("exact") instanceof List<?> l ? l : List.of();
    if (ids.size() != plan.registrations()) {
      throw new BenchException(ids.size() + " registrations are listed");
    }
    // Any of very many is as a rule one that nobody has asked for of late.
    measure(asks, "wamp.registration.get", plan.rounds(), i -> Arguments.of(any(ids)));
  }

  private Object any(List<?> ids) {
    return ids.get(random.nextInt(ids.size()));
  }

  /** One question after the other; the last answer. */
  private Object measure(
      ClientSession asks, String procedure, int times, IntFunction<Arguments> arguments) {
    Histogram latency = new Histogram(3);
    Object answer = "";
    for (int i = 0; i < times; i++) {
      Arguments question = arguments.apply(i);
      long begun = System.nanoTime();
      answer = ask(asks, procedure, question);
      latency.recordValue(System.nanoTime() - begun);
    }
    Asked question = new Asked(procedure, latency, octets(answer));
    asked.add(question);
    tell.accept(question.line().strip());
    return answer;
  }

  private static Object ask(ClientSession asks, String procedure, Arguments question) {
    List<?> answer = Waiting.of(procedure, asks.call(procedure, question), LONGEST).args();
    if (answer.isEmpty() || answer.get(0) == null) {
      throw new BenchException(procedure + " answers nothing");
    }
    return answer.get(0);
  }

  /** Of it as JSON. */
  private static long octets(Object answer) {
    if (answer instanceof Map<?, ?> map) {
      return 2
          + map.entrySet().stream()
              .mapToLong(e -> 2 + octets(e.getKey()) + octets(e.getValue()))
              .sum();
    } else if (answer instanceof Collection<?> list) {
      return 2 + list.stream().mapToLong(each -> 1 + octets(each)).sum();
    }
    return answer instanceof String text ? text.length() + 2 : String.valueOf(answer).length();
  }

  // ---- told ----

  private Result result(double come, double registered) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%,d sessions over %d nodes, in %.0f s; %,d registrations, in %.0f s (%,.0f/s)"
            .formatted(
                plan.sessions(),
                plan.nodes(),
                come,
                plan.registrations(),
                registered,
                plan.registrations() / registered));
    lines.add("");
    asked.forEach(question -> lines.add(question.line()));
    lines.add("");
    double count = asked.get(0).millis(50);
    boolean holds = count <= TARGET_COUNT_MILLIS;
    lines.add(
        "  %-4s sessions are counted within %.0f ms: %.2f ms (p50)"
            .formatted(holds ? "ok" : "MISS", TARGET_COUNT_MILLIS, count));
    JsonArray questions = new JsonArray();
    asked.forEach(question -> questions.add(question.json()));
    JsonObject json =
        new JsonObject()
            .put("sessions", plan.sessions())
            .put("registrations", plan.registrations())
            .put("nodes", plan.nodes())
            .put("calleesPerNode", plan.callees())
            .put("secondsToCome", come)
            .put("secondsToRegister", registered)
            .put("questions", questions);
    return new Result(lines, json, holds);
  }
}
