package io.tandem.cluster.hazelcast;

import io.tandem.cluster.RecordStore;
import io.tandem.cluster.RecordStoreContract;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Two members keep the contract together, whichever of them an operation is asked of. */
class SharedRecordStoreTest extends RecordStoreContract {

  private static final Members MEMBERS = new Members();
  private static final AtomicInteger MAPS = new AtomicInteger();
  private static EmbeddedHazelcast first;
  private static EmbeddedHazelcast second;

  @BeforeAll
  static void start() {
    first = MEMBERS.alone();
    second = MEMBERS.joining(first);
  }

  @AfterAll
  static void stop() {
    MEMBERS.close();
  }

  @Override
  protected RecordStore<String, Long> store() {
    String map = "tandem.shared-" + MAPS.incrementAndGet();
    return new InTurn<>(
        HazelcastRecordStoreTest.store(first, map), HazelcastRecordStoreTest.store(second, map));
  }

  /** Asks one store, then the other. */
  private static final class InTurn<K, V> implements RecordStore<K, V> {

    private final RecordStore<K, V> even;
    private final RecordStore<K, V> odd;
    private final AtomicInteger turn = new AtomicInteger();

    InTurn(RecordStore<K, V> even, RecordStore<K, V> odd) {
      this.even = even;
      this.odd = odd;
    }

    private RecordStore<K, V> next() {
      return turn.getAndIncrement() % 2 == 0 ? even : odd;
    }

    @Override
    public CompletionStage<@Nullable V> get(K key) {
      return next().get(key);
    }

    @Override
    public CompletionStage<@Nullable V> putIfAbsent(K key, V value) {
      return next().putIfAbsent(key, value);
    }

    @Override
    public CompletionStage<Boolean> replace(K key, V expected, V value) {
      return next().replace(key, expected, value);
    }

    @Override
    public CompletionStage<Boolean> remove(K key, V expected) {
      return next().remove(key, expected);
    }
  }
}
