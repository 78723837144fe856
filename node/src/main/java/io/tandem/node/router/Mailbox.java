package io.tandem.node.router;

import io.tandem.cluster.Entry;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The entries that wait for one lane. Any lane puts them in; the owner takes them out in order, on
 * its own thread, many in one turn.
 *
 * <p>Bounded in octets. Above half of the bound, sessions that send events or parts of results into
 * it are held; at the bound, events and calls are turned away. Answers are always taken: there are
 * never more of them than calls under way, and losing one would leave a caller waiting (A1).
 */
final class Mailbox {

  private static final int ENTRIES_PER_TURN = 256;

  private final Executor owner;
  private final Consumer<Entry> receiver;
  private final long bound;

  /** Entries, and tasks that have their place among them. */
  private final Queue<Object> entries = new ConcurrentLinkedQueue<>();

  private final Queue<Runnable> held = new ConcurrentLinkedQueue<>();
  private final AtomicLong octets = new AtomicLong();
  private final AtomicBoolean awake = new AtomicBoolean();

  Mailbox(Executor owner, Consumer<Entry> receiver, long bound) {
    this.owner = owner;
    this.receiver = receiver;
    this.bound = bound;
  }

  /**
   * Puts an entry in, or returns false when it is one that can be turned away and there is no room.
   */
  boolean offer(Entry entry) {
    boolean canBeTurnedAway = entry instanceof Entry.Event || entry instanceof Entry.Invoke;
    if (canBeTurnedAway && octets.get() >= bound) {
      return false;
    }
    octets.addAndGet(entry.weight());
    entries.add(entry);
    wake();
    return true;
  }

  /** Runs the task on the owner's thread, after the entries that are in now. */
  void afterwards(Runnable task) {
    entries.add(task);
    wake();
  }

  /** Whether those who feed it should wait a little. */
  boolean isCrowded() {
    return octets.get() > bound / 2;
  }

  /** Runs the task, on the owner's thread, when the mailbox is no longer crowded. */
  void whenRoomy(Runnable task) {
    held.add(task);
    wake();
  }

  private void wake() {
    if (awake.compareAndSet(false, true)) {
      owner.execute(this::drain);
    }
  }

  private void drain() {
    try {
      takeEntries();
      if (!isCrowded()) {
        releaseHeld();
      }
    } finally {
      // Whatever was thrown, the lane goes on with the rest.
      awake.set(false);
      if (!entries.isEmpty() || (!held.isEmpty() && !isCrowded())) {
        wake();
      }
    }
  }

  private void takeEntries() {
    for (int i = 0; i < ENTRIES_PER_TURN; i++) {
      Object next = entries.poll();
      if (next instanceof Entry entry) {
        octets.addAndGet(-entry.weight());
        receiver.accept(entry);
      } else if (next instanceof Runnable task) {
        task.run();
      } else {
        return;
      }
    }
  }

  private void releaseHeld() {
    for (Runnable task = held.poll(); task != null; task = held.poll()) {
      task.run();
    }
  }
}
