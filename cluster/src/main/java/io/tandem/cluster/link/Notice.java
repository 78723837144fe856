package io.tandem.cluster.link;

import io.tandem.registry.RegistryChange;
import java.util.Set;

/**
 * What two nodes tell each other about their registry logs and about themselves, in order, on the
 * control stream.
 */
public sealed interface Notice {

  /**
   * The feature level of the first release that knows this notice. A node of an earlier one is told
   * none.
   */
  default int level() {
    return 1;
  }

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

  /** The sender goes by a configuration with this digest. */
  record Configured(String digest) implements Notice {
    @Override
    public int level() {
      return CONFIGURATIONS;
    }
  }

  /** The receiver is to read its configuration again, and says what came of it by this number. */
  record Reload(long number) implements Notice {
    @Override
    public int level() {
      return CONFIGURATIONS;
    }
  }

  /** What came of it. */
  record Reloaded(long number, ReloadResult result) implements Notice {
    @Override
    public int level() {
      return CONFIGURATIONS;
    }
  }

  /**
   * The sender serves clients and has so many of their sessions.
   *
   * @param waits whether it has too many, and would part with some
   * @param sheds whether it is about to
   */
  record Populated(long sessions, boolean waits, boolean sheds) implements Notice {
    @Override
    public int level() {
      return SESSIONS;
    }
  }

  /** The level of what concerns configurations, the third one. */
  int CONFIGURATIONS = 3;

  /** The level of how many sessions a node has, the fourth one. */
  int SESSIONS = 4;
}
