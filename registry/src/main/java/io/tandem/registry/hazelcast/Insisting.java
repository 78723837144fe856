package io.tandem.registry.hazelcast;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Begins changes of the shared record again that have failed, for as long as the member is there.
 * Any thread.
 */
final class Insisting {

  private static final Duration AGAIN = Duration.ofSeconds(1);

  private final BooleanSupplier isRunning;
  private final Executor later =
      CompletableFuture.delayedExecutor(AGAIN.toMillis(), TimeUnit.MILLISECONDS);

  /**
   * @param isRunning whether the member is there; afterwards nothing is tried again
   */
  Insisting(BooleanSupplier isRunning) {
    this.isRunning = isRunning;
  }

  /** Until it succeeds. */
  <T extends @Nullable Object> CompletionStage<T> on(Supplier<CompletionStage<T>> change) {
    return on(() -> false, change);
  }

  /** Until it succeeds or is not wanted any more. */
  <T extends @Nullable Object> CompletionStage<T> on(
      BooleanSupplier isUnwanted, Supplier<CompletionStage<T>> change) {
    return change
        .get()
        .exceptionallyCompose(
            failure ->
                isUnwanted.getAsBoolean() || !isRunning.getAsBoolean()
                    ? CompletableFuture.failedFuture(failure)
                    : CompletableFuture.runAsync(() -> {}, later)
                        .thenCompose(then -> on(isUnwanted, change)));
  }
}
