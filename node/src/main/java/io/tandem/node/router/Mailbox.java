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
 *
 * <p>A turn ends after so much work, not after so many entries: one may be for many subscribers or
 * be long. One that is too much for a single turn stops the mailbox until it is done with.
 */
final class Mailbox {

  /** An entry counts one, and so does each message made of it and each KiB that it weighs. */
  private static final int WORK_PER_TURN = 256;

  private final Executor owner;
  private final Executor nextTurn;
  private final Consumer<Entry> receiver;
  private final long bound;

  /** Entries, and tasks that have their place among them. */
  private final Queue<Object> entries = new ConcurrentLinkedQueue<>();

  private final Queue<Runnable> held = new ConcurrentLinkedQueue<>();
  private final AtomicLong octets = new AtomicLong();
  private final AtomicBoolean awake = new AtomicBoolean();

  /** What was done in this turn. */
  private int work;

  /** Written by the owner. */
  private volatile boolean stopped;

  /**
   * @param nextTurn runs a task of the owner's when all others had their turn
   * @param bound in octets
   */
  Mailbox(Executor owner, Executor nextTurn, Consumer<Entry> receiver, long bound) {
    this.owner = owner;
    this.nextTurn = nextTurn;
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
    return stopped || octets.get() > bound / 2;
  }

  /** So many messages are made of the entry at hand. For the owner. */
  void worked(int messages) {
    work += messages;
  }

  /** Takes nothing more until {@link #goOn}. For the owner, while an entry is at hand. */
  void stop() {
    stopped = true;
  }

  /** For the owner. */
  void goOn() {
    stopped = false;
    owner.execute(this::drain);
  }

  /** Runs the task, on the owner's thread, when the mailbox is no longer crowded. */
  void whenRoomy(Runnable task) {
    held.add(task);
    wake();
  }

  private void wake() {
    wake(owner);
  }

  private void wake(Executor by) {
    if (awake.compareAndSet(false, true)) {
      by.execute(this::drain);
    }
  }

  private void drain() {
    work = 0;
    try {
      takeEntries();
      if (!isCrowded()) {
        releaseHeld();
      }
    } finally {
      // Whatever was thrown, the lane goes on with the rest.
      if (!stopped) {
        awake.set(false);
        if (!entries.isEmpty() || (!held.isEmpty() && !isCrowded())) {
          wake(nextTurn);
        }
      }
    }
  }

  private void takeEntries() {
    for (; work < WORK_PER_TURN && !stopped; work++) {
      Object next = entries.poll();
      if (next instanceof Entry entry) {
        int weight = entry.weight();
        octets.addAndGet(-weight);
        work += weight >> 10;
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
