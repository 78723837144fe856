package io.tandem.bench.cli;

import io.tandem.bench.Processes;
import io.tandem.bench.load.Generator;
import io.tandem.bench.load.LoadPlan;
import io.tandem.bench.report.Leg;
import io.tandem.bench.report.Sample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** A load that runs already, measured once: counters at both ends and a sample each second. */
final class Measurement {

  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  /** How long messages under way are waited for at the end. */
  private static final long PATIENCE = Duration.ofSeconds(20).toNanos();

  private final Generator generator;
  private final LoadPlan plan;
  private final Processes processes;
  private final Consumer<String> progress;
  private final Processes own = new Processes(List.of(ProcessHandle.current().pid()));
  private final Histogram latencies = new Histogram(3);
  private final List<Sample> samples = new ArrayList<>();

  Measurement(Generator generator, LoadPlan plan, Processes processes, Consumer<String> progress) {
    this.generator = generator;
    this.plan = plan;
    this.processes = processes;
    this.progress = progress;
  }

  /** Counters at one moment, times in nanoseconds. */
  private record Reading(
      long at,
      long sent,
      long received,
      @Nullable Long target,
      @Nullable Long own,
      List<Long> loops,
      @Nullable Long machine) {}

  private Reading read() {
    return new Reading(
        System.nanoTime(),
        generator.sent(),
        generator.received(),
        processes.cpuNanos(),
        own.cpuNanos(),
        generator.loopNanos(),
        Processes.machineNanos());
  }

  Leg take(String target, int round, Duration duration) {
    generator.beginMeasuring();
    Reading begin = read();
    Reading end = sampled(target + " " + round, begin, duration.toNanos());
    generator.endMeasuring();
    Long resident = processes.residentBytes();
    long missing = generator.finish(PATIENCE);
    latencies.add(generator.latencies());
    double seconds = (end.at - begin.at) / 1e9;
    Double cpu = seconds(begin.target, end.target);
    Double ownCpu = seconds(begin.own, end.own);
    double capacity = seconds * Runtime.getRuntime().availableProcessors();
    return new Leg(
        target,
        round,
        seconds,
        end.received - begin.received,
        (end.sent - begin.sent) / seconds,
        missing,
        latencies,
        generator.lags().getValueAtPercentile(99),
        cpu,
        resident,
        ownCpu == null ? 0 : ownCpu / capacity,
        busiest(begin.loops, end.loops) / seconds,
        others(seconds(begin.machine, end.machine), cpu, ownCpu, capacity),
        samples);
  }

  private Reading sampled(String name, Reading begin, long nanos) {
    Reading last = begin;
    while (last.at - begin.at < nanos) {
      generator.run(Math.min(SECOND, nanos - (last.at - begin.at)));
      Reading now = read();
      sample(name, begin, last, now);
      last = now;
    }
    return last;
  }

  private void sample(String name, Reading begin, Reading last, Reading now) {
    Histogram second = generator.latencies();
    latencies.add(second);
    double perSecond = (now.received - last.received) * 1e9 / (now.at - last.at);
    Sample sample =
        new Sample(
            (now.at - begin.at) / 1e9,
            perSecond,
            second.getValueAtPercentile(50),
            second.getValueAtPercentile(99));
    samples.add(sample);
    Double cpu = seconds(last.target, now.target);
    long count = now.received - last.received;
    progress.accept(
        String.format(
            "%-9s %5.0f s  %,10.0f %s  p50 %.3f ms  p99 %.3f ms%s",
            name,
            sample.atSeconds(),
            perSecond,
            plan.kind().units() + "/s",
            sample.p50Nanos() / 1e6,
            sample.p99Nanos() / 1e6,
            cpu == null || count == 0
                ? ""
                : String.format("  CPU %.2f us each", cpu * 1e6 / count)));
  }

  private static @Nullable Double seconds(@Nullable Long from, @Nullable Long to) {
    return from == null || to == null ? null : Double.valueOf((to - from) / 1e9);
  }

  private static double busiest(List<Long> from, List<Long> to) {
    long most = 0;
    for (int i = 0; i < from.size(); i++) {
      most = Math.max(most, to.get(i) - from.get(i));
    }
    return most / 1e9;
  }

  /** What neither the target nor the bench used; unknown when either is. */
  private static @Nullable Double others(
      @Nullable Double machine, @Nullable Double target, @Nullable Double own, double capacity) {
    return machine == null || target == null || own == null
        ? null
        : Double.valueOf(Math.max(0, machine - target - own) / capacity);
  }
}
