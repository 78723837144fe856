package io.tandem.bench.cluster;

import io.tandem.client.Arguments;
import io.tandem.client.ClientOptions;
import io.tandem.client.ClientSession;
import io.tandem.client.PublishOptions;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.uri.MatchPolicy;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sessions, one on each node, that publish to numbered topics in turns, each publication
 * acknowledged and so many of each session under way. All of it runs on one event loop.
 */
final class Publishers {

  private static final int WINDOW = 64;

  private final Vertx vertx;
  private final Context context;
  private final List<ClientSession> sessions = new ArrayList<>();
  private final AtomicInteger done = new AtomicInteger();

  Publishers(Vertx vertx) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
  }

  /** Joins a session on each node. */
  Future<Void> join(String realm, List<String> urls) {
    return on(
        () -> {
          Future<Void> joined = Future.succeededFuture();
          for (String url : urls) {
            joined =
                joined
                    .compose(before -> ClientSession.connect(vertx, ClientOptions.to(url, realm)))
                    .map(
                        session -> {
                          sessions.add(session);
                          return null;
                        });
          }
          return joined;
        });
  }

  /** Each session subscribes to all topics of a kind. */
  Future<Void> subscribe(String prefix, MatchPolicy match) {
    return on(
        () ->
            Future.all(
                    sessions.stream()
                        .map(session -> session.subscribe(prefix, match, event -> {}))
                        .toList())
                .mapEmpty());
  }

  /** A topic as devices have them. */
  private static String topic(String kind, int number) {
    return "com.example.%s.d%07d.temperature".formatted(kind, number);
  }

  /**
   * Publishes so many times, to so many topics of a kind; completes when all are acknowledged. The
   * argument is a number.
   */
  Future<Void> publish(String kind, int topics, int count, boolean retain) {
    PublishOptions how =
        retain ? PublishOptions.DEFAULT.with(Keys.RETAIN, true) : PublishOptions.DEFAULT;
    done.set(0);
    Promise<Void> all = Promise.promise();
    context.runOnContext(
        here -> {
          for (int lane = 0; lane < WINDOW * sessions.size(); lane++) {
            publish(kind, topics, lane, count, how, all);
          }
        });
    return all.future();
  }

  private void publish(
      String kind, int topics, int number, int count, PublishOptions how, Promise<Void> all) {
    if (number >= count) {
      return;
    }
    sessions
        .get(number % sessions.size())
        .publishAcknowledged(topic(kind, number % topics), Arguments.of(number), how)
        .onFailure(all::tryFail)
        .onSuccess(
            published -> {
              if (done.incrementAndGet() == count) {
                all.tryComplete();
              }
              publish(kind, topics, number + WINDOW * sessions.size(), count, how, all);
            });
  }

  /** How many of the last ones are acknowledged. Any thread. */
  int done() {
    return done.get();
  }

  private interface Task {
    Future<Void> run();
  }

  private Future<Void> on(Task task) {
    Promise<Void> done = Promise.promise();
    context.runOnContext(here -> task.run().onComplete(done));
    return done.future();
  }
}
