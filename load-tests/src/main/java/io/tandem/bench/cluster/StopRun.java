package io.tandem.bench.cluster;

import io.tandem.bench.BenchException;
import io.tandem.bench.Waiting;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Planned stops, one after the other, of clusters that stand in network namespaces: what a node's
 * clients and peers see of another one that drains, ends, and is gone with its address.
 */
public final class StopRun {

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** Until the nodes are warm: what is measured is the stop. */
  private static final Duration WARM_UP = Duration.ofSeconds(10);

  private static final Duration BEFORE = Duration.ofSeconds(3);
  private static final Duration AFTER = Duration.ofSeconds(8);

  /** Of a node that did not see the stop coming. */
  private static final List<String> ALARMS = List.of("is not reachable", "nothing is heard of it");

  private StopRun() {}

  /** What came of one stop. */
  private record Stop(
      int victim, double seconds, Survivor.Seen seen, boolean agreed, List<String> alarms) {

    String line(int number) {
      return "%3d. node%d stops in %.1f s: %s%s%s"
          .formatted(
              number,
              victim + 1,
              seconds,
              seen,
              agreed ? "" : ", the others do not agree",
              alarms.isEmpty() ? "" : ", " + alarms);
    }
  }

  /** What came of all. */
  public record Result(List<String> lines, JsonObject json, boolean holds) {}

  /** Stops a node so many times, each time another one of a fresh cluster. */
  public static Result run(int nodes, int times, Consumer<String> tell) {
    Ground ground = new Namespaces(nodes);
    List<Stop> stops = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      int victim = i % nodes;
      Stop stop = Waiting.onOneLoop(vertx -> stop(vertx, ground, nodes, victim, tell));
      stops.add(stop);
      tell.accept(stop.line(i + 1));
    }
    return result(stops);
  }

  private static Stop stop(
      Vertx vertx, Ground ground, int count, int victim, Consumer<String> tell) {
    try (LocalCluster cluster =
            LocalCluster.start(count, ground, LocalCluster.Settings.USUAL, tell);
        Watch watch = new Watch(cluster.nodes())) {
      List<Integer> all = IntStream.range(0, count).boxed().toList();
      List<Integer> others = all.stream().filter(node -> node != victim).toList();
      List<BenchNode> survivors = others.stream().map(cluster.nodes()::get).toList();
      Waiting.until("the nodes do not agree after their start", PATIENCE, () -> watch.agree(all));
      Survivor clients = new Survivor(vertx, survivors, cluster.nodes().get(victim));
      Waiting.of("the clients cannot join", clients.start());
      Waiting.pause(WARM_UP);
      clients.warm();
      Waiting.pause(BEFORE);

      BenchNode leaver = cluster.nodes().get(victim);
      List<String> alarmsBefore = alarms(survivors);
      long begun = System.nanoTime();
      clients.during();
      leaver.signal("TERM");
      Waiting.until(leaver.name() + " does not stop", PATIENCE, () -> !leaver.isAlive());
      double seconds = (System.nanoTime() - begun) / 1e9;
      Waiting.pause(AFTER);
      Survivor.Seen seen = Waiting.of("the clients do not end", clients.stop());
      // Not before: what they register all the time no two nodes have seen at the same moment.
      boolean agreed = Waiting.isSoon(PATIENCE, () -> watch.agree(others));
      List<String> alarms = alarms(survivors);
      alarms.removeAll(alarmsBefore); // each has its time in it
      return new Stop(victim, seconds, seen, agreed, alarms);
    }
  }

  private static List<String> alarms(List<BenchNode> survivors) {
    List<String> alarms = new ArrayList<>();
    for (BenchNode survivor : survivors) {
      try {
        Files.readAllLines(survivor.log()).stream()
            .filter(line -> ALARMS.stream().anyMatch(line::contains))
            .forEach(line -> alarms.add(survivor.name() + ": " + line.strip()));
      } catch (IOException failure) {
        throw new BenchException("cannot read a log: " + failure.getMessage(), failure);
      }
    }
    return alarms;
  }

  private static Result result(List<Stop> stops) {
    long alarmed = stops.stream().filter(stop -> !stop.alarms().isEmpty()).count();
    double slowest = stops.stream().mapToDouble(stop -> stop.seen().during().max()).max().orElse(0);
    long refused = stops.stream().mapToLong(stop -> stop.seen().refused()).sum();
    long moving = stops.stream().mapToLong(stop -> stop.seen().moving()).sum();
    long failed = stops.stream().mapToLong(stop -> stop.seen().failed()).sum();
    boolean agreed = stops.stream().allMatch(Stop::agreed);
    List<Target> targets =
        List.of(
            new Target(
                "no planned stop is taken for a failure",
                alarmed + " of " + stops.size(),
                alarmed == 0),
            new Target(
                "REGISTER and SUBSCRIBE below 100 ms",
                "%.0f ms at most".formatted(slowest),
                slowest < 100),
            new Target("none of them is refused", refused + " were", refused == 0),
            new Target(
                "calls are refused only while their procedure moves, and hear so",
                "%d heard so, %d failed otherwise".formatted(moving, failed),
                failed == 0),
            new Target("the others agree in the end", agreed ? "yes" : "no", agreed));
    List<String> lines = new ArrayList<>();
    lines.add(
        stops.size()
            + " planned stops; REGISTER and SUBSCRIBE at the others in ms, median / p99 / max:");
    for (int i = 0; i < stops.size(); i++) {
      lines.add(stops.get(i).line(i + 1));
    }
    targets.forEach(target -> lines.add(target.line()));
    JsonArray each = new JsonArray();
    stops.forEach(
        stop ->
            each.add(
                stop.seen()
                    .json()
                    .put("victim", stop.victim() + 1)
                    .put("seconds", stop.seconds())
                    .put("alarms", stop.alarms().size())));
    return new Result(lines, new JsonObject().put("stops", each), Target.allHold(targets));
  }
}
