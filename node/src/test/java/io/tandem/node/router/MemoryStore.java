package io.tandem.node.router;

import io.tandem.registry.record.RecordStore;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A store that answers later, on a thread of its own, as one across a network does. */
final class MemoryStore<K, V> implements RecordStore<K, V> {

  final Map<K, V> records = new HashMap<>();
  private final Executor thread;

  /** What the next operations fail with, while it is set; they do nothing then. */
  @Nullable RuntimeException outage;

  MemoryStore(Executor thread) {
    this.thread = thread;
  }

  @Override
  public CompletionStage<@Nullable V> get(K key) {
    return later(() -> records.get(key));
  }

  @Override
  public CompletionStage<@Nullable V> putIfAbsent(K key, V value) {
    return later(() -> records.putIfAbsent(key, value));
  }

  @Override
  public CompletionStage<Boolean> replace(K key, V expected, V value) {
    return later(() -> records.replace(key, expected, value));
  }

  @Override
  public CompletionStage<Boolean> remove(K key, V expected) {
    return later(() -> records.remove(key, expected));
  }

  @Override
  public CompletionStage<@Nullable Void> forEach(BiFunction<K, V, CompletionStage<?>> visit) {
    return later(() -> Map.copyOf(records))
        .thenCompose(
            all ->
                CompletableFuture.allOf(
                    all.entrySet().stream()
                        .map(each -> visit.apply(each.getKey(), each.getValue()))
                        .map(CompletionStage::toCompletableFuture)
                        .toArray(CompletableFuture<?>[]::new)));
  }

  private <T extends @Nullable Object> CompletionStage<T> later(Supplier<T> operation) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    thread.execute(
        () -> {
          if (outage == null) {
            answer.complete(operation.get());
          } else {
            answer.completeExceptionally(outage);
          }
        });
    return answer;
  }
}
