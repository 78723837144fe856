package io.tandem.cluster.nodes;

import io.tandem.cluster.link.LinkSettings;
import io.tandem.cluster.link.Notice;
import io.tandem.registry.NodeId;
import io.tandem.registry.RegistryChange;
import io.tandem.registry.RoutingTables;
import io.tandem.registry.log.RegistryLog;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Queue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What one node is told of this node's log in one epoch: a snapshot, then every entry after it. The
 * snapshot is read from the tables as it leaves, so it may hold later changes already; these follow
 * as entries too, and say the same once more.
 */
final class LogFeed implements RegistryLog.Feed {

  /** What an entry in the tail takes beside its URI, in octets, roughly. */
  private static final int ENTRY = 128;

  private final RegistryLog log;
  private final RoutingTables tables;
  private final NodeId self;
  private final Predicate<Notice> link;

  /** Kept for another node that takes them slowly; beyond the bound a new snapshot is cheaper. */
  private final Queue<Notice.Logged> tail = new ArrayDeque<>();

  /** What the tail takes, in octets. */
  private int tailOctets;

  private @Nullable Iterator<RegistryChange> snapshot;
  private long snapshotSequence;

  /** The next to leave, which the link had no room for. */
  private @Nullable Notice next;

  /**
   * @param link takes an item, or returns false and calls for {@link #resume} later
   */
  LogFeed(RegistryLog log, RoutingTables tables, Predicate<Notice> link) {
    this.log = log;
    this.tables = tables;
    this.self = tables.self();
    this.link = link;
  }

  /** Tells all that the log has come to. */
  void begin() {
    tail.clear();
    tailOctets = 0;
    snapshotSequence = log.last();
    snapshot = tables.slice(self);
    next = new Notice.SnapshotBegins(snapshotSequence);
    resume();
  }

  @Override
  public void appended(long sequence, RegistryChange change) {
    Notice.Logged entry = new Notice.Logged(sequence, change);
    if (tailOctets + octets(entry) > LinkSettings.REGISTRY_TAIL) {
      begin();
      return;
    }
    tail.add(entry);
    tailOctets += octets(entry);
    resume();
  }

  private static int octets(Notice.Logged entry) {
    return ENTRY + 2 * entry.change().resource().uri().length();
  }

  /** Goes on until the link has no room. */
  void resume() {
    while (true) {
      if (next == null) {
        next = following();
      }
      if (next == null || !link.test(next)) {
        return;
      }
      next = null;
    }
  }

  private @Nullable Notice following() {
    if (snapshot == null) {
      Notice.Logged first = tail.poll();
      tailOctets -= first == null ? 0 : octets(first);
      return first;
    }
    if (snapshot.hasNext()) {
      return new Notice.SnapshotEntry(snapshot.next());
    }
    snapshot = null;
    return new Notice.SnapshotEnds(snapshotSequence);
  }
}
