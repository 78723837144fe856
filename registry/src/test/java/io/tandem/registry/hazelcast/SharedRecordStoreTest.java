package io.tandem.registry.hazelcast;

import static io.tandem.registry.hazelcast.Grid.await;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.registry.record.RecordStore;
import io.tandem.registry.record.RecordStoreContract;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two members keep the contract together, whichever of them an operation is asked of. */
class SharedRecordStoreTest extends RecordStoreContract {

  @RegisterExtension private static final TwoMembers MEMBERS = new TwoMembers();

  @Override
  protected RecordStore<String, Long> store() {
    String map = MEMBERS.freshMap();
    return new InTurn<>(Grid.store(MEMBERS.first, map), Grid.store(MEMBERS.second, map));
  }

  @Test
  void recordOfAnUnknownLayoutIsRefusedWhicheverMemberKeepsIt() {
    RecordStore<String, Long> here = Grid.store(MEMBERS.first, "tandem.odd");
    RecordStore<String, Long> there = Grid.store(MEMBERS.second, "tandem.odd");
    for (int i = 0; i < 20; i++) {
      MEMBERS
          .first
          .<byte[], byte[]>getMap("tandem.odd")
          .set(KeyFormat.NAME.encode("k" + i), new byte[] {99});
    }
    for (int i = 0; i < 20; i++) {
      String key = "k" + i;
      assertThatThrownBy(() -> await(here.get(key))).hasRootCauseMessage(UNKNOWN);
      assertThatThrownBy(() -> await(there.replace(key, 1L, 2L))).hasRootCauseMessage(UNKNOWN);
    }
  }

  private static final String UNKNOWN = "a shared record has the unknown layout 99";

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
    public CompletionStage<@Nullable Void> forEach(BiFunction<K, V, CompletionStage<?>> visit) {
      return next().forEach(visit);
    }

    @Override
    public CompletionStage<Boolean> remove(K key, V expected) {
      return next().remove(key, expected);
    }
  }
}
