package io.tandem.cluster.link;

/** Why an epoch of a link ended; the names are log keys and metric labels. */
public enum LinkClosed {
  /** Our pings were not answered for too long. A verdict of this link alone. */
  UNREACHABLE,
  /** The peer began a new epoch. */
  REOPENED,
  /** The peer answers pings but one stream does not get through. */
  STALLED,
  /** The peer sent what we cannot read. */
  MALFORMED,
  /** The node failed on something that the peer sent: a defect of ours. */
  DEFECT,
  /** This node is done with the peer: evicted, or on the way out itself. */
  STOPPED
}
