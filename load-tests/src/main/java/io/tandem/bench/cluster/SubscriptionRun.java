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
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/** Many distinct subscriptions on a cluster: what they weigh, and whether matching minds them. */
public final class SubscriptionRun {

  private static final int FEW = 1_000;
  private static final int SAMPLE = 1_000;
  private static final int UNDER_WAY = 32;
  private static final int MAX_SUBSCRIPTIONS = 1_000_000;

  /** So much that nothing is refused: what they take is measured here. */
  private static final String MEMORY = "8GiB";

  private static final Duration TELL_EVERY = Duration.ofSeconds(5);
  private static final double TARGET_OCTETS = 400;

  /** A publication may cost so much more among many: what the caches of the processor miss. */
  private static final double TARGET_RATIO = 1.25;

  /**
   * What to do.
   *
   * @param javaOptions of the nodes
   * @param match how topics are subscribed to
   * @param publications of each of the measurements of matching
   * @param histogram whether to look into the first node's heap
   */
  public record Plan(
      int count,
      MatchPolicy match,
      int nodes,
      int sessionsPerNode,
      int rounds,
      int publications,
      String javaOptions,
      boolean histogram) {}

  /** One measurement of publications. */
  private record Leg(int subscriptions, double cpuMicros, Histogram latency) {}

  private final Plan plan;
  private final Consumer<String> tell;

  private SubscriptionRun(Plan plan, Consumer<String> tell) {
    this.plan = plan;
    this.tell = tell;
  }

  /** What came of it. */
  public record Result(List<String> lines, JsonObject json, boolean holds) {}

  /** Starts nodes, subscribes, measures. */
  public static Result run(Plan plan, Consumer<String> tell) {
    return new SubscriptionRun(plan, tell).run();
  }

  private Result run() {
    LocalCluster.Settings settings =
        new LocalCluster.Settings(
            MAX_SUBSCRIPTIONS,
            MEMORY,
            LiveHeap.PATIENCE,
            "",
            plan.javaOptions(),
            LocalCluster.More.NOTHING);
    return Waiting.onOneLoop(
        vertx -> {
          try (LocalCluster cluster =
              LocalCluster.start(plan.nodes(), new Loopback(plan.nodes()), settings, tell)) {
            return run(vertx, cluster.nodes());
          }
        });
  }

  private Result run(Vertx vertx, List<BenchNode> nodes) {
    List<String> urls = nodes.stream().map(BenchNode::url).toList();
    Topics few = new Topics(vertx, LocalCluster.SECOND_REALM, urls, plan.match());
    Topics many = new Topics(vertx, LocalCluster.REALM, urls, plan.match());
    for (Topics topics : List.of(few, many)) {
      Waiting.of("cannot join", topics.join(plan.sessionsPerNode()));
    }
    subscribe(few, FEW);
    // So that what is made once, when first needed, is not counted as the subscriptions'.
    Waiting.of("publications do not arrive", few.publish(plan.publications(), UNDER_WAY));
    LiveHeap before = LiveHeap.of(nodes);
    long begun = System.nanoTime();
    subscribe(many, plan.count());
    double seconds = (System.nanoTime() - begun) / 1e9;
    LiveHeap after = LiveHeap.of(nodes);
    List<Double> octets = after.each(before, plan.count());
    if (plan.histogram()) {
      nodes.get(0).jcmd("GC.class_histogram").lines().limit(28).forEach(tell);
    }
    int distinct = (int) Arrays.stream(many.ids()).distinct().count();
    int equal = equalElsewhere(many);
    List<Leg> legs = new ArrayList<>();
    for (int round = 0; round < plan.rounds(); round++) {
      legs.add(publish(nodes, few, FEW));
      legs.add(publish(nodes, many, plan.count()));
    }
    return result(nodes, seconds, before, octets, distinct, equal, legs);
  }

  private void subscribe(Topics topics, int count) {
    Future<Void> all = topics.subscribe(count);
    long begun = System.nanoTime();
    while (!Waiting.isSoon(TELL_EVERY, all::isComplete)) {
      tell.accept(
          "%,d subscriptions in %d s"
              .formatted(topics.done(), (System.nanoTime() - begun) / 1_000_000_000));
    }
    Waiting.of("cannot subscribe", all);
  }

  private static int equalElsewhere(Topics topics) {
    int sample = Math.min(SAMPLE, topics.ids().length);
    int equal = 0;
    for (int i = 0; i < sample; i++) {
      int number = (int) ((long) i * topics.ids().length / sample);
      if (Waiting.of("cannot subscribe", topics.idElsewhere(number)) == topics.ids()[number]) {
        equal++;
      }
    }
    return equal;
  }

  private Leg publish(List<BenchNode> nodes, Topics topics, int subscriptions) {
    Processes processes = new Processes(nodes.stream().map(BenchNode::pid).toList());
    Long before = processes.cpuNanos();
    Histogram latency =
        Waiting.of("publications do not arrive", topics.publish(plan.publications(), UNDER_WAY));
    Long after = processes.cpuNanos();
    double micros =
        before == null || after == null ? Double.NaN : (after - before) / 1e3 / plan.publications();
    return new Leg(subscriptions, micros, latency);
  }

  // ---- the heap ----

  // ---- told ----

  private Result result(
      List<BenchNode> nodes,
      double seconds,
      LiveHeap before,
      List<Double> octets,
      int distinct,
      int equal,
      List<Leg> legs) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%,d distinct subscriptions (%s) over %d nodes, in %.0f s (%,.0f/s)"
            .formatted(
                plan.count(),
                plan.match().wireName(),
                nodes.size(),
                seconds,
                plan.count() / seconds));
    lines.add("");
    for (int i = 0; i < nodes.size(); i++) {
      lines.add(
          "  %-10s heap before %4d MB, then %4.0f octets for each subscription"
              .formatted(nodes.get(i).name(), before.octets().get(i) >> 20, octets.get(i)));
    }
    lines.add("");
    for (Leg leg : legs) {
      lines.add(
          "  %,9d subscriptions: CPU %6.1f us for each publication, latency p50 %.2f ms, p99 %.1f ms"
              .formatted(
                  leg.subscriptions(),
                  leg.cpuMicros(),
                  leg.latency().getValueAtPercentile(50) / 1e6,
                  leg.latency().getValueAtPercentile(99) / 1e6));
    }
    lines.add("");
    double most = octets.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    double ratio = least(legs, plan.count()) / least(legs, FEW);
    int sample = Math.min(SAMPLE, plan.count());
    List<Target> targets =
        List.of(
            new Target("heap of each <= 400 octets", "%.0f".formatted(most), most <= TARGET_OCTETS),
            new Target(
                "IDs are unique and equal everywhere",
                "%,d distinct, %d of %d equal".formatted(distinct, equal, sample),
                distinct == plan.count() && equal == sample),
            new Target(
                "a publication costs what it does at 1,000",
                "%.2f times, cheapest rounds".formatted(ratio),
                !(ratio > TARGET_RATIO)));
    targets.forEach(target -> lines.add(target.line()));
    return new Result(
        lines, json(seconds, octets, distinct, equal, legs, ratio), Target.allHold(targets));
  }

  private static double least(List<Leg> legs, int subscriptions) {
    return legs.stream()
        .filter(leg -> leg.subscriptions() == subscriptions)
        .mapToDouble(Leg::cpuMicros)
        .min()
        .orElse(Double.NaN);
  }

  private JsonObject json(
      double seconds, List<Double> octets, int distinct, int equal, List<Leg> legs, double ratio) {
    JsonArray measured = new JsonArray();
    for (Leg leg : legs) {
      measured.add(
          new JsonObject()
              .put("subscriptions", leg.subscriptions())
              .put("cpuMicrosPerPublication", Figures.rounded(leg.cpuMicros()))
              .put("p50Millis", Figures.rounded(leg.latency().getValueAtPercentile(50) / 1e6))
              .put("p99Millis", Figures.rounded(leg.latency().getValueAtPercentile(99) / 1e6)));
    }
    return new JsonObject()
        .put("subscriptions", plan.count())
        .put("match", plan.match().wireName())
        .put("nodes", plan.nodes())
        .put("seconds", Figures.rounded(seconds))
        .put(
            "heapOctetsPerSubscription",
            new JsonArray(octets.stream().map(Figures::rounded).toList()))
        .put("distinctIds", distinct)
        .put("equalIdsInSample", equal)
        .put("cpuRatio", Figures.rounded(ratio))
        .put("publications", measured);
  }
}
