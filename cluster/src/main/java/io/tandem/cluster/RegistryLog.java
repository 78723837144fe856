package io.tandem.cluster;

import io.tandem.registry.NodeId;
import io.tandem.registry.RegistryChange;
import io.tandem.registry.RoutingTables;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The ordered log of one node's own registry changes. Every peer receives all of it in order and
 * acknowledges, cumulatively, what its lanes can see. Owned by the node's {@link RegistryWriter},
 * on whose thread everything here runs.
 */
public final class RegistryLog {

  /** Where entries leave for the peers. */
  public interface Feed {
    /** Called once for every entry, in the order of its sequence numbers: 1, 2, 3 and so on. */
    void appended(long sequence, RegistryChange change);
  }

  private final NodeId self;
  private final RoutingTables tables;
  private final Feed feed;
  private final Map<NodeId, Long> acknowledged = new HashMap<>();
  private final TreeMap<Long, CompletableFuture<@Nullable Void>> waiting = new TreeMap<>();
  private long last;

  public RegistryLog(NodeId self, RoutingTables tables, Feed feed) {
    this.self = self;
    this.tables = tables;
    this.feed = feed;
  }

  /** Sequence number of the newest entry, 0 before the first. */
  public long last() {
    return last;
  }

  /** Appends an entry, applies it to this node's tables and feeds it to the peers. */
  public long append(RegistryChange change) {
    last++;
    tables.apply(self, change);
    feed.appended(last, change);
    return last;
  }

  /**
   * Completes when every reachable peer has acknowledged this entry: from then on no publication or
   * call made on any of them misses it (V1). No timer ends this wait; only an acknowledgement or
   * {@link #unreachable} does.
   */
  public CompletionStage<@Nullable Void> visible(long sequence) {
    if (slowest() >= sequence) {
      return CompletableFuture.completedFuture(null);
    }
    return waiting.computeIfAbsent(sequence, entry -> new CompletableFuture<>());
  }

  /** The peer takes part from now on; it has acknowledged nothing yet. */
  public void opened(NodeId peer) {
    acknowledged.put(peer, 0L);
  }

  /** The peer's lanes can see every entry up to this one. */
  public void acknowledged(NodeId peer, long sequence) {
    acknowledged.computeIfPresent(peer, (node, before) -> Math.max(before, sequence));
    release();
  }

  /** Nobody waits for this peer any more. */
  public void unreachable(NodeId peer) {
    acknowledged.remove(peer);
    release();
  }

  private long slowest() {
    return acknowledged.values().stream().mapToLong(Long::longValue).min().orElse(last);
  }

  private void release() {
    Iterator<CompletableFuture<@Nullable Void>> seen =
        waiting.headMap(slowest(), true).values().iterator();
    while (seen.hasNext()) {
      CompletableFuture<@Nullable Void> wait = seen.next();
      seen.remove();
      wait.complete(null);
    }
  }
}
