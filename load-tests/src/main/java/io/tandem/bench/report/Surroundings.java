package io.tandem.bench.report;

import io.tandem.bench.Checkout;
import io.vertx.core.json.JsonObject;

/**
 * Where a run took place.
 *
 * @param commit of the bench, marked when its sources were changed
 */
public record Surroundings(String commit, String jdk, String system, int processors) {

  /** This process and its machine. */
  public static Surroundings here() {
    return new Surroundings(
        Checkout.commit(),
        Runtime.version().toString(),
        System.getProperty("os.name") + " " + System.getProperty("os.arch"),
        Runtime.getRuntime().availableProcessors());
  }

  /** Part of every line in load-tests/results. */
  public JsonObject json() {
    return new JsonObject()
        .put("commit", commit)
        .put("jdk", jdk)
        .put("system", system)
        .put("processors", processors);
  }
}
