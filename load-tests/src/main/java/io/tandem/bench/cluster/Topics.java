package io.tandem.bench.cluster;

import io.tandem.client.Arguments;
import io.tandem.client.ClientOptions;
import io.tandem.client.ClientSession;
import io.tandem.protocol.uri.MatchPolicy;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.random.RandomGenerator;
import org.HdrHistogram.Histogram;

/**
 * Subscriptions to many topics of one realm, spread over the nodes, each topic wanted by one
 * session; and publications to them, from all nodes in turns. All of it runs on one event loop.
 */
final class Topics {

  /** Requests that a session has under way. */
  private static final int WINDOW = 256;

  private final Vertx vertx;
  private final Context context;
  private final String realm;
  private final List<String> urls;
  private final MatchPolicy match;
  private final List<ClientSession> sessions = new ArrayList<>();
  private final AtomicInteger done = new AtomicInteger();
  private final RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
  private long[] ids = new long[0];
  private IntConsumer delivered = number -> {};

  /**
   * @param match how each topic is subscribed to: itself, as a prefix that only it has, or as one
   *     of patterns of the same shape
   */
  Topics(Vertx vertx, String realm, List<String> urls, MatchPolicy match) {
    this.match = match;
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.realm = realm;
    this.urls = urls;
  }

  /** A topic as devices have them, 38 octets. */
  private static String topic(int number) {
    return "com.example.device.d%07d.temperature".formatted(number);
  }

  /** What is subscribed to for the topic of this number. */
  private String pattern(int number) {
    return switch (match) {
      case EXACT -> topic(number);
      case PREFIX -> "com.example.device.d%07d.".formatted(number);
      case WILDCARD -> "com.example..d%07d.temperature".formatted(number);
    };
  }

  /** Joins so many sessions on each node. */
  Future<Void> join(int sessionsPerNode) {
    Promise<Void> joined = Promise.promise();
    context.runOnContext(here -> join(0, sessionsPerNode * urls.size()).onComplete(joined));
    return joined.future();
  }

  private Future<Void> join(int number, int all) {
    if (number == all) {
      return Future.succeededFuture();
    }
    String url = urls.get(number % urls.size());
    return ClientSession.connect(vertx, ClientOptions.to(url, realm))
        .compose(
            session -> {
              sessions.add(session);
              return join(number + 1, all);
            });
  }

  // ---- subscriptions ----

  /** Subscribes to the topics up to this number; completes when all are in force. */
  Future<Void> subscribe(int count) {
    Promise<Void> all = Promise.promise();
    context.runOnContext(
        here -> {
          ids = new long[count];
          for (int i = 0; i < sessions.size(); i++) {
            for (int j = 0; j < WINDOW; j++) {
              subscribe(i + j * sessions.size(), count, all);
            }
          }
        });
    return all.future();
  }

  private void subscribe(int number, int count, Promise<Void> all) {
    if (number >= count) {
      return;
    }
    session(number)
        .subscribe(pattern(number), match, event -> delivered.accept(number))
        .onFailure(all::tryFail)
        .onSuccess(
            subscription -> {
              ids[number] = subscription.id();
              if (done.incrementAndGet() == count) {
                all.tryComplete();
              }
              subscribe(number + WINDOW * sessions.size(), count, all);
            });
  }

  private ClientSession session(int number) {
    return sessions.get(number % sessions.size());
  }

  /** How many subscriptions are in force. Any thread. */
  int done() {
    return done.get();
  }

  /** The subscriptions' IDs, by topic; when all are in force. */
  long[] ids() {
    return ids;
  }

  /** The ID that the subscription to a topic has on the node after its own; ended again. */
  Future<Long> idElsewhere(int number) {
    ClientSession other = sessions.get((number + 1) % sessions.size());
    return other
        .subscribe(pattern(number), match, event -> {})
        .compose(subscription -> other.unsubscribe(subscription).map(ended -> subscription.id()));
  }

  // ---- publications ----

  /**
   * Publishes to topics at random and waits for each event, some at a time.
   *
   * @return the latencies in nanoseconds
   */
  Future<Histogram> publish(int count, int underWay) {
    Promise<Histogram> all = Promise.promise();
    context.runOnContext(
        here -> {
          Histogram latencies = new Histogram(3);
          long[] sent = new long[ids.length];
          int[] left = {count};
          delivered =
              number -> {
                latencies.recordValue(System.nanoTime() - sent[number]);
                if (latencies.getTotalCount() == count) {
                  all.tryComplete(latencies);
                } else if (left[0] > 0) {
                  left[0]--;
                  publish(sent);
                }
              };
          for (int i = 0; i < underWay && left[0] > 0; i++) {
            left[0]--;
            publish(sent);
          }
        });
    return all.future();
  }

  private void publish(long[] sent) {
    int number = random.nextInt(ids.length);
    sent[number] = System.nanoTime();
    // A session gets no event of its own, so one of another node publishes.
    sessions.get((number + 1) % sessions.size()).publish(topic(number), Arguments.none());
  }
}
