package io.tandem.node.transport;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Knows which clients of a lane hold buffers by not going on: they have begun a message, or do not
 * read what waits for them. While there is room they may. When the buffers of the process take half
 * of what they may, those go who have held most for longest, so that others find room (B1).
 *
 * <p>Belongs to its lane's event loop.
 */
final class BufferWatch {

  /** The holders are looked through once for so much of all memory that they took more. */
  private static final int LOOKS = 256;

  /** What one client holds. Belongs to the watch. */
  static final class Hold {
    private final Runnable end;

    /** Octets; 0 for nothing. */
    private long octets;

    private long since;

    /** Its place among the holds, or -1. */
    private int place = -1;

    private long weight;

    /**
     * @param end ends the client's transport, and with it what it holds
     */
    Hold(Runnable end) {
      this.end = end;
    }
  }

  private final DirectMemory memory;
  private final Executor lane;
  private final LongSupplier nanoTime;
  private final List<Hold> holds = new ArrayList<>();
  private final AtomicBoolean looking = new AtomicBoolean();
  private long grown;

  /** Octets of all holds; written by this lane, read by the others. */
  private final AtomicLong held = new AtomicLong();

  /**
   * @param lane runs a task between two turns of the lane
   */
  BufferWatch(DirectMemory memory, Executor lane, LongSupplier nanoTime) {
    this.memory = memory;
    this.lane = lane;
    this.nanoTime = nanoTime;
    memory.watchedBy(this);
  }

  /** Octets of all holds. Any thread. */
  long octetsHeld() {
    return held.get();
  }

  /** Whether there is so little left that this client may hold no more than its share. */
  boolean isTooMuch(Hold hold) {
    // In this order: it is asked after each read and each flush, and most hold nothing.
    return hold.octets != 0 && hold.octets > share() && memory.isScarce();
  }

  /**
   * What each of those who hold something may hold whatever the others do: together an eighth of
   * all memory. Nobody is sent away for less, since nobody would be helped.
   */
  private long share() {
    return memory.limit() / 8 / memory.watches().size() / Math.max(1, holds.size());
  }

  /** So many octets are held now. */
  void set(Hold hold, long octets) {
    long before = hold.octets;
    if (octets == before) {
      return;
    }
    hold.octets = octets;
    held.lazySet(held.get() + octets - before);
    if (before == 0) {
      hold.place = holds.size();
      hold.since = nanoTime.getAsLong();
      holds.add(hold);
    } else if (octets == 0) {
      remove(hold);
    }
    if (octets > before) {
      grew(octets - before);
    }
  }

  private void remove(Hold hold) {
    Hold last = holds.remove(holds.size() - 1);
    if (last != hold) {
      holds.set(hold.place, last);
      last.place = hold.place;
    }
    hold.place = -1;
  }

  private void grew(long octets) {
    grown += octets;
    if (grown >= memory.limit() / LOOKS) {
      grown = 0;
      if (memory.excess() > 0) {
        lookSoon();
      }
    }
  }

  /** Not now: whoever asks for it may be in the middle of its books. Any thread. */
  private void lookSoon() {
    if (looking.compareAndSet(false, true)) {
      lane.execute(this::look);
    }
  }

  /** Ends the heaviest until what they held makes up for what is too much. */
  private void look() {
    looking.set(false);
    for (BufferWatch other : memory.watches()) {
      if (other.held.get() / 2 > held.get()) {
        // Nobody is sent away for what is held elsewhere.
        other.lookSoon();
        return;
      }
    }
    long excess = memory.excess();
    long share = share();
    for (Hold hold : byWeight()) {
      if (excess <= 0) {
        return;
      }
      if (hold.octets > share) {
        excess -= hold.octets;
        hold.end.run();
      }
    }
  }

  private List<Hold> byWeight() {
    long now = nanoTime.getAsLong();
    for (Hold hold : holds) {
      // In milliseconds, roughly: no product is too large for that.
      hold.weight = hold.octets * Math.max(1, (now - hold.since) >> 20);
    }
    List<Hold> sorted = new ArrayList<>(holds);
    sorted.sort(Comparator.comparingLong((Hold hold) -> hold.weight).reversed());
    return sorted;
  }
}
