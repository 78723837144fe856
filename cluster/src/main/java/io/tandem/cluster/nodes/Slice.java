package io.tandem.cluster.nodes;

import io.tandem.cluster.link.Notice;
import io.tandem.registry.NodeId;
import io.tandem.registry.RegistryChange;
import io.tandem.registry.Resource;
import io.tandem.registry.RoutingTables;
import io.tandem.registry.Scheduler;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Another node's part of the registry, put into this node's tables as the other node tells of it.
 * While the other node cannot be reached its part stays there and serves nobody, since the link
 * takes nothing; the next snapshot replaces it, and only eviction removes it.
 */
final class Slice {

  /** Entries looked at in one turn when stale ones are removed. */
  private static final int PER_TURN = 1_000;

  private final NodeId otherNode;
  private final RoutingTables tables;
  private final Scheduler home;

  /** The newest entry of the other node's log that is in the tables, with all before it. */
  private long sequence;

  private boolean whole;

  /** Whether the tables may hold something that a new snapshot does not confirm. */
  private boolean begun;

  /** Whether a callee has been taken out since the last {@link #takeWithdrawals}. */
  private boolean withdrawals;

  /** What has been confirmed since the newest snapshot began, while stale entries are sought. */
  private @Nullable Set<Object> confirmed;

  /** One callee of the slice, whatever else is known of it. */
  private record CalleeKey(Resource resource, long registration, long session) {}

  Slice(NodeId otherNode, RoutingTables tables, Scheduler home) {
    this.otherNode = otherNode;
    this.tables = tables;
    this.home = home;
  }

  /** Whether a snapshot is in the tables, and everything logged after it as far as it came. */
  boolean isWhole() {
    return whole;
  }

  long sequence() {
    return sequence;
  }

  /** The link's epoch is over: what comes next is a snapshot. */
  void interrupted() {
    whole = false;
  }

  void told(Notice notice) {
    if (notice instanceof Notice.Logged logged) {
      if (!whole || logged.sequence() != sequence + 1) {
        throw new IllegalStateException(
            "entry " + logged.sequence() + " of " + otherNode + " does not follow " + sequence);
      }
      apply(logged.change());
      sequence = logged.sequence();
    } else if (notice instanceof Notice.SnapshotBegins) {
      whole = false;
      confirmed = begun ? new HashSet<>() : null;
      begun = true;
    } else if (notice instanceof Notice.SnapshotEntry entry) {
      apply(entry.change());
    } else if (notice instanceof Notice.SnapshotEnds ends) {
      sequence = ends.sequence();
      whole = true;
      if (confirmed != null) {
        sweep(confirmed);
      }
    }
  }

  /** Whether a callee has been taken out since this was last asked. */
  boolean takeWithdrawals() {
    boolean any = withdrawals;
    withdrawals = false;
    return any;
  }

  private void apply(RegistryChange change) {
    tables.apply(otherNode, change);
    withdrawals |= change instanceof RegistryChange.CalleeRemoved;
    if (confirmed != null) {
      confirmed.add(key(change));
    }
  }

  private static Object key(RegistryChange change) {
    if (change instanceof RegistryChange.CalleeAdded added) {
      return new CalleeKey(change.resource(), added.registration(), added.callee().session());
    } else if (change instanceof RegistryChange.CalleeRemoved removed) {
      return new CalleeKey(change.resource(), removed.registration(), removed.callee().session());
    }
    return change.resource();
  }

  /** The other node is gone for good: takes all of it out of the tables. */
  void remove() {
    whole = false;
    confirmed = Set.of();
    sweep(confirmed);
  }

  /** Removes what was not confirmed, a little in each turn, unless another sweep begins. */
  private void sweep(Set<Object> kept) {
    sweep(kept, tables.slice(otherNode));
  }

  private void sweep(Set<Object> kept, Iterator<RegistryChange> rest) {
    if (confirmed != kept) {
      return;
    }
    for (int i = 0; i < PER_TURN; i++) {
      if (!rest.hasNext()) {
        confirmed = null;
        return;
      }
      RegistryChange entry = rest.next();
      if (!kept.contains(key(entry))) {
        tables.apply(otherNode, withdrawn(entry));
      }
    }
    home.nextTurn(() -> sweep(kept, rest));
  }

  private static RegistryChange withdrawn(RegistryChange entry) {
    return entry instanceof RegistryChange.CalleeAdded added
        ? new RegistryChange.CalleeRemoved(added.resource(), added.registration(), added.callee())
        : new RegistryChange.InterestLost(entry.resource());
  }
}
