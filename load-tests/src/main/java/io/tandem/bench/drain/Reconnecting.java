package io.tandem.bench.drain;

import io.tandem.client.ClientOptions;
import io.tandem.client.ClientSession;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A client that wants to be connected: when its session ends it tries the next router, and waits a
 * little after each round of all of them. One event loop.
 */
final class Reconnecting {

  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final long PAUSE_MILLIS = 200;

  private final Vertx vertx;
  private final List<String> urls;
  private final String realm;
  private final Function<ClientSession, Future<?>> prepare;
  private int next;
  private int tried;
  private int connections;
  private boolean leaving;
  private @Nullable ClientSession session;

  /**
   * @param first the router to begin with, an index of {@code urls}
   * @param prepare what a new session does before it counts as connected
   */
  Reconnecting(
      Vertx vertx,
      List<String> urls,
      int first,
      String realm,
      Function<ClientSession, Future<?>> prepare) {
    this.vertx = vertx;
    this.urls = urls;
    this.next = first % urls.size();
    this.realm = realm;
    this.prepare = prepare;
  }

  /** The session in force, or null while there is none. */
  @Nullable ClientSession session() {
    return session;
  }

  /** How often it was connected again. */
  int reconnects() {
    return Math.max(0, connections - 1);
  }

  void connect() {
    if (leaving) {
      return;
    }
    String url = urls.get(next);
    next = (next + 1) % urls.size();
    ClientSession.connect(
            vertx,
            ClientOptions.to(url, realm)
                .withHelloTimeout(PATIENCE)
                .withCloseTimeout(Duration.ofSeconds(1)))
        .onSuccess(this::opened)
        .onFailure(failure -> again());
  }

  private void opened(ClientSession opened) {
    opened.closed().onComplete(ended -> closed(opened));
    prepare
        .apply(opened)
        .onSuccess(
            prepared -> {
              if (!opened.closed().isComplete()) {
                session = opened;
                connections++;
                tried = 0;
              }
            })
        // Without what it came for it is of no use here; its end begins the next attempt.
        .onFailure(failure -> opened.close());
  }

  private void closed(ClientSession ended) {
    if (session == ended) {
      session = null;
    }
    again();
  }

  private void again() {
    if (++tried % urls.size() == 0) {
      vertx.setTimer(PAUSE_MILLIS, id -> connect());
    } else {
      connect();
    }
  }

  Future<?> leave() {
    leaving = true;
    return session == null ? Future.succeededFuture() : session.close();
  }
}
