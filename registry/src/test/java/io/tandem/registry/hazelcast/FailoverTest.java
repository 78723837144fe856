package io.tandem.registry.hazelcast;

import static io.tandem.registry.hazelcast.Grid.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.core.HazelcastInstance;
import io.tandem.testing.Patience;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of changes that are under way when a member dies. */
class FailoverTest {

  private static final int KEYS = 400;

  private final Grid grid = new Grid();

  @AfterEach
  void end() {
    grid.close();
  }

  /**
   * Nobody else writes the keys, so an answer of false is a success that was taken for another's.
   */
  @Test
  void changeWhoseAnswerDiedWithAMemberFindsItsOwnSuccess() {
    HazelcastInstance survivor = grid.member();
    HazelcastInstance victim = grid.member();
    Changes changes = new Changes(Grid.store(survivor, "tandem.failover"));

    List<CompletableFuture<Void>> writers = new ArrayList<>();
    for (int key = 0; key < KEYS; key++) {
      writers.add(changes.of("key-" + key).toCompletableFuture());
    }
    Patience.until("it happens", () -> changes.made.get() > 10 * KEYS);
    Grid.kill(victim);
    int afterwards = changes.made.get() + 10 * KEYS;
    Patience.until("it happens", () -> changes.made.get() > afterwards || changes.isRefused.get());
    changes.isEnough.set(true);

    writers.forEach(Grid::await);
    assertThat(changes.isRefused).isFalse();
  }

  @Test
  void acknowledgedRecordsOutliveAMember() {
    HazelcastInstance survivor = grid.member();
    HazelcastInstance victim = grid.member();
    Patience.until("it happens", () -> victim.getPartitionService().isClusterSafe());
    HazelcastRecordStore<String, Long> there = Grid.store(victim, "tandem.outlive");
    for (long key = 0; key < KEYS; key++) {
      await(there.putIfAbsent("key-" + key, key));
    }
    Grid.kill(victim);
    HazelcastRecordStore<String, Long> here = Grid.store(survivor, "tandem.outlive");
    for (long key = 0; key < KEYS; key++) {
      assertThat(await(here.get("key-" + key))).isEqualTo(key);
    }
  }

  @Test
  void operationOnAMemberThatStoppedFailsAndDoesNotHang() {
    HazelcastInstance member = grid.member();
    HazelcastRecordStore<String, Long> store = Grid.store(member, "tandem.stopped");
    member.shutdown();
    assertThat(store.get("a").toCompletableFuture())
        .failsWithin(Patience.LIMIT)
        .withThrowableThat()
        .withCauseInstanceOf(OutcomeUnknownException.class);
  }

  /** One writer for each key, which counts it up. */
  private static final class Changes {

    private final HazelcastRecordStore<String, Long> store;
    final AtomicInteger made = new AtomicInteger();
    final AtomicBoolean isEnough = new AtomicBoolean();
    final AtomicBoolean isRefused = new AtomicBoolean();

    Changes(HazelcastRecordStore<String, Long> store) {
      this.store = store;
    }

    CompletionStage<@Nullable Void> of(String key) {
      return store.putIfAbsent(key, 0L).thenCompose(nothing -> from(key, 0));
    }

    private CompletionStage<@Nullable Void> from(String key, long value) {
      if (isEnough.get()) {
        return CompletableFuture.completedFuture(null);
      }
      return store
          .replace(key, value, value + 1)
          .thenCompose(
              replaced -> {
                if (!replaced) {
                  isRefused.set(true);
                  return CompletableFuture.completedFuture(null);
                }
                made.incrementAndGet();
                return from(key, value + 1);
              });
    }
  }
}
