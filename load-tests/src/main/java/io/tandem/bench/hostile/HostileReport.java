package io.tandem.bench.hostile;

import io.tandem.bench.hostile.Honest.Sample;
import io.tandem.bench.hostile.Honest.Wish;
import io.tandem.bench.hostile.HostileRun.Phase;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * What hostile clients did to the honest one.
 *
 * @param ceiling what the node that was attacked may come to
 */
public record HostileReport(
    HostileRun.Plan plan, List<Phase> phases, List<Sample> samples, Vitals.Ceiling ceiling) {

  /**
   * The nodes live within their ceiling, everything that the honest client asked for was granted,
   * and the attackers were told what they had to be told.
   */
  public boolean holds() {
    return phases.stream().allMatch(this::holds);
  }

  private boolean holds(Phase phase) {
    return faults(phase).isEmpty() && failures(phase).isEmpty();
  }

  private List<String> faults(Phase phase) {
    List<String> faults = new ArrayList<>(phase.vitals().faults(ceiling));
    if (phase.missed() != null) {
      faults.add(phase.missed());
    }
    return faults;
  }

  /** What was meant to be asked in the phase, or in the pause after it. */
  private List<Sample> in(Phase phase) {
    int next = phases.indexOf(phase) + 1;
    long until = next < phases.size() ? phases.get(next).begun() : Long.MAX_VALUE;
    return samples.stream()
        .filter(sample -> sample.due() >= phase.begun() && sample.due() < until)
        .toList();
  }

  private Map<String, Long> failures(Phase phase) {
    Map<String, Long> failures = new TreeMap<>();
    for (Sample sample : in(phase)) {
      String failure = sample.isAnswered() ? sample.failure() : "no answer";
      if (failure != null) {
        failures.merge(sample.wish() + ": " + failure, 1L, Long::sum);
      }
    }
    return failures;
  }

  private Histogram latency(Phase phase, Wish wish) {
    Histogram latency = new Histogram(3);
    in(phase).stream()
        .filter(sample -> sample.wish() == wish && sample.isAnswered())
        .forEach(sample -> latency.recordValue(Math.max(0, sample.nanos())));
    return latency;
  }

  /** The report to read. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "attacks of %d s on %s with a heap of %s; what the honest client waited, p99 and most, in ms;"
                .formatted(
                    plan.lasts().toSeconds(),
                    plan.nodes() == 1 ? "a node" : "one of " + plan.nodes() + " nodes",
                    plan.heap())
            + " live heap and resident memory afterwards, in MiB");
    lines.add("");
    StringBuilder head = new StringBuilder("     %-24s".formatted(""));
    for (Wish wish : Wish.values()) {
      head.append("%14s".formatted(wish));
    }
    lines.add(head + "   heap    rss");
    for (Phase phase : phases) {
      StringBuilder row =
          new StringBuilder("%-4s %-24s".formatted(holds(phase) ? "ok" : "MISS", phase.name()));
      for (Wish wish : Wish.values()) {
        Histogram latency = latency(phase, wish);
        row.append(
            "%14s"
                .formatted(
                    "%.1f / %.0f"
                        .formatted(
                            latency.getValueAtPercentile(99) / 1e6, latency.getMaxValue() / 1e6)));
      }
      Vitals vitals = phase.vitals();
      lines.add(row + "%7d%7d".formatted(vitals.heap() >> 20, vitals.resident() >> 20));
      if (!phase.spoils().isEmpty()) {
        lines.add("     attackers: " + phase.spoils());
      }
      faults(phase).forEach(fault -> lines.add("     " + fault));
      failures(phase).forEach((what, count) -> lines.add("     " + count + " x " + what));
    }
    lines.add("");
    lines.add(
        "     %d of %d hold; resident memory of the node at most %d MiB"
            .formatted(
                phases.stream().filter(this::holds).count(), phases.size(), resident() >> 20));
    return lines;
  }

  private long resident() {
    return phases.stream().mapToLong(phase -> phase.vitals().resident()).max().orElse(0);
  }

  /** The figures that are recorded. */
  public JsonObject json() {
    JsonArray told = new JsonArray();
    for (Phase phase : phases) {
      JsonObject one =
          new JsonObject()
              .put("attack", phase.name())
              .put("holds", holds(phase))
              .put("attackers", phase.spoils())
              .put("heapMiB", phase.vitals().heap() >> 20)
              .put("residentMiB", phase.vitals().resident() >> 20)
              .put("faults", new JsonArray(faults(phase)));
      for (Wish wish : Wish.values()) {
        Histogram latency = latency(phase, wish);
        one.put(
            wish.toString(),
            new JsonObject()
                .put("count", latency.getTotalCount())
                .put("p50Millis", millis(latency.getValueAtPercentile(50)))
                .put("p99Millis", millis(latency.getValueAtPercentile(99)))
                .put("maxMillis", millis(latency.getMaxValue())));
      }
      told.add(one.put("failures", new JsonObject(new TreeMap<String, Object>(failures(phase)))));
    }
    return new JsonObject()
        .put("nodes", plan.nodes())
        .put("heap", plan.heap())
        .put("residentMiB", resident() >> 20)
        .put("attacks", told);
  }

  private static double millis(long nanos) {
    return Math.round(nanos / 1e4) / 100.0;
  }
}
