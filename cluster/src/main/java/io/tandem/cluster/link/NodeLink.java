package io.tandem.cluster.link;

import io.tandem.cluster.entry.Entry;
import io.tandem.cluster.entry.Offered;

/**
 * The way to one other node. Any lane offers entries; what one lane offers arrives in the order
 * offered, whichever lanes it is for (O1), or the link breaks and tells so. Never blocks.
 */
public interface NodeLink {

  /**
   * Takes an entry for a lane of the node.
   *
   * @return whether it was taken; if not, it is dropped, and the sender answers or counts
   */
  Offered offer(int fromLane, int toLane, Entry entry);

  /** Whether entries are taken now. */
  boolean isOpen();
}
