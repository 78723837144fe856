package io.tandem.client;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event loop context a connection lives on: its state is touched there and its futures complete
 * there. Any thread may ask it to run something; what one thread asks for runs in order.
 */
final class HomeContext {

  private static final Logger log = LoggerFactory.getLogger(HomeContext.class);

  private final ContextInternal context;

  private HomeContext(ContextInternal context) {
    this.context = context;
  }

  /** The caller's event loop context, where it has one; otherwise a new one, on the next loop. */
  static HomeContext of(Vertx vertx) {
    ContextInternal current = ContextInternal.current();
    return current != null && current.owner() == vertx && current.isEventLoopContext()
        ? new HomeContext(current.unwrap())
        : new HomeContext(((VertxInternal) vertx).createEventLoopContext());
  }

  Vertx vertx() {
    return context.owner();
  }

  <T> Promise<T> promise() {
    return context.promise();
  }

  /** Runs the action here: at once when the caller is here already. */
  void run(Runnable action) {
    if (context.isRunningOnContext()) {
      action.run();
    } else {
      context.runOnContext(here -> action.run());
    }
  }

  /** Runs the action here; its outcome is told here too. */
  <T> Future<T> call(Supplier<Future<T>> action) {
    Promise<T> outcome = promise();
    run(
        () -> {
          try {
            action.get().onComplete(outcome);
          } catch (RuntimeException refused) {
            outcome.tryFail(refused);
          }
        });
    return outcome.future();
  }

  /** Runs the action here after the delay; called from here. The number cancels it. */
  long after(Duration delay, Runnable action) {
    return vertx().setTimer(delay.toMillis(), due -> action.run());
  }

  void cancel(long timer) {
    vertx().cancelTimer(timer);
  }

  /** Runs an embedder's handler: what it throws is logged and harms nobody else. */
  <T> void guard(String what, Consumer<T> handler, T value) {
    try {
      handler.accept(value);
    } catch (RuntimeException thrown) {
      log.warn("{} failed", what, thrown);
    }
  }
}
