package io.tandem.cluster.hazelcast;

import static io.tandem.cluster.hazelcast.Members.await;
import static org.assertj.core.api.Assertions.assertThat;

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

  private final Members members = new Members();

  @AfterEach
  void end() {
    members.close();
  }

  /**
   * Nobody else writes the keys, so an answer of false is a success that was taken for another's.
   */
  @Test
  void changeWhoseAnswerDiedWithAMemberFindsItsOwnSuccess() {
    EmbeddedHazelcast survivor = members.alone();
    EmbeddedHazelcast victim = members.joining(survivor);
    Changes changes = new Changes(HazelcastRecordStoreTest.store(survivor, "tandem.failover"));

    List<CompletableFuture<Void>> writers = new ArrayList<>();
    for (int key = 0; key < KEYS; key++) {
      writers.add(changes.of("key-" + key).toCompletableFuture());
    }
    Members.awaitThat(() -> changes.made.get() > 10 * KEYS);
    victim.kill();
    int afterwards = changes.made.get() + 10 * KEYS;
    Members.awaitThat(() -> changes.made.get() > afterwards || changes.isRefused.get());
    changes.isEnough.set(true);

    writers.forEach(Members::await);
    assertThat(changes.isRefused).isFalse();
  }

  @Test
  void acknowledgedRecordsOutliveAMember() {
    EmbeddedHazelcast survivor = members.alone();
    EmbeddedHazelcast victim = members.joining(survivor);
    Members.awaitThat(() -> victim.instance().getPartitionService().isClusterSafe());
    HazelcastRecordStore<String, Long> there =
        HazelcastRecordStoreTest.store(victim, "tandem.outlive");
    for (long key = 0; key < KEYS; key++) {
      await(there.putIfAbsent("key-" + key, key));
    }
    victim.kill();
    HazelcastRecordStore<String, Long> here =
        HazelcastRecordStoreTest.store(survivor, "tandem.outlive");
    for (long key = 0; key < KEYS; key++) {
      assertThat(await(here.get("key-" + key))).isEqualTo(key);
    }
  }

  @Test
  void operationOnAMemberThatStoppedFailsAndDoesNotHang() {
    EmbeddedHazelcast member = members.alone();
    HazelcastRecordStore<String, Long> store =
        HazelcastRecordStoreTest.store(member, "tandem.stopped");
    await(member.stop());
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
