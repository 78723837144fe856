package io.tandem.node.router;

import io.tandem.registry.testaments.Will;
import io.tandem.registry.testaments.Wills;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The wills of a world's sessions, each operation in a turn of its own. */
final class MemoryWills implements Wills {

  final Map<Long, Will> wills = new HashMap<>();
  private final Executor thread;

  /** What the next operations fail with, while it is set; they do nothing then. */
  @Nullable RuntimeException outage;

  MemoryWills(Executor thread) {
    this.thread = thread;
  }

  @Override
  public CompletionStage<@Nullable Void> keep(Will will) {
    return later(
        () -> {
          wills.put(will.testator().session(), will);
          return null;
        });
  }

  @Override
  public CompletionStage<@Nullable Will> take(long session) {
    return later(() -> wills.remove(session));
  }

  private <T extends @Nullable Object> CompletionStage<T> later(Supplier<T> operation) {
    return CompletableFuture.supplyAsync(
        () -> {
          if (outage != null) {
            throw outage;
          }
          return operation.get();
        },
        thread);
  }
}
