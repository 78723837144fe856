package io.tandem.bench.report;

import io.tandem.bench.load.LoadPlan;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** A report as JSON: whole, or the one line that is recorded. */
public final class JsonReport {

  private JsonReport() {}

  /** Everything, with a sample for each second. */
  public static JsonObject whole(Report report) {
    JsonArray legs = new JsonArray();
    for (Leg leg : report.legs()) {
      legs.add(leg(leg).put("samples", samples(leg)));
    }
    return head(report).put("legs", legs);
  }

  /** Without the samples. */
  public static JsonObject line(Report report) {
    JsonArray legs = new JsonArray();
    report.legs().forEach(leg -> legs.add(leg(leg)));
    return head(report).put("legs", legs);
  }

  private static JsonObject head(Report report) {
    LoadPlan plan = report.plan();
    JsonArray warnings = new JsonArray();
    report.warnings().forEach(warnings::add);
    return new JsonObject()
        .put("at", report.at().toString())
        .mergeIn(report.surroundings().json())
        .put("command", report.command())
        .put("unit", plan.kind().unit())
        .put("cpuRatio", rounded(report.cpuRatio()))
        .put("bestCpuRatio", rounded(report.bestCpuRatio()))
        .put("throughputRatio", rounded(report.throughputRatio()))
        .put("warnings", warnings);
  }

  private static JsonObject leg(Leg leg) {
    return new JsonObject()
        .put("target", leg.target())
        .put("round", leg.round())
        .put("seconds", rounded(leg.seconds()))
        .put("messages", leg.messages())
        .put("perSecond", rounded(leg.perSecond()))
        .put("sentPerSecond", rounded(leg.sentPerSecond()))
        .put("missing", leg.missing())
        .put("cpuMicrosPerMessage", rounded(leg.cpuMicrosPerMessage()))
        .put("cpuSeconds", rounded(leg.cpuSeconds()))
        .put("residentBytes", leg.residentBytes())
        .put(
            "latencyMicros",
            new JsonObject()
                .put("p50", rounded(leg.latencyMicros(50)))
                .put("p90", rounded(leg.latencyMicros(90)))
                .put("p99", rounded(leg.latencyMicros(99)))
                .put("p99.9", rounded(leg.latencyMicros(99.9)))
                .put("max", rounded(leg.latencyMicros(100))))
        .put("generator", generator(leg))
        .put("others", rounded(leg.othersShare()));
  }

  private static JsonObject generator(Leg leg) {
    return new JsonObject()
        .put("machineShare", rounded(leg.generatorShare()))
        .put("busiestLoop", rounded(leg.busiestLoopShare()))
        .put("lagP99Micros", rounded(leg.lagP99Nanos() / 1e3));
  }

  private static JsonArray samples(Leg leg) {
    JsonArray samples = new JsonArray();
    for (Sample sample : leg.samples()) {
      samples.add(
          new JsonObject()
              .put("at", rounded(sample.atSeconds()))
              .put("perSecond", rounded(sample.perSecond()))
              .put("p50Micros", rounded(sample.p50Nanos() / 1e3))
              .put("p99Micros", rounded(sample.p99Nanos() / 1e3)));
    }
    return samples;
  }

  private static @Nullable Double rounded(@Nullable Double figure) {
    return figure == null ? null : Double.valueOf(Math.round(figure * 1000) / 1000.0);
  }
}
