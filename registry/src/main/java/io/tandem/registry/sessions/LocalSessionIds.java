package io.tandem.registry.sessions;

import io.tandem.protocol.id.GlobalIds;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** The session IDs of a node that stands alone. Any thread. */
public final class LocalSessionIds implements SessionIds {

  private final Set<Long> claimed = ConcurrentHashMap.newKeySet();

  @Override
  public CompletionStage<Long> claim() {
    while (true) {
      long id = GlobalIds.next();
      if (claimed.add(id)) {
        return CompletableFuture.completedFuture(id);
      }
    }
  }

  @Override
  public void release(long id) {
    claimed.remove(id);
  }
}
