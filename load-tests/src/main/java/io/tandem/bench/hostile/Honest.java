package io.tandem.bench.hostile;

import io.tandem.client.Arguments;
import io.tandem.client.ClientOptions;
import io.tandem.client.ClientSession;
import io.tandem.client.Event;
import io.tandem.client.PublishOptions;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A client that minds its own business beside hostile ones: it calls its own service, publishes to
 * its own subscriber, subscribes to something new, and connects anew, each at a steady rate and
 * whatever comes back. All of it runs on one event loop.
 */
final class Honest {

  private static final long AGAIN_MILLIS = 200;

  /** What it does, and how often. */
  enum Wish {
    CALL(20),
    PUBLISH(50),
    SUBSCRIBE(200),
    JOIN(1_000);

    private final long everyMillis;

    Wish(long everyMillis) {
      this.everyMillis = everyMillis;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Something it asked for. Times are {@link System#nanoTime}'s.
   *
   * @param due when it was meant to be asked
   * @param answered 0 while there is no answer
   */
  record Sample(Wish wish, long due, long answered, @Nullable String failure) {

    boolean isAnswered() {
      return answered != 0;
    }

    long nanos() {
      return answered - due;
    }
  }

  private final Vertx vertx;
  private final Context context;
  private final String callerUrl;
  private final String calleeUrl;
  private final String realm;
  private final List<Sample> samples = new ArrayList<>();
  private final List<Long> timers = new ArrayList<>();
  private final List<Promise<Void>> awaited = new ArrayList<>();
  private @Nullable ClientSession caller;
  private @Nullable ClientSession callee;
  private boolean joining = true;
  private boolean over;
  private int published;

  /**
   * @param callerUrl where it calls and publishes
   * @param calleeUrl where its service and its subscriber are
   */
  Honest(Vertx vertx, String callerUrl, String calleeUrl, String realm) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.callerUrl = callerUrl;
    this.calleeUrl = calleeUrl;
    this.realm = realm;
  }

  Future<Void> start() {
    Promise<Void> started = Promise.promise();
    context.runOnContext(
        here ->
            join()
                .onSuccess(
                    joined -> {
                      for (Wish wish : Wish.values()) {
                        every(wish);
                      }
                    })
                .onComplete(started));
    return started.future();
  }

  private Future<Void> join() {
    return connect(calleeUrl)
        .compose(
            session -> {
              callee = session;
              return session.register(
                  "com.honest.echo", call -> Future.succeededFuture(call.arguments()));
            })
        .compose(registered -> callee().subscribe("com.honest.news", this::heard))
        .compose(subscribed -> connect(callerUrl))
        .map(
            session -> {
              caller = session;
              joining = false;
              session.closed().onSuccess(ended -> joinAgain());
              callee().closed().onSuccess(ended -> joinAgain());
              return null;
            });
  }

  /** As a well-written client does when it has lost a session. */
  private void joinAgain() {
    if (joining || over) {
      return;
    }
    joining = true;
    caller().close();
    callee().close();
    vertx.setTimer(
        AGAIN_MILLIS,
        due ->
            join()
                .onFailure(
                    failure -> {
                      joining = false;
                      joinAgain();
                    }));
  }

  private void heard(Event event) {
    awaited.get(event.arguments().arg(0, Number.class).intValue()).tryComplete();
  }

  private ClientSession caller() {
    return Objects.requireNonNull(caller);
  }

  private ClientSession callee() {
    return Objects.requireNonNull(callee);
  }

  private Future<ClientSession> connect(String url) {
    return ClientSession.connect(vertx, ClientOptions.to(url, realm));
  }

  /** Fixed times: what became due while the node or this loop stood still, counts from then. */
  private void every(Wish wish) {
    long interval = wish.everyMillis * 1_000_000;
    long begun = System.nanoTime();
    long[] made = {0};
    timers.add(
        vertx.setPeriodic(
            wish.everyMillis,
            tick -> {
              for (; begun + made[0] * interval - System.nanoTime() <= 0; made[0]++) {
                ask(wish, begun + made[0] * interval);
              }
            }));
  }

  private void ask(Wish wish, long due) {
    int index = samples.size();
    samples.add(new Sample(wish, due, 0, null));
    outcome(() -> grant(wish))
        .onComplete(
            done ->
                samples.set(
                    index,
                    new Sample(
                        wish,
                        due,
                        System.nanoTime(),
                        done.succeeded() ? null : String.valueOf(done.cause().getMessage()))));
  }

  private static Future<?> outcome(Supplier<Future<?>> task) {
    try {
      return task.get();
    } catch (RuntimeException failure) {
      return Future.failedFuture(failure);
    }
  }

  private Future<?> grant(Wish wish) {
    ClientSession session = caller();
    return switch (wish) {
      case CALL -> session.call("com.honest.echo", Arguments.of("hello"));
      case PUBLISH -> {
        Promise<Void> heard = Promise.promise();
        awaited.add(heard);
        yield session
            .publishAcknowledged(
                "com.honest.news", Arguments.of(published++), PublishOptions.DEFAULT)
            .compose(id -> heard.future());
      }
      case SUBSCRIBE ->
          session
              .subscribe("com.honest.new.t" + samples.size(), event -> {})
              .onSuccess(session::unsubscribe);
      case JOIN -> connect(callerUrl).onSuccess(ClientSession::close);
    };
  }

  /** Asks no more. */
  Future<Void> stop() {
    Promise<Void> stopped = Promise.promise();
    context.runOnContext(
        here -> {
          over = true;
          timers.forEach(vertx::cancelTimer);
          stopped.complete();
        });
    return stopped.future();
  }

  /** A copy of what it asked for until now. */
  Future<List<Sample>> samples() {
    Promise<List<Sample>> copy = Promise.promise();
    context.runOnContext(here -> copy.complete(List.copyOf(samples)));
    return copy.future();
  }
}
