package io.tandem.registry.hazelcast;

import static io.tandem.registry.hazelcast.Grid.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.core.HazelcastInstance;
import io.tandem.registry.NodeId;
import io.tandem.registry.record.RecordStore;
import io.tandem.registry.record.RouterIds;
import io.tandem.testing.Conformance;
import io.tandem.testing.Patience;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** IDs that two members give out. */
class HazelcastIdsTest {

  @RegisterExtension private static final TwoMembers MEMBERS = new TwoMembers();

  @Test
  @Conformance("ID-04")
  void twoNodesNeverGiveTheSameId() {
    RouterIds idsOfFirst = registry(MEMBERS.first).routerIds();
    RouterIds idsOfSecond = registry(MEMBERS.second).routerIds();
    List<CompletionStage<Long>> asked = new ArrayList<>();
    for (int i = 0; i < 5 * HazelcastRouterIds.BLOCK; i++) {
      asked.add(idsOfFirst.next());
      asked.add(idsOfSecond.next());
    }
    Set<Long> given = new HashSet<>();
    asked.forEach(id -> given.add(await(id)));
    assertThat(given).hasSameSizeAs(asked).allMatch(id -> id >= 1 && id < 1L << 32);
  }

  @Test
  void laterLifeOfANodeGivesOtherIds() {
    RecordStore<String, Long> counters = store();
    long before = await(new HazelcastRouterIds(counters).next());
    assertThat(await(new HazelcastRouterIds(counters).next())).isNotEqualTo(before);
  }

  @Test
  void idCostsNoRoundTripAsARule() {
    Counting counters = new Counting(store());
    HazelcastRouterIds ids = new HazelcastRouterIds(counters);
    for (int i = 0; i < 4 * HazelcastRouterIds.BLOCK; i++) {
      await(ids.next());
    }
    assertThat(counters.operations.get()).isLessThanOrEqualTo(2 * 6);
  }

  @Test
  void nextBlockIsFetchedBeforeItIsNeeded() {
    Counting counters = new Counting(store());
    HazelcastRouterIds ids = new HazelcastRouterIds(counters);
    await(ids.next());
    for (int i = 0; i < HazelcastRouterIds.BLOCK / 2; i++) {
      await(ids.next());
    }
    Patience.until("it happens", () -> counters.operations.get() == 4);
    counters.isOut = true;
    for (int i = 0; i < HazelcastRouterIds.BLOCK; i++) {
      await(ids.next());
    }
  }

  @Test
  void wishThatAnOutageLeftUnansweredFailsAndTheNextIsServed() {
    Counting counters = new Counting(store());
    counters.isOut = true;
    HazelcastRouterIds ids = new HazelcastRouterIds(counters);
    assertThatThrownBy(() -> await(ids.next())).hasRootCauseMessage("out");
    counters.isOut = false;
    assertThat(await(ids.next())).isEqualTo(1);
  }

  @Test
  void whenAllIdsAreUsedNoneIsGivenTwice() {
    RecordStore<String, Long> counters = store();
    long lastBlock = (1L << 32) - 3;
    await(counters.putIfAbsent("router-ids", lastBlock));
    HazelcastRouterIds ids = new HazelcastRouterIds(counters);
    assertThat(List.of(await(ids.next()), await(ids.next()), await(ids.next())))
        .containsExactly(lastBlock, lastBlock + 1, lastBlock + 2);
    assertThatThrownBy(() -> await(ids.next())).hasMessageContaining("are used");
  }

  private static HazelcastRegistry registry(HazelcastInstance member) {
    return new HazelcastRegistry(
        member, new NodeId("any", 1), Patience.LIMIT, task -> new Thread(task).start());
  }

  private static HazelcastRecordStore<String, Long> store() {
    return Grid.store(MEMBERS.first, MEMBERS.freshMap());
  }

  /** Counts what is asked of a store, and can be out of order. */
  private static final class Counting implements RecordStore<String, Long> {

    private final RecordStore<String, Long> store;
    final AtomicInteger operations = new AtomicInteger();
    volatile boolean isOut;

    Counting(RecordStore<String, Long> store) {
      this.store = store;
    }

    private <T extends @Nullable Object> CompletionStage<T> counted(CompletionStage<T> answer) {
      operations.incrementAndGet();
      return isOut ? CompletableFuture.failedFuture(new IllegalStateException("out")) : answer;
    }

    @Override
    public CompletionStage<@Nullable Long> get(String key) {
      return counted(store.get(key));
    }

    @Override
    public CompletionStage<@Nullable Long> putIfAbsent(String key, Long value) {
      return counted(store.putIfAbsent(key, value));
    }

    @Override
    public CompletionStage<Boolean> replace(String key, Long expected, Long value) {
      return counted(store.replace(key, expected, value));
    }

    @Override
    public CompletionStage<@Nullable Void> forEach(
        BiFunction<String, Long, CompletionStage<?>> visit) {
      return counted(store.forEach(visit));
    }

    @Override
    public CompletionStage<Boolean> remove(String key, Long expected) {
      return counted(store.remove(key, expected));
    }
  }
}
