package io.tandem.registry.record;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/** The IDs of a node that stands alone: 1, 2, 3 and so on. Any thread. */
public final class LocalRouterIds implements RouterIds {

  private static final long LARGEST = (1L << 32) - 1;

  private final AtomicLong last;

  public LocalRouterIds() {
    this(0);
  }

  /**
   * @param last the largest ID that was given already
   */
  LocalRouterIds(long last) {
    this.last = new AtomicLong(last);
  }

  @Override
  public CompletionStage<Long> next() {
    long id = last.incrementAndGet();
    return id <= LARGEST
        ? CompletableFuture.completedFuture(id)
        : CompletableFuture.failedFuture(
            new IllegalStateException("all 2^32 - 1 subscription and registration IDs are used"));
  }
}
