package io.tandem.bench.report;

import io.tandem.bench.load.LoadPlan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What a run found out.
 *
 * @param at when it ended
 * @param surroundings commit, JDK and machine
 * @param command as it was given
 * @param plan what was sent
 * @param legs in the order in which they were measured
 */
public record Report(
    Instant at, Surroundings surroundings, String command, LoadPlan plan, List<Leg> legs) {

  /** An event loop that runs for more of its time delays what it measures. */
  private static final double BUSY = 0.9;

  private static final double LOUD = 0.1;
  private static final double REACHED = 0.99;
  private static final long LATE_NANOS = 1_000_000;

  public List<Leg> legs(String target) {
    return legs.stream().filter(leg -> leg.target().equals(target)).toList();
  }

  /** Targets in the order in which they were first measured. */
  public List<String> targets() {
    return legs.stream().map(Leg::target).distinct().toList();
  }

  /** All latencies of a target, in nanoseconds. */
  public Histogram latencies(String target) {
    Histogram all = new Histogram(3);
    legs(target).forEach(leg -> all.add(leg.latencies()));
    return all;
  }

  /** The median over a target's legs; null when a leg lacks it. */
  public @Nullable Double median(String target, Function<Leg, @Nullable Double> figure) {
    return median(legs(target).stream().map(figure).toList());
  }

  /** Median over the rounds of the router's CPU time per message divided by the relay's. */
  public @Nullable Double cpuRatio() {
    return ratio(Leg::cpuMicrosPerMessage);
  }

  /**
   * The same of the cheapest round of each: what others did to the caches and to the clock of a
   * shared machine only ever adds.
   */
  public @Nullable Double bestCpuRatio() {
    Double router = least(legs("router"));
    Double relay = least(legs("relay"));
    return router == null || relay == null ? null : Double.valueOf(router / relay);
  }

  private static @Nullable Double least(List<Leg> legs) {
    Double least = null;
    for (Leg leg : legs) {
      Double cpu = leg.cpuMicrosPerMessage();
      if (cpu != null && (least == null || cpu < least)) {
        least = cpu;
      }
    }
    return least;
  }

  /** Median over the rounds of the router's messages per second divided by the relay's. */
  public @Nullable Double throughputRatio() {
    return ratio(Leg::perSecond);
  }

  private @Nullable Double ratio(Function<Leg, @Nullable Double> figure) {
    List<Leg> relay = legs("relay");
    List<@Nullable Double> ratios = new ArrayList<>();
    for (Leg router : relay.isEmpty() ? List.<Leg>of() : legs("router")) {
      Double above = figure.apply(router);
      Double below = figure.apply(relay.get(router.round() - 1));
      ratios.add(above == null || below == null ? null : Double.valueOf(above / below));
    }
    return median(ratios);
  }

  private static @Nullable Double median(List<@Nullable Double> figures) {
    List<Double> sorted = new ArrayList<>();
    for (Double figure : figures) {
      if (figure == null) {
        return null;
      }
      sorted.add(figure);
    }
    sorted.sort(null);
    int count = sorted.size();
    return count == 0
        ? null
        : Double.valueOf((sorted.get((count - 1) / 2) + sorted.get(count / 2)) / 2);
  }

  /** What makes the figures doubtful, a sentence each. */
  public List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    for (Leg leg : legs) {
      warnings.addAll(warnings(leg));
    }
    Double relay = median("relay", Leg::cpuMicrosPerMessage);
    if (relay != null && Reference.isFarSlower(plan, relay)) {
      warnings.add(
          String.format(
              "this run is void: the relay needed %.2f us per %s, far more than %s",
              relay, plan.kind().unit(), Objects.requireNonNull(Reference.of(plan))));
    }
    return warnings;
  }

  private List<String> warnings(Leg leg) {
    String who = leg.target() + ", round " + leg.round() + ": ";
    List<String> warnings = new ArrayList<>();
    if (leg.busiestLoopShare() > BUSY) {
      warnings.add(
          String.format(
              "%sthe generator is the bottleneck (an event loop of it ran %.0f %% of the time)",
              who, leg.busiestLoopShare() * 100));
    }
    if (!plan.isClosedLoop() && leg.sentPerSecond() < plan.rate() * REACHED) {
      warnings.add(
          String.format(
              "%sonly %.0f messages per second left, of %.0f wanted",
              who, leg.sentPerSecond(), plan.rate()));
    }
    if (leg.lagP99Nanos() > LATE_NANOS) {
      warnings.add(
          String.format(
              "%s1 %% of the messages left more than %.1f ms late (their latencies include it)",
              who, leg.lagP99Nanos() / 1e6));
    }
    if (leg.missing() > 0) {
      warnings.add(String.format("%s%,d messages never arrived", who, leg.missing()));
    }
    if (leg.othersShare() != null && leg.othersShare() > LOUD) {
      warnings.add(
          String.format(
              "%sother processes used %.0f %% of the machine", who, leg.othersShare() * 100));
    }
    return warnings;
  }
}
