package io.tandem.bench.report;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A report for the terminal. */
public final class TextReport {

  private TextReport() {}

  public static List<String> lines(Report report) {
    String unit = report.plan().kind().unit();
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            "%-9s %13s %9s %9s %9s %9s %15s %8s %6s %6s",
            "",
            report.plan().kind().units() + "/s",
            "p50 ms",
            "p99 ms",
            "p99.9 ms",
            "max ms",
            "CPU us/" + unit,
            "RSS MB",
            "gen %",
            "oth %"));
    for (Leg leg : report.legs()) {
      lines.add(
          String.format(
              "%-9s %,13.0f %9.3f %9.3f %9.3f %9.3f %15s %8s %6.0f %6s",
              leg.target() + " " + leg.round(),
              leg.perSecond(),
              leg.latencyMicros(50) / 1e3,
              leg.latencyMicros(99) / 1e3,
              leg.latencyMicros(99.9) / 1e3,
              leg.latencyMicros(100) / 1e3,
              figure("%.2f", leg.cpuMicrosPerMessage()),
              figure("%.0f", megabytes(leg.residentBytes())),
              leg.busiestLoopShare() * 100,
              figure("%.0f", percent(leg.othersShare()))));
    }
    Double cpu = report.cpuRatio();
    Double throughput = report.throughputRatio();
    if (throughput != null) {
      lines.add(
          String.format(
              "router / relay: CPU per %s %s, throughput %.2f (medians of the rounds);"
                  + " CPU of the cheapest rounds %s",
              unit, figure("%.2f", cpu), throughput, figure("%.2f", report.bestCpuRatio())));
    }
    String reference = Reference.of(report.plan());
    Double relay = report.median("relay", Leg::cpuMicrosPerMessage);
    if (reference != null && relay != null) {
      lines.add(String.format("relay: %.2f us per %s; compare %s", relay, unit, reference));
    }
    report.warnings().forEach(warning -> lines.add("warning: " + warning));
    return lines;
  }

  private static String figure(String format, @Nullable Double figure) {
    return figure == null ? "n/a" : String.format(format, figure);
  }

  private static @Nullable Double megabytes(@Nullable Long octets) {
    return octets == null ? null : Double.valueOf(octets / 1e6);
  }

  private static @Nullable Double percent(@Nullable Double share) {
    return share == null ? null : Double.valueOf(share * 100);
  }
}
