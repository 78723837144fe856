package io.tandem.bench.cluster;

import io.tandem.client.Arguments;
import io.tandem.client.ClientOptions;
import io.tandem.client.ClientSession;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * SUBSCRIBE and REGISTER at every node at a steady rate, whatever comes back, each for a topic or
 * procedure that nobody else has; what was granted is given back at once. One session on each node,
 * which does not come back when it has ended. All of it runs on one event loop.
 */
final class Wishes {

  private static final long EVERY_MILLIS = 100;

  /**
   * A SUBSCRIBE or REGISTER and what came of it. Times are {@link System#nanoTime}'s.
   *
   * @param answered 0 while there is no answer
   * @param failure null for SUBSCRIBED or REGISTERED
   */
  record Wish(int node, long asked, long answered, @Nullable String failure) {

    boolean isAnswered() {
      return answered != 0;
    }

    long nanos() {
      return answered - asked;
    }
  }

  private final Vertx vertx;
  private final Context context;
  private final List<BenchNode> nodes;
  private final List<ClientSession> sessions = new ArrayList<>();
  private final List<Wish> wishes = new ArrayList<>();
  private final boolean[] over;
  private long timer;
  private long made;

  Wishes(Vertx vertx, List<BenchNode> nodes) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.nodes = nodes;
    this.over = new boolean[nodes.size()];
  }

  Future<Void> start() {
    Promise<Void> started = Promise.promise();
    context.runOnContext(
        here ->
            join(0)
                .onSuccess(joined -> timer = vertx.setPeriodic(EVERY_MILLIS, tick -> tick()))
                .onComplete(started));
    return started.future();
  }

  private Future<Void> join(int node) {
    if (node == nodes.size()) {
      return Future.succeededFuture();
    }
    return ClientSession.connect(vertx, ClientOptions.to(nodes.get(node).url(), LocalCluster.REALM))
        .compose(
            session -> {
              sessions.add(session);
              session.closed().onSuccess(reason -> over[node] = true);
              return join(node + 1);
            });
  }

  private void tick() {
    long number = ++made;
    for (int node = 0; node < sessions.size(); node++) {
      if (over[node]) {
        continue;
      }
      String uri = "bench.wishes.node" + node + ".n" + number;
      ClientSession session = sessions.get(node);
      if (number % 2 == 0) {
        ask(node, session.subscribe(uri, event -> {}), session::unsubscribe);
      } else {
        ask(
            node,
            session.register(uri, call -> Future.succeededFuture(Arguments.none())),
            session::unregister);
      }
    }
  }

  private <T> void ask(int node, Future<T> answer, Function<T, Future<Void>> giveBack) {
    int index = wishes.size();
    long asked = System.nanoTime();
    wishes.add(new Wish(node, asked, 0, null));
    answer
        .onComplete(
            outcome -> {
              // A session that ends answers nothing: that is no refusal.
              if (outcome.succeeded() || !over[node]) {
                String failure =
                    outcome.succeeded() ? null : String.valueOf(outcome.cause().getMessage());
                wishes.set(index, new Wish(node, asked, System.nanoTime(), failure));
              }
            })
        .compose(giveBack);
  }

  /** Asks no more; completes with what was asked when all of it has an answer, or after a while. */
  Future<List<Wish>> stop(long patienceMillis) {
    Promise<List<Wish>> told = Promise.promise();
    context.runOnContext(
        here -> {
          vertx.cancelTimer(timer);
          vertx.setTimer(patienceMillis, due -> told.tryComplete(List.copyOf(wishes)));
          vertx.setPeriodic(
              EVERY_MILLIS,
              again -> {
                boolean all =
                    wishes.stream().allMatch(wish -> wish.isAnswered() || over[wish.node()]);
                if (all && told.tryComplete(List.copyOf(wishes))) {
                  vertx.cancelTimer(again);
                }
              });
        });
    return told.future();
  }

  Future<Void> close() {
    Promise<Void> closed = Promise.promise();
    context.runOnContext(
        here ->
            Future.join(sessions.stream().map(ClientSession::close).toList())
                .<Void>mapEmpty()
                .onComplete(closed));
    return closed.future();
  }
}
