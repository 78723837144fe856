package io.tandem.bench.hostile;

import io.tandem.bench.Waiting;
import io.tandem.bench.cluster.LocalCluster;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** An honest client beside something else, and what it did not get. For one thread. */
public final class Beside {

  private static final Duration LAST_ANSWERS = Duration.ofSeconds(30);
  private static final String HANGS = "the honest client hangs";

  private final Honest honest;

  private Beside(Honest honest) {
    this.honest = honest;
  }

  /** Begins; returns when it has joined. */
  public static Beside begin(Vertx vertx, String url) {
    Honest honest = new Honest(vertx, url, url, LocalCluster.REALM);
    Waiting.of("the honest client cannot join", honest.start());
    return new Beside(honest);
  }

  /** Ends it; returns what it did not get, and how often. */
  public Map<String, Long> end() {
    Waiting.of(HANGS, honest.stop());
    Waiting.isSoon(
        LAST_ANSWERS,
        () -> Waiting.of(HANGS, honest.samples()).stream().allMatch(Honest.Sample::isAnswered));
    Map<String, Long> failures = new TreeMap<>();
    for (Honest.Sample sample : Waiting.of(HANGS, honest.samples())) {
      String failure = sample.isAnswered() ? sample.failure() : "no answer";
      if (failure != null) {
        failures.merge(sample.wish() + ": " + failure, 1L, Long::sum);
      }
    }
    return failures;
  }
}
