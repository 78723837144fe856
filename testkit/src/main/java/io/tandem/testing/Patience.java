package io.tandem.testing;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * How tests wait for what must happen. There is one limit, and it is no expectation: on a machine
 * that other builds keep busy everything may take a hundred times as long, and only what never
 * happens fails. What a test does expect in time, it expects in virtual time. An interrupt ends
 * each of these waits: so {@link DrivesVertx} lets a test fail at once.
 */
public final class Patience {

  /** Shorter than the limit of a test method, so that the failure names what was waited for. */
  public static final Duration LIMIT = Duration.ofMinutes(4);

  private static final long LOOK_AGAIN_NANOS = 1_000_000;

  private Patience() {}

  /**
   * The result, when it is there.
   *
   * @throws ExecutionException with the failure as its cause
   * @throws AssertionError when there is no outcome
   */
  public static <T> T get(CompletionStage<T> stage) throws ExecutionException {
    try {
      return stage.toCompletableFuture().get(LIMIT.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("no outcome within " + LIMIT, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /**
   * The result, when it is there.
   *
   * @throws CompletionException with the failure as its cause
   * @throws AssertionError when there is no outcome
   */
  public static <T> T join(CompletionStage<T> stage) {
    try {
      return get(stage);
    } catch (ExecutionException e) {
      throw new CompletionException(e.getCause());
    }
  }

  /**
   * The result, when it is there.
   *
   * @throws AssertionError with the failure as its cause, or when there is no outcome
   */
  public static <T> T await(Future<T> future) {
    try {
      return get(future.toCompletionStage());
    } catch (ExecutionException e) {
      throw new AssertionError("failed: " + e.getCause(), e.getCause());
    }
  }

  /**
   * The failure, when it is there.
   *
   * @throws AssertionError when there is a result, or no outcome
   */
  public static Throwable failure(Future<?> future) {
    try {
      throw new AssertionError("should fail, but gave " + get(future.toCompletionStage()));
    } catch (ExecutionException e) {
      return Objects.requireNonNullElse(e.getCause(), e);
    }
  }

  /** The next one, when it is there. */
  public static <T> T take(BlockingQueue<T> queue, String what) {
    try {
      T next = queue.poll(LIMIT.toNanos(), TimeUnit.NANOSECONDS);
      if (next == null) {
        throw new AssertionError("no " + what + " within " + LIMIT);
      }
      return next;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /**
   * Looks again and again until the condition holds.
   *
   * @param what continues "waited until"
   * @throws AssertionError when it never does, or when the test is over
   */
  public static void until(String what, BooleanSupplier condition) {
    long begun = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (Thread.currentThread().isInterrupted()) {
        throw new AssertionError("interrupted before " + what);
      }
      if (System.nanoTime() - begun > LIMIT.toNanos()) {
        throw new AssertionError("waited " + LIMIT + " until " + what);
      }
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
  }
}
