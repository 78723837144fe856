package io.tandem.node.ops;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A text that costs something to make: however many ask for it, one is made at a time, on a worker
 * thread, and ten in a second at most. It is never older than the question. Belongs to one event
 * loop.
 */
final class Rendering {

  private static final long PAUSE_MILLIS = 100;

  private final Vertx vertx;
  private final Supplier<String> text;

  /** The one that begins when the one before is made and the pause is over. */
  private @Nullable Promise<String> next;

  private boolean busy;

  Rendering(Vertx vertx, Supplier<String> text) {
    this.vertx = vertx;
    this.text = text;
  }

  /** The text as it will be when it is next made. */
  Future<String> next() {
    Promise<String> awaited = next;
    if (awaited == null) {
      awaited = Promise.promise();
      next = awaited;
      if (!busy) {
        make(awaited);
      }
    }
    return awaited.future();
  }

  private void make(Promise<String> promised) {
    next = null;
    busy = true;
    Future<String> made = vertx.executeBlocking(text::get);
    made.onComplete(done -> vertx.setTimer(PAUSE_MILLIS, over -> rested()));
    made.onComplete(promised);
  }

  private void rested() {
    busy = false;
    if (next != null) {
      make(next);
    }
  }
}
