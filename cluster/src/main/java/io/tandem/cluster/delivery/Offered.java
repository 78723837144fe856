package io.tandem.cluster.delivery;

/** What has become of a delivery that was offered to a link to another node. */
public enum Offered {
  /** It leaves. */
  TAKEN,
  /** Dropped: the link is down. */
  UNREACHABLE,
  /** Dropped: the other node has no room for it now. */
  NO_ROOM,
  /** Dropped: larger than anything that may cross. */
  TOO_LARGE,
  /** Dropped: of a kind that the other node's release does not know. */
  UNKNOWN_THERE,
  /** Dropped: it is about a call that is over, so nobody waits for it. */
  CALL_OVER;

  public boolean isTaken() {
    return this == TAKEN;
  }
}
