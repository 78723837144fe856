package io.tandem.cluster.kept;

import io.tandem.cluster.delivery.Publication;
import io.tandem.cluster.delivery.Stamps;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;

/**
 * The publications that one rule keeps, in order, and what they take. One thread changes it at a
 * time; any thread reads.
 */
final class Pool {

  /** What the objects of one publication take beside what is in them, with its places in books. */
  private static final int OVERHEAD = 512;

  final KeepRule rule;
  private final ConcurrentSkipListMap<Position, Publication> publications =
      new ConcurrentSkipListMap<>();

  // Written by whoever changes it; counted by others.
  private volatile int events;
  private volatile long octets;

  Pool(KeepRule rule) {
    this.rule = rule;
  }

  /** What keeping it takes, in octets. Its options are there twice, as lists and as sets. */
  static long weight(Publication publication) {
    return OVERHEAD + publication.weight() + (long) publication.options().weight();
  }

  int events() {
    return events;
  }

  long octets() {
    return octets;
  }

  /** Whether there is room for it at all. */
  boolean admits(Publication publication) {
    return weight(publication) <= rule.octets();
  }

  boolean contains(Position position) {
    return publications.containsKey(position);
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one thread at a time
  void add(Publication publication) {
    publications.put(Position.of(publication), publication);
    events++;
    octets += weight(publication);
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one thread at a time
  void remove(Publication publication) {
    if (publications.remove(Position.of(publication)) != null) {
      events--;
      octets -= weight(publication);
    }
  }

  /**
   * Removes those for which there is no room, the oldest ones.
   *
   * @return how many
   */
  int evict(Consumer<Publication> gone) {
    int evicted = 0;
    while (events > rule.events() || octets > rule.octets()) {
      removeFirst(gone);
      evicted++;
    }
    return evicted;
  }

  /** Removes those whose time is over. */
  void expire(long now, Consumer<Publication> gone) {
    while (!publications.isEmpty() && isOver(publications.firstEntry().getValue(), now)) {
      removeFirst(gone);
    }
  }

  private void removeFirst(Consumer<Publication> gone) {
    Publication oldest = publications.firstEntry().getValue();
    remove(oldest);
    gone.accept(oldest);
  }

  /**
   * Whether its time is over.
   *
   * @param now in milliseconds since 1970
   */
  boolean isOver(Publication publication, long now) {
    return millisLeft(publication, now) <= 0;
  }

  /** How long it is kept if there is room, in milliseconds. */
  long millisLeft(Publication publication, long now) {
    return rule.age() == null
        ? Long.MAX_VALUE
        : Stamps.millis(publication.stamp()) + rule.age().toMillis() - now;
  }

  /** All, the oldest first; changes may be met or not. */
  NavigableMap<Position, Publication> all() {
    return publications;
  }
}
