package io.tandem.node.config;

/** What a realm does while the nodes of its cluster cannot all reach each other. */
public enum PartitionPolicy {
  /** Both sides serve; of two callees of one exclusive registration the losing side's goes. */
  AVAILABLE,
  /**
   * A side without a majority of the nodes that last agreed takes no new exclusive registrations.
   */
  QUORUM
}
