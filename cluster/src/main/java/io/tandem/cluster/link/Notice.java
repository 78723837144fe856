package io.tandem.cluster.link;

import io.tandem.registry.RegistryChange;
import java.util.Set;

/** What two nodes tell each other about their registry logs, in order, on the control stream. */
public sealed interface Notice {

  /** A snapshot of the sender's slice follows: what its log had come to at this sequence. */
  record SnapshotBegins(long sequence) implements Notice {}

  /** One entry of the snapshot. */
  record SnapshotEntry(RegistryChange change) implements Notice {}

  /** The snapshot is whole; entries of the log follow from {@code sequence} + 1. */
  record SnapshotEnds(long sequence) implements Notice {}

  /** One entry of the sender's log. */
  record Logged(long sequence, RegistryChange change) implements Notice {}

  /** The sender's lanes can see every entry of the receiver's log up to this one. */
  record Seen(long sequence) implements Notice {}

  /** The sender has open links to these incarnations, and to no others. */
  record Reaches(Set<Long> otherNodes) implements Notice {
    public Reaches {
      otherNodes = Set.copyOf(otherNodes);
    }
  }

  /** The sender is on its way out: calls go to other callees where there are any. */
  record Draining() implements Notice {}

  /**
   * The sender holds nothing any more and serves nobody: nothing is to be told to it, and nobody
   * waits for it. Its link lives on until it has left the cluster.
   */
  record Leaving() implements Notice {}
}
