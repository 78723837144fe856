package io.tandem.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** Waiting for what others do, on the bench's own thread. */
public final class Waiting {

  private static final long LOOK_AGAIN_MILLIS = 50;

  private Waiting() {}

  /** Something that comes true. */
  public interface Condition {
    boolean holds() throws IOException;
  }

  /** Whether the condition came true within the limit. */
  public static boolean isSoon(Duration limit, Condition condition) {
    long deadline = System.nanoTime() + limit.toNanos();
    try {
      while (!condition.holds()) {
        if (System.nanoTime() - deadline > 0) {
          return false;
        }
        pause(Duration.ofMillis(LOOK_AGAIN_MILLIS));
      }
      return true;
    } catch (IOException failure) {
      throw new BenchException("cannot look: " + failure.getMessage(), failure);
    }
  }

  /** Fails with the sentence when the condition does not come true. */
  public static void until(String otherwise, Duration limit, Condition condition) {
    if (!isSoon(limit, condition)) {
      throw new BenchException(otherwise);
    }
  }

  /** What a run on one event loop of its own comes to; the loop ends with the run. */
  public static <T> T onOneLoop(Function<Vertx, T> run) {
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    try {
      return run.apply(vertx);
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  public static void pause(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new BenchException("interrupted");
    }
  }

  /** The outcome of something asynchronous, which takes a minute at most. */
  public static <T> T of(String what, Future<T> future) {
    return of(what, future, Duration.ofMinutes(1));
  }

  /** The outcome of something asynchronous that takes its time. */
  public static <T> T of(String what, Future<T> future, Duration limit) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException failure) {
      throw BenchException.because(what, failure);
    } catch (TimeoutException late) {
      throw new BenchException(what + ": no answer in " + limit.toSeconds() + " s", late);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new BenchException("interrupted");
    }
  }
}
