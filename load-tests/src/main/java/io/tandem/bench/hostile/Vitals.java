package io.tandem.bench.hostile;

import java.util.ArrayList;
import java.util.List;

/**
 * How the node is after an attack, when its attackers have gone.
 *
 * @param alive whether all nodes run
 * @param resident memory of the attacked one's process, in octets
 * @param heap what is alive in its heap after a full collection, in octets
 * @param sessions that it has
 * @param complaints what its log says of defects
 */
record Vitals(boolean alive, long resident, long heap, long sessions, List<String> complaints) {

  /** Lines of a log that a report shows. */
  private static final int SHOWN = 6;

  /**
   * What a node may come to.
   *
   * @param resident octets of its process: what the chart's memory limit gives it
   * @param heap octets alive when the attackers have gone
   * @param sessions the honest client's, one that it opens or closes included
   */
  record Ceiling(long resident, long heap, long sessions) {

    /** The chart gives the heap 35 % of the memory of the container. */
    private static final double HEAP_SHARE = 0.35;

    /** What an attack may leave behind that is made once, and never given back. */
    private static final long ONCE = 32 << 20;

    /**
     * @param maxHeap octets of the node's heap
     * @param quiet how it was before the first attack
     */
    static Ceiling of(long maxHeap, Vitals quiet) {
      return new Ceiling((long) (maxHeap / HEAP_SHARE), quiet.heap() + ONCE, quiet.sessions() + 2);
    }
  }

  /** What is not as it should be. */
  List<String> faults(Ceiling ceiling) {
    if (!alive) {
      return List.of("a node died");
    }
    List<String> faults = new ArrayList<>();
    if (resident > ceiling.resident()) {
      faults.add(beyond("resident memory", resident, ceiling.resident()));
    }
    if (heap > ceiling.heap()) {
      faults.add(beyond("heap that stays", heap, ceiling.heap()));
    }
    if (sessions > ceiling.sessions()) {
      faults.add(sessions + " sessions are left");
    }
    complaints.stream().limit(SHOWN).forEach(line -> faults.add("log: " + line.strip()));
    return faults;
  }

  private static String beyond(String what, long octets, long ceiling) {
    return "%s of %d MiB, beyond %d MiB".formatted(what, octets >> 20, ceiling >> 20);
  }
}
