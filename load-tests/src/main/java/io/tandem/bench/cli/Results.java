package io.tandem.bench.cli;

import io.tandem.bench.BenchException;
import io.tandem.bench.Checkout;
import io.tandem.bench.report.Surroundings;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** The lines in load-tests/results. */
final class Results {

  private Results() {}

  /** What every line begins with: when, what, where, and how busy the machine was. */
  static JsonObject line(List<String> command) {
    return new JsonObject()
        .put("at", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
        .mergeIn(Surroundings.here().json())
        .put("loadAverage", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage())
        .put("command", "./tandem " + String.join(" ", command));
  }

  /** Appends a line to a file and returns the file. */
  static Path append(String file, JsonObject line) {
    Path results = Checkout.home().resolve("load-tests/results/" + file + ".jsonl");
    try {
      return Files.writeString(
          results, line.encode() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException failure) {
      throw new BenchException(
          "cannot append to " + results + ": " + failure.getMessage(), failure);
    }
  }
}
