package io.tandem.bench.cluster;

import io.tandem.client.Arguments;
import io.tandem.client.ClientOptions;
import io.tandem.client.ClientSession;
import io.tandem.client.RegisterOptions;
import io.tandem.client.WampException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * Clients of the nodes that stay while another one stops: each registers and subscribes all the
 * time, and calls a procedure whose callees are all on the node that stops until they come back
 * elsewhere.
 */
final class Survivor {

  private static final String SHARED = "bench.stops.shared";
  private static final String UNAVAILABLE = "wamp.error.unavailable";
  private static final long EVERY_MILLIS = 20;
  private static final long AGAIN_MILLIS = 50;
  private static final int CALLEES = 2;

  /** Latencies in milliseconds. */
  record Latency(double median, double p99, double max) {

    static Latency of(List<Double> samples) {
      if (samples.isEmpty()) {
        return new Latency(0, 0, 0);
      }
      List<Double> sorted = samples.stream().sorted().toList();
      return new Latency(at(sorted, 0.5), at(sorted, 0.99), at(sorted, 1));
    }

    private static double at(List<Double> sorted, double share) {
      return sorted.get((int) Math.min(sorted.size() - 1L, (long) (share * sorted.size())));
    }

    @Override
    public String toString() {
      return "%.0f / %.0f / %.0f".formatted(median, p99, max);
    }
  }

  /**
   * What they saw.
   *
   * @param before latency of REGISTER and SUBSCRIBE before the stop
   * @param during likewise since then
   * @param refused of these requests
   * @param calls of the shared procedure since then
   * @param moving of these were refused since the procedure moves
   * @param failed of these otherwise
   */
  record Seen(
      Latency before,
      Latency during,
      long refused,
      long calls,
      long moving,
      long failed,
      String why) {

    JsonObject json() {
      return new JsonObject()
          .put("medianBefore", before.median())
          .put("p99Before", before.p99())
          .put("maxBefore", before.max())
          .put("median", during.median())
          .put("p99", during.p99())
          .put("max", during.max())
          .put("refused", refused)
          .put("calls", calls)
          .put("moving", moving)
          .put("failed", failed);
    }

    @Override
    public String toString() {
      return "before "
          + before
          + ", since "
          + during
          + ", refused "
          + refused
          + ", calls "
          + calls
          + ", while it moved "
          + moving
          + ", failed "
          + failed
          + (why.isEmpty() ? "" : " (" + why + ")");
    }
  }

  private final Vertx vertx;
  private final Context context;
  private final List<BenchNode> survivors;
  private final BenchNode leaver;
  private final List<ClientSession> sessions = new ArrayList<>();
  private final List<Double> before = new ArrayList<>();
  private final List<Double> since = new ArrayList<>();
  private boolean during;
  private boolean over;
  private long number;
  private long refused;
  private long calls;
  private long moving;
  private long failed;
  private String why = "";

  Survivor(Vertx vertx, List<BenchNode> survivors, BenchNode leaver) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.survivors = survivors;
    this.leaver = leaver;
  }

  /** Begins; completes when all have joined. */
  Future<Void> start() {
    Promise<Void> joined = Promise.promise();
    context.runOnContext(
        here -> {
          List<Future<?>> all = new ArrayList<>();
          for (int i = 0; i < CALLEES; i++) {
            all.add(serve(leaver.url(), i));
          }
          survivors.forEach(node -> all.add(join(node)));
          Future.all(all).<Void>mapEmpty().onComplete(joined);
        });
    return joined.future();
  }

  /** A callee of the shared procedure; when its session ends, it goes on at another node. */
  private Future<?> serve(String url, int callee) {
    return connect(url)
        .compose(
            session -> {
              session
                  .closed()
                  .onSuccess(gone -> again(survivors.get(callee % survivors.size()).url(), callee));
              return session.register(
                  SHARED,
                  RegisterOptions.DEFAULT.withInvoke(RegisterOptions.Invoke.ROUNDROBIN),
                  call -> Future.succeededFuture(Arguments.none()));
            });
  }

  private void again(String url, int callee) {
    if (!over) {
      serve(url, callee)
          .onFailure(failure -> vertx.setTimer(AGAIN_MILLIS, due -> again(url, callee)));
    }
  }

  private Future<?> join(BenchNode node) {
    return connect(node.url())
        .onSuccess(
            session -> {
              register(session);
              subscribe(session);
              call(session);
            });
  }

  private Future<ClientSession> connect(String url) {
    return ClientSession.connect(vertx, ClientOptions.to(url, LocalCluster.REALM))
        .onSuccess(sessions::add);
  }

  private void register(ClientSession session) {
    long begun = System.nanoTime();
    session
        .register("bench.stops.p" + ++number, call -> Future.succeededFuture(Arguments.none()))
        .compose(
            registered -> {
              took(begun);
              return session.unregister(registered);
            })
        .onFailure(this::refused)
        .onComplete(done -> later(() -> register(session)));
  }

  private void subscribe(ClientSession session) {
    long begun = System.nanoTime();
    session
        .subscribe("bench.stops.t" + ++number, event -> {})
        .compose(
            subscribed -> {
              took(begun);
              return session.unsubscribe(subscribed);
            })
        .onFailure(this::refused)
        .onComplete(done -> later(() -> subscribe(session)));
  }

  private void call(ClientSession session) {
    session
        .call(SHARED, Arguments.none())
        .onComplete(
            done -> {
              if (during && !over) {
                calls++;
                if (done.failed()) {
                  failed(done.cause());
                }
              }
              later(() -> call(session));
            });
  }

  private void failed(Throwable failure) {
    if (failure instanceof WampException error && error.error().equals(UNAVAILABLE)) {
      moving++;
    } else {
      failed++;
      why = String.valueOf(failure.getMessage());
    }
  }

  private void refused(Throwable failure) {
    if (!over) {
      refused++;
      why = String.valueOf(failure.getMessage());
    }
  }

  private void later(Runnable task) {
    if (!over) {
      vertx.setTimer(EVERY_MILLIS, due -> task.run());
    }
  }

  private void took(long begun) {
    (during ? since : before).add((System.nanoTime() - begun) / 1e6);
  }

  /** The nodes are warm: what was measured does not count. */
  void warm() {
    context.runOnContext(here -> before.clear());
  }

  /** The stop begins. */
  void during() {
    context.runOnContext(here -> during = true);
  }

  /** Ends them and tells what they saw. */
  Future<Seen> stop() {
    Promise<Seen> seen = Promise.promise();
    context.runOnContext(
        here -> {
          over = true;
          Seen all =
              new Seen(Latency.of(before), Latency.of(since), refused, calls, moving, failed, why);
          Future.join(sessions.stream().map(ClientSession::close).toList())
              .onComplete(closed -> seen.complete(all));
        });
    return seen.future();
  }
}
