package io.tandem.cluster.nodes;

import io.tandem.cluster.link.Loop;
import io.tandem.cluster.membership.Membership;
import io.tandem.registry.NodeId;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What nodes held that are gone. The oldest member frees what those hold who are no members: all of
 * them, since the one that was the oldest before may have gone with its work undone, and this one
 * may have come too late to see whose it was. A life is a member before it holds anything: it is
 * linked to all others first. Home thread.
 */
final class Estates {

  private static final Logger LOG = LoggerFactory.getLogger(Estates.class);

  private static final Duration AGAIN = Duration.ofSeconds(1);

  private final Membership membership;
  private final Loop home;
  private final Host host;
  private final BooleanSupplier done;

  /** Whether one has left since this node last began to free what such lives held. */
  private boolean due;

  private boolean freeing;

  /** Completes when nothing is being freed; null while this node goes on with it. */
  private volatile @Nullable CompletableFuture<@Nullable Void> stopped;

  /**
   * @param done whether this node is on its way out itself, and leaves it to others
   */
  Estates(Membership membership, Loop home, Host host, BooleanSupplier done) {
    this.membership = membership;
    this.home = home;
    this.host = host;
    this.done = done;
  }

  /** A node has left. */
  void left() {
    due = true;
    free();
  }

  /**
   * Leaves the rest to the next oldest, who begins when this node has left. Completes, on the home
   * thread, when what was begun is told to everybody.
   */
  CompletableFuture<@Nullable Void> stop() {
    CompletableFuture<@Nullable Void> end = new CompletableFuture<>();
    stopped = end;
    if (!freeing) {
      end.complete(null);
    }
    return end;
  }

  private void free() {
    if (stopped != null
        || done.getAsBoolean()
        || freeing
        || !due
        || !membership.oldest().equals(membership.self())) {
      return;
    }
    due = false;
    freeing = true;
    host.free(this::isOver)
        .whenCompleteAsync(
            (nothing, failure) -> {
              freeing = false;
              CompletableFuture<@Nullable Void> end = stopped;
              if (end != null) {
                end.complete(null);
                return;
              }
              if (failure == null) {
                LOG.info("what nodes held that are gone is free");
                free();
              } else if (!done.getAsBoolean()) {
                LOG.warn(
                    "what gone nodes held could not be freed; trying again: {}",
                    failure.toString());
                due = true;
                home.scheduler().schedule(AGAIN, this::free);
              }
            },
            home.executor());
  }

  private boolean isOver(NodeId node) {
    return stopped == null
        && membership.members().stream().noneMatch(member -> member.node().equals(node));
  }
}
