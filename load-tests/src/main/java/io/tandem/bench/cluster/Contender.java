package io.tandem.bench.cluster;

import io.tandem.client.Arguments;
import io.tandem.client.ClientOptions;
import io.tandem.client.ClientSession;
import io.tandem.client.CloseReason;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A client that wants to be the one callee of a procedure, as a well-written service does: when its
 * session ends it connects to the next node and asks again, until it is told yes.
 */
final class Contender {

  static final String PROCEDURE = "bench.faults.exclusive";

  private static final long AGAIN_MILLIS = 200;

  /** Something that happened to it, by the clock of {@link System#nanoTime}. */
  record Step(long at, String what) {}

  private final String name;
  private final List<String> urls;
  private final Vertx vertx;
  private final Context context;
  private final List<Step> steps = new CopyOnWriteArrayList<>();
  private final Promise<Void> begun = Promise.promise();
  private volatile boolean holds;
  private @Nullable ClientSession session;
  private boolean over;
  private int next;

  /**
   * @param urls where to connect, the preferred one first
   */
  Contender(Vertx vertx, String name, List<String> urls) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.name = name;
    this.urls = urls;
  }

  /** Begins; completes when it was first told yes or no. */
  Future<Void> start() {
    context.runOnContext(here -> connect());
    return begun.future();
  }

  private void connect() {
    if (over) {
      return;
    }
    String url = urls.get(next++ % urls.size());
    ClientSession.connect(vertx, ClientOptions.to(url, LocalCluster.REALM))
        .onSuccess(
            opened -> {
              session = opened;
              opened.closed().onSuccess(this::ended);
              register(opened, "");
            })
        .onFailure(failure -> vertx.setTimer(AGAIN_MILLIS, due -> connect()));
  }

  private void ended(CloseReason reason) {
    holds = false;
    session = null;
    note("session ended: " + reason);
    vertx.setTimer(AGAIN_MILLIS, due -> connect());
  }

  private void register(ClientSession mine, String lastRefusal) {
    if (mine != session || over) {
      return;
    }
    mine.register(PROCEDURE, call -> Future.succeededFuture(Arguments.of(name)))
        .onSuccess(
            registered -> {
              holds = true;
              note("registered");
              begun.tryComplete();
            })
        .onFailure(
            refused -> {
              String refusal = String.valueOf(refused.getMessage());
              if (!refusal.equals(lastRefusal)) {
                note("refused: " + refusal);
              }
              begun.tryComplete();
              vertx.setTimer(AGAIN_MILLIS, due -> register(mine, refusal));
            });
  }

  private void note(String what) {
    steps.add(new Step(System.nanoTime(), what));
  }

  String name() {
    return name;
  }

  /** Whether it believes to be the callee. Any thread. */
  boolean holds() {
    return holds;
  }

  /** What happened to it. Any thread. */
  List<Step> steps() {
    return List.copyOf(steps);
  }

  Future<Void> close() {
    Promise<Void> closed = Promise.promise();
    context.runOnContext(
        here -> {
          over = true;
          if (session == null) {
            closed.complete();
          } else {
            session.close().onComplete(gone -> closed.complete());
          }
        });
    return closed.future();
  }
}
