package io.tandem.registry.record;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The store of a node that stands alone: a map in memory. Any thread; stages are complete but for
 * those of {@link #forEach}.
 */
public final class LocalRecordStore<K, V> implements RecordStore<K, V> {

  private final ConcurrentMap<K, V> records = new ConcurrentHashMap<>();
  private final Executor readers;

  /**
   * @param readers runs tasks that look at all records
   */
  public LocalRecordStore(Executor readers) {
    this.readers = readers;
  }

  @Override
  public CompletionStage<@Nullable V> get(K key) {
    return CompletableFuture.completedFuture(records.get(key));
  }

  @Override
  public CompletionStage<@Nullable V> putIfAbsent(K key, V value) {
    return CompletableFuture.completedFuture(records.putIfAbsent(key, value));
  }

  @Override
  public CompletionStage<Boolean> replace(K key, V expected, V value) {
    return CompletableFuture.completedFuture(records.replace(key, expected, value));
  }

  @Override
  public CompletionStage<Boolean> remove(K key, V expected) {
    return CompletableFuture.completedFuture(records.remove(key, expected));
  }

  @Override
  public CompletionStage<@Nullable Void> forEach(BiFunction<K, V, CompletionStage<?>> visit) {
    return CompletableFuture.supplyAsync(() -> visited(visit), readers).thenCompose(all -> all);
  }

  private CompletableFuture<@Nullable Void> visited(BiFunction<K, V, CompletionStage<?>> visit) {
    List<CompletableFuture<?>> begun = new ArrayList<>();
    records.forEach(
        (key, value) -> {
          CompletableFuture<?> visited = visit.apply(key, value).toCompletableFuture();
          if (!visited.isDone() || visited.isCompletedExceptionally()) {
            begun.add(visited);
          }
        });
    return CompletableFuture.allOf(begun.toArray(CompletableFuture<?>[]::new));
  }
}
