package io.tandem.registry.record;

import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A map that all nodes share and change by compare-and-set only. Every operation is atomic for its
 * key, takes effect at most once, and fails its stage when the outcome is unknown; the stage may
 * complete on any thread. Values are immutable and compared by equality.
 *
 * @param <K> the key
 * @param <V> the value
 */
public interface RecordStore<K, V> {

  /** The value of the key, or null. */
  CompletionStage<@Nullable V> get(K key);

  /** Puts a first value; completes with null when it is in place, else with the one that was. */
  CompletionStage<@Nullable V> putIfAbsent(K key, V value);

  /** Replaces exactly this value by another; completes with false when the value was not there. */
  CompletionStage<Boolean> replace(K key, V expected, V value);

  /** Removes exactly this value; completes with false when it was not there. */
  CompletionStage<Boolean> remove(K key, V expected);

  /**
   * Visits every record, on a thread that may block, and completes when what the visits began is
   * done. A record that is changed meanwhile may be seen as it was or as it is. Fails when reading
   * or a visit does.
   */
  CompletionStage<@Nullable Void> forEach(BiFunction<K, V, CompletionStage<?>> visit);
}
