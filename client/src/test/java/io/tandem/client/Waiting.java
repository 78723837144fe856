package io.tandem.client;

import io.vertx.core.Future;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** How the tests wait: for a condition, and never for longer than a broken build deserves. */
public final class Waiting {

  public static final int PATIENCE_SECONDS = 60;

  private Waiting() {}

  /** The future's result; its failure is thrown as an assertion error with it as the cause. */
  public static <T> T await(Future<T> future) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      throw new AssertionError("failed: " + failed.getCause(), failed.getCause());
    } catch (InterruptedException | TimeoutException late) {
      throw new AssertionError("no outcome", late);
    }
  }

  /** The future's failure. */
  public static Throwable failure(Future<?> future) {
    try {
      Object result =
          future.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      throw new AssertionError("should have failed, but gave " + result);
    } catch (ExecutionException failed) {
      return failed.getCause();
    } catch (InterruptedException | TimeoutException late) {
      throw new AssertionError("no outcome", late);
    }
  }
}
