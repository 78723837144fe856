package io.tandem.client;

import io.tandem.testing.Patience;
import io.vertx.core.Future;
import java.util.concurrent.ExecutionException;

/** How the tests wait for the outcome of a future. */
public final class Waiting {

  public static final long PATIENCE_SECONDS = Patience.LIMIT.toSeconds();

  private Waiting() {}

  /** The future's result; its failure is thrown as an assertion error with it as the cause. */
  public static <T> T await(Future<T> future) {
    try {
      return Patience.get(future.toCompletionStage());
    } catch (ExecutionException failed) {
      throw new AssertionError("failed: " + failed.getCause(), failed.getCause());
    }
  }

  /** The future's failure. */
  public static Throwable failure(Future<?> future) {
    try {
      Object result = Patience.get(future.toCompletionStage());
      throw new AssertionError("should have failed, but gave " + result);
    } catch (ExecutionException failed) {
      return failed.getCause();
    }
  }
}
