package io.tandem.registry.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.testing.Patience;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every {@link RecordStore} has to keep; each implementation inherits these tests. */
public abstract class RecordStoreContract {

  private static final int THREADS = 4;
  private static final int CHANGES = 500;

  private final RecordStore<String, Long> store = store();

  /** A store without records. */
  protected abstract RecordStore<String, Long> store();

  @Test
  void keyWithoutARecordHasNone() {
    assertThat(await(store.get("a"))).isNull();
  }

  @Test
  void firstValueStaysAndTheSecondLearnsOfIt() {
    assertThat(await(store.putIfAbsent("a", 1L))).isNull();
    assertThat(await(store.putIfAbsent("a", 2L))).isEqualTo(1L);
    assertThat(await(store.get("a"))).isEqualTo(1L);
    assertThat(await(store.get("b"))).isNull();
  }

  @Test
  void everyRecordIsVisited() {
    for (long i = 0; i < 10; i++) {
      await(store.putIfAbsent("key" + i, i));
    }
    Map<String, Long> visited = new ConcurrentHashMap<>();
    await(store.forEach((key, value) -> CompletableFuture.runAsync(() -> visited.put(key, value))));
    assertThat(visited).hasSize(10).containsEntry("key3", 3L);
  }

  @Test
  void onlyTheExpectedValueIsReplaced() {
    await(store.putIfAbsent("a", 1_000_000L));
    assertThat(await(store.replace("a", 7L, 2L))).isFalse();
    // Equal, not the same object.
    assertThat(await(store.replace("a", Long.parseLong("1000000"), 2L))).isTrue();
    assertThat(await(store.replace("a", 1_000_000L, 3L))).isFalse();
    assertThat(await(store.get("a"))).isEqualTo(2L);
    assertThat(await(store.replace("b", 1L, 2L))).isFalse();
    assertThat(await(store.get("b"))).isNull();
  }

  @Test
  void onlyTheExpectedValueIsRemoved() {
    await(store.putIfAbsent("a", 1L));
    assertThat(await(store.remove("a", 2L))).isFalse();
    assertThat(await(store.remove("a", 1L))).isTrue();
    assertThat(await(store.remove("a", 1L))).isFalse();
    assertThat(await(store.get("a"))).isNull();
    assertThat(await(store.putIfAbsent("a", 3L))).isNull();
  }

  @Test
  void changesOfManyThreadsAllCount() throws Exception {
    await(store.putIfAbsent("a", 0L));
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        running.add(threads.submit(this::increment));
      }
      for (Future<?> each : running) {
        each.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(await(store.get("a"))).isEqualTo((long) THREADS * CHANGES);
  }

  private void increment() {
    int changed = 0;
    while (changed < CHANGES) {
      Long current = await(store.get("a"));
      if (current != null && await(store.replace("a", current, current + 1))) {
        changed++;
      }
    }
  }

  private static <T extends @Nullable Object> T await(CompletionStage<T> stage) {
    return Patience.join(stage);
  }
}
