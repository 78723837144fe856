package io.tandem.bench.report;

import io.tandem.bench.report.Plot.Line;
import io.tandem.bench.report.Plot.Point;
import io.tandem.bench.report.Plot.Tick;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/** A report as a page that needs nothing but itself. */
public final class HtmlReport {

  private static final double MOST_NINES = 5;
  private static final int MAX_TIME_TICKS = 8;

  private final Report report;

  private HtmlReport(Report report) {
    this.report = report;
  }

  public static String of(Report report) {
    return new HtmlReport(report).page();
  }

  private String page() {
    Surroundings around = report.surroundings();
    return template()
        .replace("${command}", escape(report.command()))
        .replace(
            "${surroundings}",
            escape(
                String.format(
                    "%s · commit %s · JDK %s · %s, %d processors",
                    report.at(),
                    around.commit(),
                    around.jdk(),
                    around.system(),
                    around.processors())))
        .replace("${text}", escape(String.join("\n", TextReport.lines(report))))
        .replace("${latency}", latency())
        .replace("${throughput}", overTime("Throughput", Sample::perSecond))
        .replace(
            "${latencyOverTime}", overTime("99th percentile", sample -> sample.p99Nanos() / 1e6))
        .replace("${unit}", report.plan().kind().unit())
        .replace("${units}", report.plan().kind().units());
  }

  private static String template() {
    try (InputStream in = HtmlReport.class.getResourceAsStream("report.html")) {
      return new String(
          Objects.requireNonNull(in, "report.html").readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /** Latency by percentile: each step to the right is one nine more, each step up ten times. */
  private String latency() {
    List<Line> lines = new ArrayList<>();
    double lowest = Double.MAX_VALUE;
    double highest = 1;
    for (String target : report.targets()) {
      Histogram latencies = report.latencies(target);
      if (latencies.getTotalCount() == 0) {
        continue;
      }
      List<Point> points = new ArrayList<>();
      double nines = Math.min(MOST_NINES, Math.log10((double) latencies.getTotalCount()));
      for (double x = 0; x <= nines; x += 0.05) {
        double micros = latencies.getValueAtPercentile(100 * (1 - Math.pow(10, -x))) / 1e3;
        points.add(new Point(x, Math.log10(Math.max(1, micros))));
      }
      lowest = Math.min(lowest, points.get(0).y());
      highest = Math.max(highest, points.get(points.size() - 1).y());
      lines.add(new Line(target, target, points));
    }
    List<Tick> nines =
        List.of(
            new Tick(0, "0 %"),
            new Tick(1, "90 %"),
            new Tick(2, "99 %"),
            new Tick(3, "99.9 %"),
            new Tick(4, "99.99 %"),
            new Tick(MOST_NINES, "99.999 %"));
    int from = lines.isEmpty() ? 0 : (int) Math.floor(lowest);
    List<Tick> decades = new ArrayList<>();
    for (int decade = from; decade <= Math.max(from + 1, (int) Math.ceil(highest)); decade++) {
      decades.add(new Tick(decade, decade(decade)));
    }
    return Plot.draw("Latency by percentile", "percentile", nines, decades, lines);
  }

  private static String decade(int exponent) {
    String one = "1" + "0".repeat(exponent % 3);
    return one
        + switch (exponent / 3) {
          case 0 -> " us";
          case 1 -> " ms";
          default -> " s";
        };
  }

  private String overTime(String title, ToDoubleFunction<Sample> figure) {
    List<Line> lines = new ArrayList<>();
    double seconds = 1;
    double highest = 0;
    for (Leg leg : report.legs()) {
      List<Point> points = new ArrayList<>();
      for (Sample sample : leg.samples()) {
        points.add(new Point(sample.atSeconds(), figure.applyAsDouble(sample)));
        seconds = Math.max(seconds, sample.atSeconds());
        highest = Math.max(highest, figure.applyAsDouble(sample));
      }
      lines.add(new Line(leg.target(), leg.target() + " " + leg.round(), points));
    }
    return Plot.draw(title, "seconds", ticks(seconds), ticks(highest == 0 ? 1 : highest), lines);
  }

  /** Round numbers from 0 to the first one that is not below the highest value. */
  private static List<Tick> ticks(double highest) {
    double step = Math.pow(10, Math.floor(Math.log10(highest / MAX_TIME_TICKS)));
    for (double factor : new double[] {2, 2.5, 2}) {
      if (highest / step > MAX_TIME_TICKS) {
        step *= factor;
      }
    }
    int decimals = (int) Math.max(0, Math.ceil(-Math.log10(step)));
    List<Tick> ticks = new ArrayList<>();
    for (int i = 0; ticks.size() < 2 || (i - 1) * step < highest; i++) {
      ticks.add(new Tick(i * step, String.format(Locale.ROOT, "%,." + decimals + "f", i * step)));
    }
    return ticks;
  }
}
