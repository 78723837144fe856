package io.tandem.registry.record;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** The store of a node that stands alone: a map in memory. Any thread; stages are complete. */
public final class LocalRecordStore<K, V> implements RecordStore<K, V> {

  private final ConcurrentMap<K, V> records = new ConcurrentHashMap<>();

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
}
