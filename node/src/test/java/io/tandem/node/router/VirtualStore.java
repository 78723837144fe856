package io.tandem.node.router;

import io.tandem.registry.Resource;
import io.tandem.registry.record.RecordStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A life's view of the store of its {@link Side}. An operation is made at the owner of its key,
 * when that can be reached, and waits for it otherwise; its answer can be lost.
 */
final class VirtualStore<V> implements RecordStore<Resource, V> {

  /** As Hazelcast's operations: longer than an eviction takes. */
  private static final long TIMEOUT = Duration.ofSeconds(15).toNanos();

  private static final Duration AGAIN = Duration.ofMillis(50);

  private final VirtualLife life;
  private final Function<Side, Map<Resource, V>> records;

  VirtualStore(VirtualLife life, Function<Side, Map<Resource, V>> records) {
    this.life = life;
    this.records = records;
  }

  @Override
  public CompletionStage<@Nullable V> get(Resource key) {
    return operate(owned(key), map -> map.get(key));
  }

  @Override
  public CompletionStage<@Nullable V> putIfAbsent(Resource key, V value) {
    return operate(owned(key), map -> map.putIfAbsent(key, value));
  }

  @Override
  public CompletionStage<Boolean> replace(Resource key, V expected, V value) {
    return operate(owned(key), map -> map.replace(key, expected, value));
  }

  @Override
  public CompletionStage<Boolean> remove(Resource key, V expected) {
    return operate(owned(key), map -> map.remove(key, expected));
  }

  @Override
  public CompletionStage<@Nullable Void> forEach(
      BiFunction<Resource, V, CompletionStage<?>> visit) {
    return all()
        .thenCompose(
            all ->
                CompletableFuture.allOf(
                    all.stream()
                        .map(each -> visit.apply(each.getKey(), each.getValue()))
                        .map(CompletionStage::toCompletableFuture)
                        .toArray(CompletableFuture<?>[]::new)));
  }

  /** All records, when all owners can be reached. */
  CompletionStage<List<Map.Entry<Resource, V>>> all() {
    return operate(
        side -> side.view.stream().allMatch(this::reaches), map -> new ArrayList<>(map.entrySet()));
  }

  private Predicate<Side> owned(Resource key) {
    return side -> !side.view.isEmpty() && reaches(side.owner(key));
  }

  private boolean reaches(VirtualLife owner) {
    return owner == life || (owner.side == life.side && life.cluster.connected(life, owner));
  }

  private <T extends @Nullable Object> CompletionStage<T> operate(
      Predicate<Side> possible, Function<Map<Resource, V>, T> operation) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    long deadline = life.cluster.time.now() + TIMEOUT;
    life.cluster.time.after(delay(), () -> attempt(possible, operation, answer, deadline));
    return answer;
  }

  private <T extends @Nullable Object> void attempt(
      Predicate<Side> possible,
      Function<Map<Resource, V>, T> operation,
      CompletableFuture<T> answer,
      long deadline) {
    if (life.dead) {
      return;
    }
    VirtualCluster cluster = life.cluster;
    if (!life.frozen && !life.merged && possible.test(life.side)) {
      T result = operation.apply(records.apply(life.side));
      boolean lost = cluster.trouble && cluster.random.nextInt(400) == 0;
      cluster.time.after(
          delay(),
          () ->
              life.run(
                  life.pool,
                  VirtualLoop.Kind.TASK,
                  () -> {
                    if (lost) {
                      answer.completeExceptionally(new IllegalStateException("outcome unknown"));
                    } else {
                      answer.complete(result);
                    }
                  }));
    } else if (life.merged || cluster.time.now() - deadline > 0) {
      life.run(
          life.pool,
          VirtualLoop.Kind.TASK,
          () -> answer.completeExceptionally(new IllegalStateException("no answer in time")));
    } else {
      cluster.time.after(AGAIN, () -> attempt(possible, operation, answer, deadline));
    }
  }

  private Duration delay() {
    return Duration.ofNanos(100_000 + life.cluster.random.nextInt(2_000_000));
  }
}
