package io.tandem.cluster.link;

/** Why an epoch of a link ended; the names are log keys and metric labels. */
public enum LinkClosed {
  /** Our pings were not answered for too long. A verdict of this link alone. */
  UNREACHABLE,
  /** The other node began a new epoch. */
  REOPENED,
  /** The other node answers pings but one stream does not get through. */
  STALLED,
  /** The other node sent what we cannot read. */
  MALFORMED,
  /** The node failed on something that the other node sent: a defect of ours. */
  DEFECT,
  /** This node is done with the other node: evicted, or on the way out itself. */
  STOPPED
}
