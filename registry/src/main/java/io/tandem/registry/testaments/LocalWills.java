package io.tandem.registry.testaments;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The wills of the sessions of a node that stands alone: nothing outlives it. Any thread. */
public final class LocalWills implements Wills {

  private final Map<Long, Will> wills = new ConcurrentHashMap<>();

  @Override
  public CompletionStage<@Nullable Void> keep(Will will) {
    wills.put(will.testator().session(), will);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<@Nullable Will> take(long session) {
    return CompletableFuture.completedFuture(wills.remove(session));
  }
}
