package io.tandem.registry.sessions;

import io.tandem.protocol.id.GlobalIds;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The sessions of a node that stands alone. Any thread. */
public final class LocalSessionDirectory implements SessionDirectory {

  private final Set<Long> claimed = ConcurrentHashMap.newKeySet();
  private final Map<Long, SessionDetails> sessions = new ConcurrentHashMap<>();
  private final Executor readers;

  /**
   * @param readers runs tasks that look at all sessions
   */
  public LocalSessionDirectory(Executor readers) {
    this.readers = readers;
  }

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

  @Override
  public CompletionStage<@Nullable Void> enter(SessionDetails session) {
    sessions.put(session.session(), session);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<@Nullable Void> change(SessionDetails session) {
    return sessions.replace(session.session(), session) == null
        ? CompletableFuture.failedFuture(new IllegalStateException("never entered, or gone"))
        : CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<@Nullable Void> leave(long session) {
    sessions.remove(session);
    claimed.remove(session);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<@Nullable SessionDetails> find(long session) {
    return CompletableFuture.completedFuture(sessions.get(session));
  }

  @Override
  public CompletionStage<@Nullable Void> forEach(Consumer<? super SessionDetails> visitor) {
    return CompletableFuture.runAsync(() -> sessions.values().forEach(visitor), readers);
  }
}
