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
}
