package io.tandem.registry.hazelcast;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Bounds the operations under way to one partition, in the order asked for: so many at a time, so
 * many more that wait, and beyond these refusal. Hazelcast itself has no bound, and one for all
 * partitions would let a member that does not answer hold up the others. Any thread.
 */
final class Window {

  /** At a time, from this member: one partition is never idle while somebody waits for it. */
  static final int UNDER_WAY = 64;

  /** Waiting: a million keys asked for at once find room in 271 partitions. */
  static final int WAITING = 4_096;

  private final Queue<Operation<?>> waiting = new ConcurrentLinkedQueue<>();

  /** All that have been taken in and are not over. */
  private final AtomicInteger admitted = new AtomicInteger();

  private final AtomicInteger underWay = new AtomicInteger();

  /** How often the pump was asked for since it last came to rest. */
  private final AtomicInteger calls = new AtomicInteger();

  private record Operation<T>(
      Supplier<? extends CompletionStage<T>> start, CompletableFuture<T> answer) {}

  /**
   * The answer of the operation, started now or when its turn comes; fails with {@link
   * RejectedExecutionException}, and the operation is never started, when too many wait.
   */
  <T> CompletableFuture<T> run(Supplier<? extends CompletionStage<T>> start) {
    if (admitted.incrementAndGet() > UNDER_WAY + WAITING) {
      admitted.decrementAndGet();
      return CompletableFuture.failedFuture(
          new RejectedExecutionException("too many changes to the shared record wait"));
    }
    CompletableFuture<T> answer = new CompletableFuture<>();
    waiting.add(new Operation<>(start, answer));
    pump();
    return answer;
  }

  /** Starts what may start. One thread at a time does it, for all who ask meanwhile. */
  private void pump() {
    if (calls.getAndIncrement() != 0) {
      return;
    }
    int seen = 1;
    do {
      while (underWay.get() < UNDER_WAY && waiting.peek() != null) {
        underWay.incrementAndGet();
        start(waiting.remove());
      }
      seen = calls.addAndGet(-seen);
    } while (seen != 0);
  }

  private <T> void start(Operation<T> operation) {
    CompletionStage<T> started;
    try {
      started = operation.start().get();
    } catch (RuntimeException e) {
      started = CompletableFuture.failedFuture(e);
    }
    started.whenComplete(
        (answer, failure) -> {
          underWay.decrementAndGet();
          admitted.decrementAndGet();
          pump();
          if (failure == null) {
            operation.answer().complete(answer);
          } else {
            operation.answer().completeExceptionally(failure);
          }
        });
  }
}
