package io.tandem.cluster.link;

import io.tandem.registry.RegistryChange;
import java.util.Set;

/** What two nodes tell each other about their registry logs, in order, on the control stream. */
public sealed interface ControlRecord {

  /** A snapshot of the sender's slice follows: what its log had come to at this sequence. */
  record SnapshotBegins(long sequence) implements ControlRecord {}

  /** One entry of the snapshot. */
  record SnapshotEntry(RegistryChange change) implements ControlRecord {}

  /** The snapshot is whole; entries of the log follow from {@code sequence} + 1. */
  record SnapshotEnds(long sequence) implements ControlRecord {}

  /** One entry of the sender's log. */
  record Logged(long sequence, RegistryChange change) implements ControlRecord {}

  /** The sender's lanes can see every entry of the receiver's log up to this one. */
  record Seen(long sequence) implements ControlRecord {}

  /** The sender has open links to these incarnations, and to no others. */
  record Reaches(Set<Long> peers) implements ControlRecord {
    public Reaches {
      peers = Set.copyOf(peers);
    }
  }

  /** The sender is on its way out: calls go to other callees where there are any. */
  record Draining() implements ControlRecord {}

  /**
   * The sender holds nothing any more and serves nobody: nothing is to be told to it, and nobody
   * waits for it. Its link lives on until it has left the cluster.
   */
  record Leaving() implements ControlRecord {}
}
