package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.registry.sessions.SessionDetails;
import io.tandem.registry.sessions.SessionDirectory;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sessions of a harness that gives out their IDs itself, each released once; nobody looks them up.
 */
final class OwnSessions implements SessionDirectory {

  private final Set<Long> released = new HashSet<>();

  @Override
  public CompletionStage<Long> claim() {
    return CompletableFuture.failedFuture(new UnsupportedOperationException());
  }

  @Override
  public void release(long session) {
    assertThat(released.add(session)).as("released once").isTrue();
  }

  @Override
  public CompletionStage<@Nullable Void> enter(SessionDetails session) {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<@Nullable Void> change(SessionDetails session) {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<@Nullable Void> leave(long session) {
    release(session);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<@Nullable SessionDetails> find(long session) {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<@Nullable Void> forEach(Consumer<? super SessionDetails> visitor) {
    return CompletableFuture.completedFuture(null);
  }
}
