package io.tandem.bench.cluster;

import io.tandem.bench.Processes;
import io.tandem.bench.Waiting;
import io.tandem.protocol.uri.MatchPolicy;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Many retained events on a cluster: what they weigh, what it costs to publish one, and how soon a
 * node that is new has them all.
 */
public final class RetainedRun {

  private static final String REALM = "kept";
  private static final int FEW = 1_000;
  private static final int WARM_UP = 20_000;

  /** More than any event takes here. */
  private static final long OCTETS_EACH = 2_048;

  private static final Duration LONGEST = Duration.ofMinutes(30);
  private static final Duration TELL_EVERY = Duration.ofSeconds(10);
  private static final double TARGET_OCTETS = 1_000;

  /**
   * What to do.
   *
   * @param publications of each of the measurements of their cost
   * @param javaOptions of the nodes
   * @param histogram whether to look into the first node's heap
   */
  public record Plan(
      int count, int nodes, int rounds, int publications, String javaOptions, boolean histogram) {}

  /** Publications that are compared. */
  private enum Kind {
    PLAIN("nobody subscribes to"),
    SUBSCRIBED("a session on each node subscribes to"),
    RETAINED("are retained, and nobody subscribes to");

    final String words;

    Kind(String words) {
      this.words = words;
    }
  }

  private final Plan plan;
  private final Consumer<String> tell;

  private RetainedRun(Plan plan, Consumer<String> tell) {
    this.plan = plan;
    this.tell = tell;
  }

  /** What came of it. */
  public record Result(List<String> lines, JsonObject json, boolean holds) {}

  /** Starts nodes, publishes, measures. */
  public static Result run(Plan plan, Consumer<String> tell) {
    return new RetainedRun(plan, tell).run();
  }

  private Result run() {
    String realm =
        ("{name: %s, auth: {anonymous: {role: anyone}}, roles: *roles, limits: *limits,"
                + " retention: {topics: [{uri: com.example.kept., match: prefix, events: %d,"
                + " bytes: %dKiB}]}}")
            .formatted(REALM, plan.count() + FEW, ((plan.count() + FEW) * OCTETS_EACH) >> 10);
    LocalCluster.Settings settings =
        LocalCluster.Settings.USUAL
            .evictingAfter(LiveHeap.PATIENCE)
            .withJavaOptions(plan.javaOptions())
            .with(new LocalCluster.More("{}", List.of(), List.of(realm)));
    return Waiting.onOneLoop(
        vertx -> {
          try (LocalCluster cluster =
              LocalCluster.start(
                  plan.nodes(), plan.nodes() + 1, new Loopback(plan.nodes() + 1), settings, tell)) {
            return run(vertx, cluster);
          }
        });
  }

  private Result run(Vertx vertx, LocalCluster cluster) {
    List<BenchNode> nodes = cluster.nodes();
    Publishers publishers = new Publishers(vertx);
    Waiting.of("cannot join", publishers.join(REALM, nodes.stream().map(BenchNode::url).toList()));
    Waiting.of(
        "cannot subscribe", publishers.subscribe("com.example.subscribed.", MatchPolicy.PREFIX));
    for (Kind kind : Kind.values()) { // what is made once shall not be counted
      publish(publishers, kind, WARM_UP);
    }
    awaitKept(nodes, FEW);
    LiveHeap before = LiveHeap.of(nodes);
    long begun = System.nanoTime();
    await(publishers, publishers.publish("kept.many", plan.count(), plan.count(), true));
    double published = (System.nanoTime() - begun) / 1e9;
    awaitKept(nodes, plan.count() + FEW);
    double written = (System.nanoTime() - begun) / 1e9;
    LiveHeap after = LiveHeap.of(nodes);
    if (plan.histogram()) {
      nodes.get(0).jcmd("GC.class_histogram").lines().limit(28).forEach(tell);
    }
    List<Double> octets = after.each(before, plan.count());
    Map<Kind, Double> cpu = new EnumMap<>(Kind.class);
    for (int round = 0; round < plan.rounds(); round++) {
      for (Kind kind : Kind.values()) {
        cpu.merge(kind, cost(nodes, publishers, kind), Math::min);
      }
    }
    awaitKept(nodes, plan.count() + FEW);
    long joins = System.nanoTime();
    BenchNode late = cluster.startOneMore();
    double ready = (System.nanoTime() - joins) / 1e9;
    awaitKept(List.of(late), plan.count() + FEW);
    double all = (System.nanoTime() - joins) / 1e9;
    return result(nodes, published, written, before, octets, cpu, ready, all);
  }

  private void await(Publishers publishers, Future<Void> all) {
    long begun = System.nanoTime();
    while (!Waiting.isSoon(TELL_EVERY, all::isComplete)) {
      tell.accept(
          "%,d publications in %d s"
              .formatted(publishers.done(), (System.nanoTime() - begun) / 1_000_000_000));
    }
    Waiting.of("cannot publish", all);
  }

  private void publish(Publishers publishers, Kind kind, int count) {
    String name = kind == Kind.RETAINED ? "kept.few" : kind == Kind.PLAIN ? "plain" : "subscribed";
    await(publishers, publishers.publish(name, FEW, count, kind == Kind.RETAINED));
  }

  /** CPU of all nodes for one publication, in microseconds, until the record has all of them. */
  private double cost(List<BenchNode> nodes, Publishers publishers, Kind kind) {
    Processes processes = new Processes(nodes.stream().map(BenchNode::pid).toList());
    Long begun = processes.cpuNanos();
    publish(publishers, kind, plan.publications());
    Waiting.until("the record is not written", LONGEST, () -> areWritten(nodes));
    Long ended = processes.cpuNanos();
    return begun == null || ended == null
        ? Double.NaN
        : (ended - begun) / 1e3 / plan.publications();
  }

  private static boolean areWritten(List<BenchNode> nodes) {
    return nodes.stream().allMatch(node -> is(node.metric("tandem_kept_behind_size_bytes"), 0));
  }

  private static void awaitKept(List<BenchNode> nodes, int count) {
    Waiting.until(
        "not all is kept",
        LONGEST,
        () ->
            nodes.stream()
                    .allMatch(node -> is(node.metric("tandem_kept_events{realm=\"" + REALM), count))
                && areWritten(nodes));
  }

  private static boolean is(@Nullable Double metric, double value) {
    return metric != null && metric == value;
  }

  // ---- told ----

  private Result result(
      List<BenchNode> nodes,
      double published,
      double written,
      LiveHeap before,
      List<Double> octets,
      Map<Kind, Double> cpu,
      double ready,
      double all) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%,d retained events on %d nodes, published in %.0f s (%,.0f/s), in the record after %.0f s"
            .formatted(plan.count(), nodes.size(), published, plan.count() / published, written));
    lines.add("");
    for (int i = 0; i < nodes.size(); i++) {
      lines.add(
          "  %-10s heap before %4d MB, then %4.0f octets for each event"
              .formatted(nodes.get(i).name(), before.octets().get(i) >> 20, octets.get(i)));
    }
    lines.add("");
    cpu.forEach(
        (kind, micros) ->
            lines.add(
                "  CPU %6.1f us for each publication to topics that %s"
                    .formatted(micros, kind.words)));
    double retained = Objects.requireNonNull(cpu.get(Kind.RETAINED));
    double plain = retained / Objects.requireNonNull(cpu.get(Kind.PLAIN));
    double subscribed = retained / Objects.requireNonNull(cpu.get(Kind.SUBSCRIBED));
    lines.add(
        "  a retained one costs %.1f times what a plain one does, %.1f times what one does that"
                .formatted(plain, subscribed)
            + " reaches a session on each node");
    lines.add("");
    lines.add(
        "  one more node is ready after %.1f s from its start, and has all after %.1f s"
            .formatted(ready, all));
    lines.add("");
    double most = octets.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    List<Target> targets =
        List.of(
            new Target(
                "heap of each <= 1,000 octets", "%.0f".formatted(most), most <= TARGET_OCTETS),
            new Target("every node has all", "%,d".formatted(plan.count()), true));
    targets.forEach(target -> lines.add(target.line()));
    JsonObject json =
        new JsonObject()
            .put("retained", plan.count())
            .put("nodes", plan.nodes())
            .put("publishedSeconds", Figures.rounded(published))
            .put("writtenSeconds", Figures.rounded(written))
            .put(
                "heapOctetsPerEvent", new JsonArray(octets.stream().map(Figures::rounded).toList()))
            .put("cpuMicrosPlain", Figures.rounded(cpu.get(Kind.PLAIN)))
            .put("cpuMicrosSubscribed", Figures.rounded(cpu.get(Kind.SUBSCRIBED)))
            .put("cpuMicrosRetained", Figures.rounded(cpu.get(Kind.RETAINED)))
            .put("oneMoreReadySeconds", Figures.rounded(ready))
            .put("oneMoreHasAllSeconds", Figures.rounded(all));
    return new Result(lines, json, Target.allHold(targets));
  }
}
