package io.tandem.registry.hazelcast;

import io.tandem.protocol.id.GlobalIds;
import io.tandem.registry.NodeId;
import io.tandem.registry.sessions.SessionIds;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Session IDs, each claimed in the cluster's record by the life of a node that holds it. A release
 * that fails leaves the ID claimed until the node is gone, which costs one of 2^53. Any thread.
 */
final class HazelcastSessionIds implements SessionIds {

  private final NodeId self;
  private final HazelcastRecordStore<Long, NodeId> owners;

  HazelcastSessionIds(NodeId self, HazelcastRecordStore<Long, NodeId> owners) {
    this.self = self;
    this.owners = owners;
  }

  @Override
  public CompletionStage<Long> claim() {
    long id = GlobalIds.next();
    return owners
        .putIfAbsent(id, self)
        .thenCompose(other -> other == null ? CompletableFuture.completedFuture(id) : claim());
  }

  @Override
  public void release(long id) {
    owners.remove(id, self);
  }

  /** Frees what lives hold that are over. Reads every claim of the cluster; may be repeated. */
  CompletionStage<@Nullable Void> free(Predicate<NodeId> isOver) {
    return owners.forEach(
        (id, owner) ->
            isOver.test(owner)
                ? owners.remove(id, owner)
                : CompletableFuture.completedFuture(null));
  }
}
