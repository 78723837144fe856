package io.tandem.bench.fuzz;

import io.tandem.bench.fuzz.FuzzRun.Outcome;
import io.tandem.bench.fuzz.FuzzRun.State;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What cases that were changed by chance did to a node.
 *
 * @param honest what the honest client beside them did not get, and how often
 */
public record FuzzReport(FuzzRun.Plan plan, List<Outcome> outcomes, Map<String, Long> honest) {

  /** From the first quarter of a target to its last; collections and JIT compilers take some. */
  private static final long MOST_GROWTH = 8 << 20;

  private static final int SHOWN = 10;

  /** Nothing was found. */
  public boolean holds() {
    return honest.isEmpty() && outcomes.stream().allMatch(outcome -> faults(outcome).isEmpty());
  }

  private List<String> faults(Outcome outcome) {
    List<String> faults = new ArrayList<>();
    if (!outcome.alive()) {
      faults.add("the node died");
    }
    if (outcome.played() == 0) {
      faults.add("nothing was played");
    }
    outcome.found().forEach((number, how) -> faults.add("case " + number + ": " + how));
    outcome.complaints().stream().limit(SHOWN).forEach(line -> faults.add("log: " + line.strip()));
    if (!outcome.quarters().isEmpty()) {
      State first = outcome.quarters().get(0);
      State last = outcome.quarters().get(outcome.quarters().size() - 1);
      grown(faults, "heap", first.heap(), last.heap());
      grown(faults, "buffers", outcome.before().buffers(), last.buffers());
      // The honest client may be about to open or close one.
      if (last.sessions() > outcome.before().sessions() + 2) {
        faults.add(last.sessions() - outcome.before().sessions() + " sessions are left");
      }
    }
    return faults;
  }

  private static void grown(List<String> faults, String what, long before, long after) {
    if (after - before > MOST_GROWTH) {
      faults.add(
          "%s grew from %.1f to %.1f MiB".formatted(what, before / 1048576.0, after / 1048576.0));
    }
  }

  /** The report to read. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "     %-16s%10s%10s%24s%24s"
            .formatted("seed " + plan.seed(), "cases", "joined", "heap by quarters", "resident"));
    for (Outcome outcome : outcomes) {
      List<String> faults = faults(outcome);
      lines.add(
          "%-4s %-16s%10d%10d%24s%24s"
              .formatted(
                  faults.isEmpty() ? "ok" : "MISS",
                  outcome.target(),
                  outcome.played(),
                  outcome.joined(),
                  mib(outcome.quarters().stream().map(State::heap).toList()),
                  mib(outcome.quarters().stream().map(State::resident).toList())));
      faults.stream().limit(2 * SHOWN).forEach(fault -> lines.add("     " + fault));
      outcome.suspects().stream()
          .limit(SHOWN)
          .forEach(
              suspect -> {
                suspect.told().forEach(line -> lines.add("     " + line));
                lines.add(
                    "       again: ./tandem bench fuzz --target %s --seed %d --only %d"
                        .formatted(outcome.target(), plan.seed(), suspect.number()));
              });
    }
    honest.forEach((what, count) -> lines.add("MISS the honest client: " + count + " x " + what));
    return lines;
  }

  private static String mib(List<Long> octets) {
    return String.join(" ", octets.stream().map(each -> Long.toString(each >> 20)).toList());
  }

  /** The figures that are recorded. */
  public JsonObject json() {
    JsonArray told = new JsonArray();
    for (Outcome outcome : outcomes) {
      told.add(
          new JsonObject()
              .put("target", outcome.target().toString())
              .put("cases", outcome.played())
              .put("joined", outcome.joined())
              .put("heapMiB", array(outcome.quarters().stream().map(State::heap).toList()))
              .put("residentMiB", array(outcome.quarters().stream().map(State::resident).toList()))
              .put("faults", new JsonArray(faults(outcome))));
    }
    return new JsonObject()
        .put("seed", plan.seed())
        .put("heap", plan.heap())
        .put("targets", told)
        .put("honest", new JsonObject(new TreeMap<String, Object>(honest)));
  }

  private static JsonArray array(List<Long> octets) {
    return new JsonArray(octets.stream().map(each -> each >> 20).toList());
  }
}
