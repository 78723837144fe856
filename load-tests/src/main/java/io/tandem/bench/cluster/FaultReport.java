package io.tandem.bench.cluster;

import io.tandem.bench.cluster.Traffic.OneCall;
import io.tandem.bench.cluster.Wishes.Wish;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * What a fault did. All times are {@link System#nanoTime}'s.
 *
 * @param gone the nodes whose life it ended: one, if all is well
 * @param begun when it began
 * @param passed when it was over; a node that was killed stays dead
 * @param agreed when the nodes told the same again
 * @param detections when a node held another one for lost, by the two
 * @param evicted when a node no longer knew the victim's life
 * @param wishes SUBSCRIBE and REGISTER while it lasted
 * @param survivors the nodes whose life it did not end
 * @param steps what happened to those who want the exclusive procedure
 * @param answers who answered it in the end, by the node asked
 * @param believers who believed to be its callee
 * @param ghosts what was left when everybody had gone
 */
public record FaultReport(
    FaultRun.Plan plan,
    List<Integer> gone,
    long begun,
    long passed,
    OptionalLong agreed,
    Map<List<Integer>, OptionalLong> detections,
    Map<Integer, OptionalLong> evicted,
    Traffic.Outcome load,
    List<Wish> wishes,
    List<Integer> survivors,
    List<String> steps,
    Map<Integer, String> answers,
    List<String> believers,
    List<String> ghosts) {

  private static final double DETECTION_SECONDS = 4;
  private static final double ANSWER_SECONDS = 1;
  private static final long BEFORE_NANOS = 5_000_000_000L;

  /** Agreement "within seconds" after the fault; Hazelcast looks for others every 3 s. */
  private static final double AGREEMENT_SECONDS = 15;

  /**
   * Until one end of a way that is cut is out: it takes the time after which a silent member is
   * evicted, 5 s, and what it takes to find out that there are two to choose from.
   */
  private static final double VERDICT_SECONDS = 10;

  /** The promises, one by one. */
  List<Target> targets() {
    List<Target> targets = new ArrayList<>();
    targets.add(
        new Target(
            "lost node detected <= 4 s after the fault",
            seconds(detectionSeconds()),
            detectionSeconds() <= DETECTION_SECONDS));
    targets.add(
        new Target(
            "its calls answered <= 1 s after detection",
            seconds(answerSeconds()),
            answerSeconds() <= ANSWER_SECONDS));
    targets.add(
        new Target("every call has an answer", unanswered() + " without", unanswered() == 0));
    if (plan.fault().ends(plan.victim(), plan.nodes()).size() > 1) {
      targets.add(
          new Target(
              "one of the two is out <= 10 s after the fault",
              (gone.size() == 1 ? "node" + (gone.get(0) + 1) : gone.size() + " of them")
                  + ", "
                  + seconds(evictionSeconds()),
              gone.size() == 1 && evictionSeconds() <= VERDICT_SECONDS));
    }
    long failed = among(survivors).filter(call -> call.failure() != null).count();
    targets.add(
        new Target(
            "the others' calls do not fail",
            failed + " of " + among(survivors).count() + " failed",
            failed == 0));
    long refused = wishes(wish -> wish.failure() != null).count();
    double longest = longestWishSeconds();
    targets.add(
        new Target(
            "the others' SUBSCRIBE and REGISTER <= 10 s",
            refused + " failed, the longest took " + seconds(longest),
            refused == 0 && longest <= VERDICT_SECONDS));
    long disturbed = eventsAmongSurvivors(Traffic.Feed::missing, Traffic.Feed::repeated);
    targets.add(
        new Target(
            "the others' events come once, in order", disturbed + " did not", disturbed == 0));
    targets.add(
        new Target(
            "agreement <= 15 s after the " + (plan.fault().passes() ? "fault" : "kill"),
            seconds(agreementSeconds()),
            agreementSeconds() <= AGREEMENT_SECONDS));
    Set<String> answered = new HashSet<>(answers.values());
    targets.add(
        new Target(
            "one exclusive callee, and the other knows",
            believers + " believes, " + answered + " answers",
            believers.size() == 1 && answered.equals(Set.of(believers.get(0)))));
    targets.add(
        new Target("no ghosts", ghosts.isEmpty() ? "none" : ghosts.toString(), ghosts.isEmpty()));
    return targets;
  }

  public boolean holds() {
    return Target.allHold(targets());
  }

  // ---- figures ----

  /** The latest detection; infinite when somebody saw nothing. */
  public double detectionSeconds() {
    return detections.values().stream().mapToDouble(this::sinceBegun).max().orElse(Double.NaN);
  }

  /** From a node's detection to the last answer of its calls to the lost node, the worst. */
  public double answerSeconds() {
    return detections.entrySet().stream()
        .filter(entry -> entry.getValue().isPresent())
        .mapToDouble(
            entry ->
                waiting(entry.getKey(), entry.getValue().getAsLong())
                    .mapToDouble(
                        call ->
                            call.isAnswered()
                                ? (call.answered() - entry.getValue().getAsLong()) / 1e9
                                : Double.POSITIVE_INFINITY)
                    .max()
                    .orElse(0))
        .max()
        .orElse(Double.NaN);
  }

  /**
   * Calls of one node to another that waited when the fault began or were made before detection.
   */
  private Stream<OneCall> waiting(List<Integer> pair, long detected) {
    return load.calls().stream()
        .filter(call -> call.from() == pair.get(0) && call.to() == pair.get(1))
        .filter(call -> call.due() - detected < 0)
        .filter(call -> !call.isAnswered() || call.answered() - begun > 0);
  }

  /** The longest time a call to a lost node had no answer. */
  public double longestWaitSeconds() {
    return detections.entrySet().stream()
        .filter(entry -> entry.getValue().isPresent())
        .flatMap(entry -> waiting(entry.getKey(), entry.getValue().getAsLong()))
        .mapToDouble(call -> call.isAnswered() ? call.nanos() / 1e9 : Double.POSITIVE_INFINITY)
        .max()
        .orElse(0);
  }

  private long callsCaught() {
    return detections.entrySet().stream()
        .filter(entry -> entry.getValue().isPresent())
        .mapToLong(entry -> waiting(entry.getKey(), entry.getValue().getAsLong()).count())
        .sum();
  }

  private long unanswered() {
    return load.calls().stream().filter(call -> !call.isAnswered()).count();
  }

  private Stream<OneCall> among(List<Integer> nodes) {
    return load.calls().stream()
        .filter(call -> nodes.contains(call.from()) && nodes.contains(call.to()));
  }

  private Stream<Wish> wishes(Predicate<Wish> which) {
    return wishes.stream().filter(wish -> survivors.contains(wish.node())).filter(which);
  }

  private double longestWishSeconds() {
    return wishes(wish -> wish.asked() - begun > -BEFORE_NANOS)
        .mapToDouble(wish -> wish.isAnswered() ? wish.nanos() / 1e9 : Double.POSITIVE_INFINITY)
        .max()
        .orElse(0);
  }

  private Histogram wishLatency(Predicate<Wish> when) {
    Histogram latency = new Histogram(3);
    wishes(when).filter(Wish::isAnswered).forEach(wish -> latency.recordValue(wish.nanos()));
    return latency;
  }

  private Histogram wishesBefore() {
    return wishLatency(wish -> wish.asked() - begun < 0 && begun - wish.asked() <= BEFORE_NANOS);
  }

  private Histogram wishesSince() {
    return wishLatency(wish -> wish.asked() - begun >= 0);
  }

  private interface Count {
    long of(Traffic.Feed feed);
  }

  private long eventsAmongSurvivors(Count... counts) {
    long sum = 0;
    for (Map.Entry<List<Integer>, Traffic.Feed> feed : load.feeds().entrySet()) {
      if (survivors.containsAll(feed.getKey())) {
        for (Count count : counts) {
          sum += count.of(feed.getValue());
        }
      }
    }
    return sum;
  }

  private double evictionSeconds() {
    return evicted.values().stream().mapToDouble(this::sinceBegun).max().orElse(Double.NaN);
  }

  /** After the fault was over. */
  public double agreementSeconds() {
    return agreed.isPresent() ? (agreed.getAsLong() - passed) / 1e9 : Double.POSITIVE_INFINITY;
  }

  private double sinceBegun(OptionalLong time) {
    return time.isPresent() ? (time.getAsLong() - begun) / 1e9 : Double.POSITIVE_INFINITY;
  }

  private Histogram survivorsLatency(Predicate<OneCall> when) {
    Histogram latency = new Histogram(3);
    among(survivors)
        .filter(OneCall::isAnswered)
        .filter(when)
        .forEach(call -> latency.recordValue(call.nanos()));
    return latency;
  }

  /** The end of the warm-up: its begin tells of young JVMs. */
  private Histogram before() {
    return survivorsLatency(call -> call.due() - begun < 0 && begun - call.due() <= BEFORE_NANOS);
  }

  private Histogram after() {
    return survivorsLatency(call -> call.due() - begun >= 0);
  }

  /** How the sessions on the victim ended, and how many of them so. */
  private Map<String, Long> ends() {
    Map<String, Long> ends = new TreeMap<>();
    for (Traffic.End end : load.ends()) {
      if (!survivors.contains(end.node())) {
        ends.merge(end.reason().message(), 1L, Long::sum);
      }
    }
    return ends;
  }

  private double lastEndSeconds() {
    return load.ends().stream()
        .filter(end -> !survivors.contains(end.node()))
        .mapToDouble(end -> (end.at() - passed) / 1e9)
        .max()
        .orElse(Double.NaN);
  }

  private Map<String, Long> failures(boolean survivorsOnly) {
    Map<String, Long> failures = new TreeMap<>();
    for (OneCall call : load.calls()) {
      boolean lasting = survivors.contains(call.from()) && survivors.contains(call.to());
      String failure = call.failure();
      if (lasting == survivorsOnly && failure != null) {
        failures.merge(failure, 1L, Long::sum);
      }
    }
    return failures;
  }

  // ---- told ----

  /** The report to read. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s of node%d of %d, %.0f calls/s and %.0f events/s"
            .formatted(
                plan.fault().words(),
                plan.victim() + 1,
                plan.nodes(),
                plan.callsPerSecond(),
                plan.eventsPerSecond()));
    lines.add("");
    detections.entrySet().stream()
        .sorted((a, b) -> a.getKey().toString().compareTo(b.getKey().toString()))
        .forEach(
            entry ->
                line(
                    lines,
                    "node%d lost sight of node%d"
                        .formatted(entry.getKey().get(0) + 1, entry.getKey().get(1) + 1),
                    seconds(sinceBegun(entry.getValue()))));
    line(
        lines,
        "evicted, all agree",
        seconds(evictionSeconds())
            + gone.stream().map(node -> ", node" + (node + 1)).collect(Collectors.joining()));
    line(lines, "calls caught by the fault", Long.toString(callsCaught()));
    line(lines, "longest wait of one of them", seconds(longestWaitSeconds()));
    if (plan.fault().passes()) {
      line(lines, "fault passed", seconds((passed - begun) / 1e9));
      line(lines, "last session of it ended", "%+.2f s after".formatted(lastEndSeconds()));
      line(lines, "all nodes agree", "%+.2f s after".formatted(agreementSeconds()));
    } else {
      line(lines, "the others agree", seconds(agreementSeconds()));
    }
    line(lines, "its sessions ended by", ends().toString());
    line(lines, "failed calls from or to it", failures(false).toString());
    line(lines, "failed calls of the others", failures(true).toString());
    line(
        lines, "events of the others", Long.toString(eventsAmongSurvivors(Traffic.Feed::received)));
    line(lines, "calls of the others, before", latency(before()));
    line(lines, "calls of the others, since", latency(after()));
    line(lines, "their SUBSCRIBE, REGISTER, before", latency(wishesBefore()));
    line(lines, "their SUBSCRIBE, REGISTER, since", latency(wishesSince()));
    line(lines, "load held up by at most", "%.0f ms".formatted(load.longestPause() / 1e6));
    lines.add("");
    steps.forEach(step -> lines.add("  " + step));
    lines.add("");
    targets().forEach(target -> lines.add(target.line()));
    return lines;
  }

  private static void line(List<String> lines, String what, String figure) {
    lines.add("  %-36s %s".formatted(what, figure));
  }

  private static String latency(Histogram latency) {
    return "%d, p50 %.2f ms, p99 %.1f ms, max %.0f ms"
        .formatted(
            latency.getTotalCount(),
            latency.getValueAtPercentile(50) / 1e6,
            latency.getValueAtPercentile(99) / 1e6,
            latency.getMaxValue() / 1e6);
  }

  private static String seconds(double seconds) {
    return Double.isFinite(seconds) ? "%.2f s".formatted(seconds) : "never";
  }

  /** The figures that are recorded. */
  public JsonObject json() {
    JsonArray missed = new JsonArray();
    targets().stream().filter(target -> !target.holds()).map(Target::what).forEach(missed::add);
    return new JsonObject()
        .put("fault", plan.fault().toString())
        .put("victim", "node" + (plan.victim() + 1))
        .put("gone", new JsonArray(gone.stream().map(node -> "node" + (node + 1)).toList()))
        .put("nodes", plan.nodes())
        .put("wire", plan.wire())
        .put("detectionSeconds", rounded(detectionSeconds()))
        .put("evictionSeconds", rounded(evictionSeconds()))
        .put("callsCaught", callsCaught())
        .put("longestWaitSeconds", rounded(longestWaitSeconds()))
        .put("answeredAfterDetectionSeconds", rounded(answerSeconds()))
        .put("lastSessionEndedAfterFaultSeconds", rounded(lastEndSeconds()))
        .put("agreementAfterFaultSeconds", rounded(agreementSeconds()))
        .put("survivorsFailures", failures(true).values().stream().mapToLong(n -> n).sum())
        .put("survivorsBefore", json(before()))
        .put("survivorsSince", json(after()))
        .put("wishesBefore", json(wishesBefore()))
        .put("wishesSince", json(wishesSince()))
        .put("longestWishSeconds", rounded(longestWishSeconds()))
        .put("loadHeldUpMillis", load.longestPause() / 1_000_000)
        .put("missed", missed);
  }

  private static JsonObject json(Histogram latency) {
    return new JsonObject()
        .put("calls", latency.getTotalCount())
        .put("p50Millis", rounded(latency.getValueAtPercentile(50) / 1e6))
        .put("p99Millis", rounded(latency.getValueAtPercentile(99) / 1e6))
        .put("maxMillis", rounded(latency.getMaxValue() / 1e6));
  }

  private static Object rounded(double figure) {
    return Double.isFinite(figure) ? Math.round(figure * 1000) / 1000.0 : "never";
  }
}
