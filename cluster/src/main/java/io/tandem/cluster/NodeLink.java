package io.tandem.cluster;

/**
 * The way to one other node. Any lane offers entries; entries between the same two lanes arrive in
 * the order offered, or the link breaks and tells so. Never blocks.
 */
public interface NodeLink {

  /**
   * Takes an entry for a lane of the node.
   *
   * @return false when the link has no room or is down; the entry is dropped then, and the sender
   *     answers or counts
   */
  boolean offer(int fromLane, int toLane, Entry entry);
}
