package io.tandem.bench.cluster;

import io.tandem.client.Arguments;
import io.tandem.client.ClientOptions;
import io.tandem.client.ClientSession;
import io.tandem.client.CloseReason;
import io.tandem.client.Event;
import io.tandem.client.SessionClosedException;
import io.tandem.client.WampException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls from every node to every node at a fixed rate, whatever comes back, and events likewise. On
 * each node there is one session that calls and publishes, and one that answers and listens; they
 * do not come back when they have ended. All of it runs on one event loop; the questions are asked
 * from another thread, when the load has stopped.
 */
final class Traffic {

  private static final String PROCEDURE = "bench.faults.echo.";
  private static final String TOPIC = "bench.faults.news";
  private static final long TICK_MILLIS = 5L;

  /**
   * A call and what came of it. Times are {@link System#nanoTime}'s.
   *
   * @param due when it was meant to be made
   * @param answered its end, 0 while there is none
   * @param failure the error's URI, {@code closed} when the caller's session ended before; null for
   *     a result
   */
  record OneCall(int from, int to, long due, long answered, @Nullable String failure) {

    boolean isAnswered() {
      return answered != 0;
    }

    /** The time until its end. */
    long nanos() {
      return answered - due;
    }
  }

  /** The end of a session of the load. */
  record End(int node, long at, CloseReason reason) {}

  /** What the subscriber on one node has of the publisher on another one. */
  static final class Feed {
    private long last;
    private long received;
    private long missing;
    private long repeated;

    private void take(long number) {
      received++;
      if (last != 0 && number > last + 1) {
        missing += number - last - 1;
      } else if (number <= last) {
        repeated++;
      }
      last = Math.max(last, number);
    }

    long received() {
      return received;
    }

    long missing() {
      return missing;
    }

    /** Events that came twice or in the wrong order. */
    long repeated() {
      return repeated;
    }
  }

  private final Context context;
  private final Vertx vertx;
  private final List<BenchNode> nodes;
  private final double callsPerSecond;
  private final double eventsPerSecond;

  private final List<ClientSession> callers = new ArrayList<>();
  private final List<ClientSession> callees = new ArrayList<>();
  private final List<End> ends = new ArrayList<>();
  private final List<OneCall> calls = new ArrayList<>();
  private final Map<List<Integer>, Feed> feeds = new HashMap<>();
  private final long[] published;
  private final boolean[] over;

  private long begun;
  private long timer;
  private long callsMade;
  private long eventsMade;
  private long lastTick;
  private long longestPause;
  private long underWay;

  Traffic(Vertx vertx, List<BenchNode> nodes, double callsPerSecond, double eventsPerSecond) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.nodes = nodes;
    this.callsPerSecond = callsPerSecond;
    this.eventsPerSecond = eventsPerSecond;
    this.published = new long[nodes.size()];
    this.over = new boolean[nodes.size()];
  }

  private <T> Future<T> here(Supplier<Future<T>> task) {
    Promise<T> done = Promise.promise();
    context.runOnContext(now -> task.get().onComplete(done));
    return done.future();
  }

  /** Joins all sessions and begins the load. */
  Future<Void> start() {
    return here(() -> join(0))
        .compose(
            joined ->
                here(
                    () -> {
                      begun = System.nanoTime();
                      lastTick = begun;
                      timer = vertx.setPeriodic(TICK_MILLIS, tick -> tick());
                      return Future.succeededFuture();
                    }));
  }

  private Future<Void> join(int node) {
    if (node == nodes.size()) {
      return Future.succeededFuture();
    }
    return session(node)
        .compose(
            callee -> {
              callees.add(callee);
              return callee
                  .register(procedure(node), call -> Future.succeededFuture(call.arguments()))
                  .compose(registered -> callee.subscribe(TOPIC, event -> received(node, event)));
            })
        .compose(subscribed -> session(node))
        .compose(
            caller -> {
              callers.add(caller);
              return join(node + 1);
            });
  }

  private Future<ClientSession> session(int node) {
    return ClientSession.connect(vertx, ClientOptions.to(nodes.get(node).url(), LocalCluster.REALM))
        .onSuccess(
            session ->
                session
                    .closed()
                    .onSuccess(
                        reason -> {
                          over[node] = true;
                          ends.add(new End(node, System.nanoTime(), reason));
                        }));
  }

  // ---- the load ----

  private void tick() {
    long now = System.nanoTime();
    longestPause =
        Math.max(longestPause, now - lastTick - TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS));
    lastTick = now;
    int pairs = nodes.size() * nodes.size();
    for (; due(callsMade, callsPerSecond) - now <= 0; callsMade++) {
      call(due(callsMade, callsPerSecond), (int) (callsMade % pairs));
    }
    for (; due(eventsMade, eventsPerSecond) - now <= 0; eventsMade++) {
      publish((int) (eventsMade % nodes.size()));
    }
  }

  private long due(long number, double perSecond) {
    return begun + (long) (number * 1e9 / perSecond);
  }

  private void call(long due, int pair) {
    int from = pair / nodes.size();
    int to = pair % nodes.size();
    if (over[from]) {
      return;
    }
    int index = calls.size();
    calls.add(new OneCall(from, to, due, 0, null));
    underWay++;
    callers
        .get(from)
        .call(procedure(to), Arguments.of(index))
        .onComplete(
            outcome -> {
              underWay--;
              String failure = outcome.succeeded() ? null : word(outcome.cause());
              calls.set(index, new OneCall(from, to, due, System.nanoTime(), failure));
            });
  }

  private static String word(Throwable failure) {
    if (failure instanceof WampException error) {
      return error.error();
    }
    return failure instanceof SessionClosedException ? "closed" : failure.toString();
  }

  private void publish(int from) {
    if (!over[from]) {
      callers.get(from).publish(TOPIC, Arguments.of(from, ++published[from]));
    }
  }

  private void received(int node, Event event) {
    int from = event.arguments().arg(0, Number.class).intValue();
    long number = event.arguments().arg(1, Number.class).longValue();
    feeds.computeIfAbsent(List.of(from, node), pair -> new Feed()).take(number);
  }

  // ---- the end ----

  /** Stops the load; what is under way goes on. */
  Future<Void> stop() {
    return here(
        () -> {
          vertx.cancelTimer(timer);
          return Future.succeededFuture();
        });
  }

  /** How many calls have no answer yet. */
  Future<Long> underWay() {
    return here(() -> Future.succeededFuture(underWay));
  }

  /** Ends all sessions that have not ended. */
  Future<Void> close() {
    return here(
        () -> {
          List<Future<CloseReason>> closing = new ArrayList<>();
          callers.forEach(session -> closing.add(session.close()));
          callees.forEach(session -> closing.add(session.close()));
          return Future.join(closing).mapEmpty();
        });
  }

  /** A copy of what is known by now. */
  Future<Outcome> outcome() {
    return here(
        () ->
            Future.succeededFuture(
                new Outcome(
                    List.copyOf(calls), List.copyOf(ends), Map.copyOf(feeds), longestPause)));
  }

  /** The procedure that a node's callee offers. */
  static String procedure(int node) {
    return PROCEDURE + node;
  }

  /**
   * What came of the load.
   *
   * @param feeds by publisher's and subscriber's node
   * @param longestPause how late the load itself was at most, in nanoseconds
   */
  record Outcome(
      List<OneCall> calls, List<End> ends, Map<List<Integer>, Feed> feeds, long longestPause) {}
}
