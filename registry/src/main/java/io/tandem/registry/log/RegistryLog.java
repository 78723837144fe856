package io.tandem.registry.log;

import io.tandem.registry.NodeId;
import io.tandem.registry.RegistryChange;
import io.tandem.registry.RoutingTables;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The ordered log of one node's own registry changes. Every other node receives all of it in order
 * and acknowledges, cumulatively, what its lanes can see. Owned by the node's {@link
 * RegistryWriter}, on whose thread everything here runs.
 */
public final class RegistryLog {

  /** Where entries leave for one node. */
  public interface Feed {
    /** Called once for every entry, in the order of its sequence numbers. */
    void appended(long sequence, RegistryChange change);
  }

  /** Another node that takes part. */
  private static final class Reader {
    final Feed feed;
    long acknowledged;

    Reader(Feed feed) {
      this.feed = feed;
    }
  }

  private final NodeId self;
  private final RoutingTables tables;
  private final Map<NodeId, Reader> readers = new LinkedHashMap<>();
  private final TreeMap<Long, CompletableFuture<@Nullable Void>> waiting = new TreeMap<>();

  /** Written here, read by any thread. */
  private volatile long last;

  /** Written here, read by any lane. */
  private volatile boolean acknowledgedByAll = true;

  public RegistryLog(NodeId self, RoutingTables tables) {
    this.self = self;
    this.tables = tables;
  }

  /** Sequence number of the newest entry, 0 before the first. */
  public long last() {
    return last;
  }

  /** Appends an entry, applies it to this node's tables and feeds it to the other nodes. */
  public long append(RegistryChange change) {
    long sequence = last + 1;
    last = sequence;
    tables.apply(self, change);
    readers.values().forEach(reader -> reader.feed.appended(sequence, change));
    acknowledgedByAll = readers.isEmpty();
    return sequence;
  }

  /**
   * Completes when every reachable node has acknowledged this entry: from then on no publication or
   * call made on any of them misses it (V1). No timer ends this wait; only an acknowledgement or
   * {@link #unreachable} does.
   */
  public CompletionStage<@Nullable Void> visible(long sequence) {
    if (slowest() >= sequence) {
      return CompletableFuture.completedFuture(null);
    }
    return waiting.computeIfAbsent(sequence, entry -> new CompletableFuture<>());
  }

  /** Whether every reachable node has acknowledged every entry. Any thread. */
  public boolean isAcknowledgedByAll() {
    return acknowledgedByAll;
  }

  /**
   * The other node takes part from now on and is fed every later entry; what was before it gets as
   * a snapshot, and it has acknowledged nothing yet.
   */
  public void opened(NodeId otherNode, Feed feed) {
    readers.put(otherNode, new Reader(feed));
    acknowledgedByAll = last == 0;
  }

  /** The other node's lanes can see every entry up to this one. */
  public void acknowledged(NodeId otherNode, long sequence) {
    Reader reader = readers.get(otherNode);
    if (reader != null) {
      reader.acknowledged = Math.max(reader.acknowledged, sequence);
      release();
    }
  }

  /** Whether the other node takes part and has acknowledged this entry. */
  public boolean isAcknowledged(NodeId otherNode, long sequence) {
    Reader reader = readers.get(otherNode);
    return reader != null && reader.acknowledged >= sequence;
  }

  /** Nobody waits for this node any more. */
  public void unreachable(NodeId otherNode) {
    readers.remove(otherNode);
    release();
  }

  private long slowest() {
    return readers.values().stream().mapToLong(reader -> reader.acknowledged).min().orElse(last);
  }

  private void release() {
    long slowest = slowest();
    acknowledgedByAll = slowest >= last;
    Iterator<CompletableFuture<@Nullable Void>> seen =
        waiting.headMap(slowest, true).values().iterator();
    while (seen.hasNext()) {
      CompletableFuture<@Nullable Void> wait = seen.next();
      seen.remove();
      wait.complete(null);
    }
  }
}
