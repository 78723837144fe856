package io.tandem.node.ops;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Work that runs once at a time, however many ask for it: whoever does while it runs shares the
 * next turn with all others who do, so what they get is never older than their question. Any
 * thread.
 */
public final class SharedTurn<T> {

  private final Supplier<Future<T>> work;

  /** The turn that begins when the one that runs is over. */
  private @Nullable Promise<T> next;

  private boolean runs;

  public SharedTurn(Supplier<Future<T>> work) {
    this.work = work;
  }

  /** Completes with what the next turn comes to. */
  public Future<T> ask() {
    Promise<T> awaited;
    boolean begins;
    synchronized (this) {
      begins = !runs;
      awaited = next == null ? Promise.promise() : next;
      next = begins ? null : awaited;
      runs = true;
    }
    if (begins) {
      run(awaited);
    }
    return awaited.future();
  }

  private void run(Promise<T> promised) {
    Future<T> done;
    try {
      done = work.get();
    } catch (RuntimeException failure) {
      done = Future.failedFuture(failure);
    }
    done.onComplete(
        result -> {
          goOn();
          promised.handle(result);
        });
  }

  private void goOn() {
    Promise<T> following;
    synchronized (this) {
      following = next;
      next = null;
      runs = following != null;
    }
    if (following != null) {
      run(following);
    }
  }
}
