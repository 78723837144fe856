package io.tandem.registry;

/**
 * One life of one node. A node that starts over keeps its name and takes a new incarnation, so
 * nothing that was meant for the earlier life reaches the later one.
 *
 * @param name unique in the cluster, the same over restarts where the operator configures it
 * @param incarnation drawn anew at every start
 */
public record NodeId(String name, long incarnation) {

  /** Both in one text, {@code name#incarnation}. */
  public String text() {
    return name + '#' + Long.toUnsignedString(incarnation);
  }
}
