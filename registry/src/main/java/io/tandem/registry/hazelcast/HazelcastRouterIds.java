package io.tandem.registry.hazelcast;

import io.tandem.registry.record.RecordStore;
import io.tandem.registry.record.RouterIds;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * IDs from blocks that this node takes off a counter of the cluster. The next block is fetched when
 * half of one is left, so that an ID costs no round trip as a rule. A block is used by one life of
 * one node; what it leaves is lost, which 2^32 divided by the block forgives some four million
 * times. Any thread.
 */
final class HazelcastRouterIds implements RouterIds {

  static final int BLOCK = 1_024;

  private static final long LARGEST = (1L << 32) - 1;

  /** Who may wait for the next block: more than come while a frozen member is evicted. */
  private static final int MOST_WAITING = 100_000;

  private static final String COUNTER = "router-ids";

  /** Holds the first ID that nobody has taken. */
  private final RecordStore<String, Long> counters;

  private long next;
  private long end;
  private final Queue<CompletableFuture<Long>> waiting = new ArrayDeque<>();
  private boolean isFetching;
  private @Nullable Block spare;

  private record Block(long start, long end) {}

  HazelcastRouterIds(RecordStore<String, Long> counters) {
    this.counters = counters;
  }

  @Override
  public CompletionStage<Long> next() {
    CompletableFuture<Long> answer = new CompletableFuture<>();
    List<Runnable> answers = new ArrayList<>(1);
    boolean isLow;
    synchronized (this) {
      if (waiting.size() == MOST_WAITING) {
        return CompletableFuture.failedFuture(
            new RejectedExecutionException("too many wait for an ID"));
      }
      waiting.add(answer);
      serve(answers);
      isLow = !isFetching && spare == null && end - next <= BLOCK / 2;
      isFetching |= isLow;
    }
    answers.forEach(Runnable::run);
    if (isLow) {
      fetch();
    }
    return answer;
  }

  /** Gives out what there is. */
  private void serve(List<Runnable> answers) {
    while (!waiting.isEmpty()) {
      if (next == end) {
        if (spare == null) {
          return;
        }
        next = spare.start;
        end = spare.end;
        spare = null;
      }
      long id = next++;
      CompletableFuture<Long> answer = waiting.remove();
      answers.add(() -> answer.complete(id));
    }
  }

  private void fetch() {
    take().whenComplete(this::fetched);
  }

  private void fetched(@Nullable Block block, @Nullable Throwable failure) {
    List<Runnable> answers = new ArrayList<>();
    boolean isLow;
    synchronized (this) {
      if (block != null) {
        spare = block;
        serve(answers);
      } else {
        waiting.forEach(
            answer ->
                answers.add(() -> answer.completeExceptionally(Objects.requireNonNull(failure))));
        waiting.clear();
      }
      isFetching = isLow = !waiting.isEmpty();
    }
    answers.forEach(Runnable::run);
    if (isLow) {
      fetch();
    }
  }

  private CompletionStage<Block> take() {
    return counters
        .get(COUNTER)
        .thenCompose(
            known -> {
              long start = known == null ? 1 : known;
              long after = Math.min(start + BLOCK, LARGEST + 1);
              if (start == after) {
                return CompletableFuture.failedFuture(
                    new IllegalStateException(
                        "all 2^32 - 1 subscription and registration IDs are used"));
              }
              CompletionStage<Boolean> taken =
                  known == null
                      ? counters.putIfAbsent(COUNTER, after).thenApply(other -> other == null)
                      : counters.replace(COUNTER, known, after);
              return taken.thenCompose(
                  success ->
                      success
                          ? CompletableFuture.completedFuture(new Block(start, after))
                          : take());
            });
  }
}
