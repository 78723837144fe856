package io.tandem.bench.drain;

import io.tandem.client.Arguments;
import io.tandem.client.ClientSession;
import io.tandem.client.Invocation;
import io.tandem.client.RegisterOptions;
import io.tandem.client.RegisterOptions.Invoke;
import io.tandem.client.SessionClosedException;
import io.tandem.client.WampException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Calls at a steady rate through clients that reconnect, answered by callees that share one
 * procedure and reconnect as well. A call that is cut is made again by the next caller that is
 * connected. Beside them events, as {@link EventTally} judges them. Lives on one event loop of its
 * own; every method is called there.
 */
public final class SteadyLoad {

  private static final long PERIOD_MILLIS = 10;

  private static final Future<Void> NOTHING = Future.succeededFuture();

  private final Vertx vertx;
  private final SteadyPlan plan;
  private final Tally tally = new Tally();
  private final List<Reconnecting> callers = new ArrayList<>();
  private final List<Reconnecting> callees = new ArrayList<>();
  private final SteadyEvents events;
  private double due;
  private double eventsDue;
  private int turn;

  public SteadyLoad(Vertx vertx, SteadyPlan plan) {
    this.vertx = vertx;
    this.plan = plan;
    this.events = new SteadyEvents(vertx, plan);
    for (int i = 0; i < plan.clients(); i++) {
      callees.add(new Reconnecting(vertx, plan.urls(), i, plan.realm(), this::offer));
      callers.add(
          new Reconnecting(
              vertx, plan.urls(), i, plan.realm(), session -> Future.succeededFuture()));
    }
  }

  private Future<?> offer(ClientSession session) {
    return session.register(
        plan.procedure(), RegisterOptions.DEFAULT.withInvoke(Invoke.ROUNDROBIN), this::work);
  }

  private Future<Arguments> work(Invocation invocation) {
    Promise<Arguments> done = Promise.promise();
    vertx.setTimer(
        Math.max(1, plan.work().toMillis()),
        id -> {
          tally.calleeAnswers(invocation.arguments().arg(0, Long.class));
          done.complete(invocation.arguments());
        });
    return done.future();
  }

  /** Connects everybody, loads, waits for what is open; tells how it went. */
  public Future<Outcome> run() {
    return connect(callees)
        .compose(offered -> connect(callers))
        .compose(connected -> plan.events() > 0 ? connect(events.subscribers()) : NOTHING)
        .compose(connected -> plan.events() > 0 ? connect(events.publishers()) : NOTHING)
        .compose(connected -> load())
        .compose(loaded -> until(plan.patience(), this::isOver).otherwiseEmpty())
        .map(over -> new Outcome(isWhole(), toString()))
        .compose(
            outcome ->
                leave(callers)
                    .compose(left -> leave(callees))
                    .compose(left -> leave(events.publishers()))
                    .compose(left -> leave(events.subscribers()))
                    .map(left -> outcome));
  }

  private Future<Void> connect(List<Reconnecting> clients) {
    clients.forEach(Reconnecting::connect);
    return until(plan.patience(), () -> isConnected(clients));
  }

  private boolean isOver() {
    return tally.open() == 0 && events.tally().missing() == 0;
  }

  private boolean isWhole() {
    return tally.isWhole()
        && tally.results() > 0
        && (plan.events() == 0 || events.tally().isWhole());
  }

  /**
   * How a load went.
   *
   * @param whole whether there were results, and every call that could be answered was, and no
   *     event is missing
   * @param report a line for calls, after one for events
   */
  public record Outcome(boolean whole, String report) {}

  private static boolean isConnected(List<Reconnecting> clients) {
    return clients.stream().allMatch(client -> client.session() != null);
  }

  private static Future<?> leave(List<Reconnecting> clients) {
    return Future.join(clients.stream().map(client -> (Future<?>) client.leave()).toList())
        .otherwiseEmpty();
  }

  private Future<Void> load() {
    long end = System.nanoTime() + plan.duration().toNanos();
    double each = plan.rate() * PERIOD_MILLIS / 1000;
    double eachEvent = plan.events() * PERIOD_MILLIS / 1000;
    Promise<Void> over = Promise.promise();
    vertx.setPeriodic(
        PERIOD_MILLIS,
        id -> {
          if (System.nanoTime() >= end) {
            vertx.cancelTimer(id);
            over.complete();
            return;
          }
          due += each;
          while (due >= 1 && callOnce()) {
            due--;
          }
          eventsDue += eachEvent;
          while (eventsDue >= 1 && events.publishOnce()) {
            eventsDue--;
          }
        });
    return over.future();
  }

  /** One call; false when nobody is connected. */
  private boolean callOnce() {
    for (int i = 0; i < callers.size(); i++) {
      ClientSession session = callers.get(turn++ % callers.size()).session();
      if (session != null) {
        call(session);
        return true;
      }
    }
    return false;
  }

  private void call(ClientSession session) {
    long number = tally.begin();
    session
        .call(plan.procedure(), Arguments.of(number))
        .onSuccess(result -> tally.result(number, result.arg(0, Long.class)))
        .onFailure(failure -> failed(number, failure));
  }

  private void failed(long number, Throwable failure) {
    if (failure instanceof SessionClosedException) {
      tally.cut(number);
      // Made again, in the place of a new one, by whoever is connected.
      due++;
    } else {
      tally.error(failure instanceof WampException wamp ? wamp.error() : failure.toString());
    }
  }

  private Future<Void> until(Duration patience, BooleanSupplier condition) {
    long deadline = System.nanoTime() + patience.toNanos();
    Promise<Void> met = Promise.promise();
    vertx.setPeriodic(
        PERIOD_MILLIS,
        id -> {
          if (condition.getAsBoolean()) {
            vertx.cancelTimer(id);
            met.complete();
          } else if (System.nanoTime() >= deadline) {
            vertx.cancelTimer(id);
            met.fail("not within " + patience.toSeconds() + " s");
          }
        });
    return met.future();
  }

  @Override
  public String toString() {
    return (plan.events() > 0 ? events.tally() + System.lineSeparator() : "")
        + tally
        + "; "
        + callers.stream().mapToInt(Reconnecting::reconnects).sum()
        + " reconnects of callers, "
        + callees.stream().mapToInt(Reconnecting::reconnects).sum()
        + " of callees";
  }
}
