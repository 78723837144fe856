package io.tandem.registry.record;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** A store in which the test meddles: right before a change, another node may be faster. */
public final class MeddledStore<K, V> implements RecordStore<K, V> {

  public final LocalRecordStore<K, V> records = new LocalRecordStore<>(Runnable::run);

  /** Each runs before one change. */
  public final Deque<Runnable> meddlers = new ArrayDeque<>();

  /** What every operation throws at once, if set. */
  public @Nullable RuntimeException thrown;

  /** What changes answer with although they are made, if set. */
  public @Nullable RuntimeException lostAnswer;

  /** What the next read answers with, if set. */
  public @Nullable RuntimeException lostRead;

  /** Whether no change ever succeeds. */
  public boolean jammed;

  @Override
  public CompletionStage<@Nullable V> get(K key) {
    check();
    RuntimeException lost = lostRead;
    lostRead = null;
    return lost == null ? records.get(key) : CompletableFuture.failedFuture(lost);
  }

  @Override
  public CompletionStage<@Nullable V> putIfAbsent(K key, V value) {
    meddle();
    return answer(records.putIfAbsent(key, value));
  }

  @Override
  public CompletionStage<Boolean> replace(K key, V expected, V value) {
    meddle();
    return jammed
        ? CompletableFuture.completedFuture(false)
        : answer(records.replace(key, expected, value));
  }

  @Override
  public CompletionStage<Boolean> remove(K key, V expected) {
    meddle();
    return answer(records.remove(key, expected));
  }

  @Override
  public CompletionStage<@Nullable Void> forEach(BiFunction<K, V, CompletionStage<?>> visit) {
    return records.forEach(visit);
  }

  private void meddle() {
    check();
    Runnable meddler = meddlers.poll();
    if (meddler != null) {
      meddler.run();
    }
  }

  private void check() {
    if (thrown != null) {
      throw thrown;
    }
  }

  private <T extends @Nullable Object> CompletionStage<T> answer(CompletionStage<T> made) {
    RuntimeException lost = lostAnswer;
    lostAnswer = null;
    return lost == null ? made : CompletableFuture.failedFuture(lost);
  }
}
