package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.registry.sessions.SessionIds;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Session IDs of a harness that gives them out itself, each released once. */
final class OwnSessionIds implements SessionIds {
  private final Set<Long> released = new HashSet<>();

  @Override
  public CompletionStage<Long> claim() {
    return CompletableFuture.failedFuture(new UnsupportedOperationException());
  }

  @Override
  public void release(long session) {
    assertThat(released.add(session)).as("released once").isTrue();
  }
}
