package io.tandem.bench.drain;

import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What became of the publications, each of which has a number. One event loop.
 *
 * <p>A publication that was begun after a subscriber had heard SUBSCRIBED, and that was
 * acknowledged, has to reach that subscriber, once, and in order with others of the same publisher.
 * Who is asked is whoever is still connected at the end.
 */
final class EventTally {

  private final BitSet acknowledged = new BitSet();
  private final Set<Receiver> connected = new LinkedHashSet<>();
  private final Map<String, Integer> errors = new TreeMap<>();
  private int published;
  private long received;
  private int gone;
  private int twice;
  private int disordered;

  /** One session of a subscriber. */
  final class Receiver {
    private final BitSet heard = new BitSet();
    private final Map<Long, Integer> lastOf = new HashMap<>();
    private int from;

    private Receiver() {}

    /** From now on it is owed what is published. */
    void subscribed() {
      from = published;
      connected.add(this);
    }

    /**
     * @param publisher its session
     */
    void event(int publication, long publisher) {
      received++;
      if (heard.get(publication)) {
        twice++;
        return;
      }
      heard.set(publication);
      if (lastOf.merge(publisher, publication, Math::max) != publication) {
        disordered++;
      }
    }

    void ended() {
      if (connected.remove(this)) {
        gone++;
      }
    }

    private int missing() {
      BitSet missing = acknowledged.get(from, Math.max(from, acknowledged.length()));
      missing.andNot(heard.get(from, Math.max(from, heard.length())));
      return missing.cardinality();
    }
  }

  Receiver receiver() {
    return new Receiver();
  }

  /** The number of a publication that begins now. */
  int begin() {
    return published++;
  }

  void acknowledged(int publication) {
    acknowledged.set(publication);
  }

  void error(String uri) {
    errors.merge(uri, 1, Integer::sum);
  }

  /** How often an acknowledged event has not reached somebody who is still connected. */
  int missing() {
    return connected.stream().mapToInt(Receiver::missing).sum();
  }

  /** Events that came, to all receivers together. */
  long received() {
    return received;
  }

  boolean isWhole() {
    return errors.isEmpty()
        && missing() == 0
        && twice == 0
        && disordered == 0
        && !acknowledged.isEmpty();
  }

  @Override
  public String toString() {
    return published
        + " publications, "
        + acknowledged.cardinality()
        + " acknowledged, errors "
        + errors
        + ": "
        + connected.size()
        + " subscribers that stayed miss "
        + missing()
        + " of them; "
        + twice
        + " came twice, "
        + disordered
        + " out of order; "
        + gone
        + " subscribers went";
  }
}
