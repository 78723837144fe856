package io.tandem.cluster.kept;

import io.tandem.cluster.delivery.Publication;

/** The place of a kept publication in the order of all: its stamp, and among equal ones its ID. */
record Position(long stamp, long publication) implements Comparable<Position> {

  static Position of(Publication publication) {
    return new Position(publication.stamp(), publication.id());
  }

  @Override
  public int compareTo(Position other) {
    int byStamp = Long.compare(stamp, other.stamp);
    return byStamp != 0 ? byStamp : Long.compare(publication, other.publication);
  }

  /** Two sets of positions with different sums of these are different. */
  long mixed() {
    long mixed = (stamp ^ Long.rotateLeft(publication, 32)) * 0x9E3779B97F4A7C15L;
    return (mixed ^ (mixed >>> 29)) * 0xBF58476D1CE4E5B9L;
  }
}
