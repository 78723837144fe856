package io.tandem.bench.logins;

import io.tandem.bench.BenchException;
import io.tandem.bench.Processes;
import io.tandem.bench.Waiting;
import io.tandem.bench.cluster.BenchNode;
import io.tandem.bench.cluster.LocalCluster;
import io.tandem.bench.hostile.Keep;
import io.tandem.client.ClientOptions;
import io.tandem.client.ClientSession;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Clients that connect, log in and leave, over and over, by one way after the other. */
public final class LoginsRun {

  private static final long LONGEST = Duration.ofMinutes(1).toNanos();

  /**
   * What to do.
   *
   * @param clients at a time
   * @param warmup before each measurement
   * @param lasts each measurement
   */
  public record Plan(List<Way> ways, int clients, Duration warmup, Duration lasts) {}

  /**
   * What came of one way.
   *
   * @param perSecond logins
   * @param nodeMicros CPU of the node for a login, connecting and leaving included; null where the
   *     system does not tell
   * @param clientMicros the same of the clients
   * @param p50Millis from connecting to WELCOME
   */
  record Outcome(
      Way way,
      double perSecond,
      @Nullable Double nodeMicros,
      @Nullable Double clientMicros,
      double p50Millis,
      double p99Millis) {

    String line() {
      return String.format(
          "%-12s %,8.0f/s  node %s  clients %s  p50 %6.2f ms  p99 %6.2f ms",
          way.name().toLowerCase(Locale.ROOT),
          perSecond,
          micros(nodeMicros),
          micros(clientMicros),
          p50Millis,
          p99Millis);
    }

    private static String micros(@Nullable Double cpu) {
      return cpu == null ? "?" : String.format("%5.0f us", cpu);
    }

    JsonObject json() {
      return new JsonObject()
          .put("way", way.name().toLowerCase(Locale.ROOT))
          .put("perSecond", perSecond)
          .put("nodeMicros", nodeMicros)
          .put("clientMicros", clientMicros)
          .put("p50Millis", p50Millis)
          .put("p99Millis", p99Millis);
    }
  }

  /** All of it. */
  public record Report(List<Outcome> outcomes) {

    public Report {
      outcomes = List.copyOf(outcomes);
    }

    public List<String> lines() {
      return outcomes.stream().map(Outcome::line).toList();
    }

    public JsonObject json() {
      JsonArray ways = new JsonArray();
      outcomes.forEach(outcome -> ways.add(outcome.json()));
      return new JsonObject().put("ways", ways);
    }
  }

  private final Plan plan;
  private final Vertx vertx;
  private final BenchNode node;
  private final Keep keep;

  private LoginsRun(Plan plan, Vertx vertx, BenchNode node, Keep keep) {
    this.plan = plan;
    this.vertx = vertx;
    this.node = node;
    this.keep = keep;
  }

  /** Starts a node and measures it. */
  public static Report run(Plan plan, Consumer<String> tell) {
    try (Keep keep = Keep.make()) {
      LocalCluster.Settings settings = LocalCluster.Settings.USUAL.with(keep.configuration());
      return Waiting.onOneLoop(
          vertx -> {
            try (LocalCluster cluster = LocalCluster.onLoopback(1, settings, tell)) {
              LoginsRun run = new LoginsRun(plan, vertx, cluster.nodes().get(0), keep);
              List<Outcome> outcomes = new ArrayList<>();
              for (Way way : plan.ways) {
                Outcome outcome = run.measure(way);
                tell.accept(outcome.line());
                outcomes.add(outcome);
              }
              return new Report(outcomes);
            }
          });
    }
  }

  private Outcome measure(Way way) {
    Visitors visitors = new Visitors(way);
    vertx.runOnContext(start -> visitors.come(plan.clients));
    Waiting.pause(plan.warmup);
    Processes nodes = new Processes(List.of(node.pid()));
    Processes own = new Processes(List.of(ProcessHandle.current().pid()));
    Waiting.of("the clients hang", visitors.measure(true));
    long from = System.nanoTime();
    Long nodeBefore = nodes.cpuNanos();
    Long ownBefore = own.cpuNanos();
    Waiting.pause(plan.lasts);
    Waiting.of("the clients hang", visitors.measure(false));
    double seconds = (System.nanoTime() - from) / 1e9;
    Double nodeCpu = micros(nodeBefore, nodes.cpuNanos(), visitors.count);
    Double ownCpu = micros(ownBefore, own.cpuNanos(), visitors.count);
    Waiting.of("the clients hang", visitors.leave());
    return new Outcome(
        way,
        visitors.count / seconds,
        nodeCpu,
        ownCpu,
        visitors.latencies.getValueAtPercentile(50) / 1e6,
        visitors.latencies.getValueAtPercentile(99) / 1e6);
  }

  private static @Nullable Double micros(@Nullable Long before, @Nullable Long after, long count) {
    return before == null || after == null || count == 0 ? null : (after - before) / 1e3 / count;
  }

  /** Clients that come and go. Belongs to the loop. */
  private final class Visitors {
    private final ClientOptions options;
    private final Histogram latencies = new Histogram(LONGEST, 3);
    private final Promise<Void> gone = Promise.promise();
    private volatile long count;
    private boolean measured;
    private boolean leaves;
    private int here;

    Visitors(Way way) {
      options = ClientOptions.to(node.url(), way.realm()).withAuthentication(way.of(keep.joe()));
    }

    void come(int clients) {
      for (here = 0; here < clients; here++) {
        comeAgain();
      }
    }

    private void comeAgain() {
      if (leaves) {
        if (--here == 0) {
          gone.tryComplete();
        }
        return;
      }
      long from = System.nanoTime();
      ClientSession.connect(vertx, options)
          .onSuccess(
              session -> {
                if (measured) {
                  latencies.recordValue(Math.min(System.nanoTime() - from, LONGEST));
                  count = latencies.getTotalCount();
                }
                session.close().onComplete(left -> comeAgain());
              })
          .onFailure(failure -> gone.tryFail(BenchException.because("a login failed", failure)));
    }

    /** Logins count from now on, or no longer. */
    Future<Void> measure(boolean wanted) {
      return onLoop(() -> measured = wanted);
    }

    private Future<Void> onLoop(Runnable what) {
      Promise<Void> done = Promise.promise();
      vertx.runOnContext(
          now -> {
            what.run();
            done.complete();
          });
      return gone.future().failed() ? gone.future() : done.future();
    }

    Future<Void> leave() {
      return onLoop(() -> leaves = true).compose(told -> gone.future());
    }
  }
}
