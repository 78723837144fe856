package io.tandem.node.router;

import io.tandem.registry.Scheduler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Has others hear of a session before they hear from it. Belongs to the session's lane. */
final class Introduction {

  /** How long a session's first request waits for others to hear of the session. */
  private static final Duration LONGEST = Duration.ofMillis(500);

  private Introduction() {}

  /** Holds who has joined until others have been told, unless that takes too long. */
  static void await(LaneContext lane, Outbox newcomer, CompletableFuture<?> told) {
    if (told.isDone()) {
      return;
    }
    CompletableFuture<@Nullable Void> introduced = new CompletableFuture<>();
    newcomer.hold();
    Scheduler.Timer limit = lane.scheduler().schedule(LONGEST, () -> introduced.complete(null));
    introduced.thenRun(
        () -> {
          limit.cancel();
          newcomer.release();
        });
    told.whenComplete((done, failure) -> lane.execute(() -> introduced.complete(null)));
  }
}
