package io.tandem.node.router;

import io.tandem.cluster.delivery.Delivery;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The deliveries that wait for one lane. Any lane puts them in; the owner takes them out in order,
 * on its own thread, many in one turn.
 *
 * <p>Bounded in octets. Above half of the bound, sessions that send events, or parts of calls or
 * results, into it are held; at the bound, events and calls are turned away. The rest is always
 * taken: there are never more answers than calls under way, and losing one would leave a caller
 * waiting (A1).
 *
 * <p>A turn ends after so much work, not after so many deliveries: one may be for many subscribers
 * or be long. And the work is that of all tasks which take deliveries out before the owner's loop
 * has come round, since as long as others put deliveries in there would always be one more of them.
 * A delivery that is too much for a single turn stops the mailbox until it is done with.
 */
final class Mailbox {

  /** A delivery counts one, and so does each message made of it and each KiB that it weighs. */
  private static final int WORK_PER_TURN = 256;

  private final Executor owner;
  private final Executor nextTurn;
  private final Consumer<Delivery> receiver;
  private final long bound;

  /** Deliveries, and tasks that have their place among them. */
  private final Queue<Object> deliveries = new ConcurrentLinkedQueue<>();

  private final Queue<Runnable> held = new ConcurrentLinkedQueue<>();
  private final AtomicLong octets = new AtomicLong();
  private final AtomicBoolean awake = new AtomicBoolean();

  /** What was done since a turn last began. */
  private int work;

  /** Whether deliveries are being taken out. */
  private boolean taking;

  /** Written by the owner. */
  private volatile boolean stopped;

  /**
   * @param nextTurn runs a task of the owner's when all others had their turn
   * @param bound in octets
   */
  Mailbox(Executor owner, Executor nextTurn, Consumer<Delivery> receiver, long bound) {
    this.owner = owner;
    this.nextTurn = nextTurn;
    this.receiver = receiver;
    this.bound = bound;
  }

  /**
   * Puts a delivery in, or returns false when it is one that can be turned away and there is no
   * room.
   */
  boolean offer(Delivery delivery) {
    boolean canBeTurnedAway =
        delivery instanceof Delivery.Event || delivery instanceof Delivery.Invoke;
    if (!canBeTurnedAway) {
      octets.addAndGet(delivery.weight());
    } else if (!hasTaken(delivery.weight())) {
      return false;
    }
    deliveries.add(delivery);
    wake();
    return true;
  }

  /** Not more than one delivery goes beyond the bound, however many come at once. */
  private boolean hasTaken(int weight) {
    while (true) {
      long before = octets.get();
      if (before >= bound) {
        return false;
      }
      if (octets.compareAndSet(before, before + weight)) {
        return true;
      }
    }
  }

  /** Runs the task on the owner's thread, after the deliveries that are in now. */
  void afterwards(Runnable task) {
    deliveries.add(task);
    wake();
  }

  /** Of the deliveries that are in. Any thread. */
  long octets() {
    return octets.get();
  }

  /** Whether no delivery is in. */
  boolean isEmpty() {
    return octets.get() == 0;
  }

  /** Whether those who feed it should wait a little. */
  boolean isCrowded() {
    return stopped || octets.get() > bound / 2;
  }

  /** So many messages are made, of the delivery at hand if there is one. For the owner. */
  void worked(int messages) {
    if (taking) {
      work += messages;
    }
  }

  /** Takes nothing more until {@link #goOn}. For the owner, while a delivery is at hand. */
  void stop() {
    stopped = true;
  }

  /** For the owner. */
  void goOn() {
    stopped = false;
    nextTurn.execute(this::turn);
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

  private void turn() {
    work = 0;
    drain();
  }

  private void drain() {
    taking = true;
    try {
      takeItems();
      if (!isCrowded()) {
        releaseHeld();
      }
    } finally {
      taking = false;
      // Whatever was thrown, the lane goes on with the rest.
      if (!stopped) {
        goOnOrSleep();
      }
    }
  }

  private void goOnOrSleep() {
    if (work >= WORK_PER_TURN) {
      // Awake meanwhile: whoever puts something in begins no turn before the others had theirs.
      nextTurn.execute(this::turn);
      return;
    }
    awake.set(false);
    if (!deliveries.isEmpty() || (!held.isEmpty() && !isCrowded())) {
      wake();
    }
  }

  private void takeItems() {
    for (; work < WORK_PER_TURN && !stopped; work++) {
      Object next = deliveries.poll();
      if (next instanceof Delivery delivery) {
        int weight = delivery.weight();
        octets.addAndGet(-weight);
        work += weight >> 10;
        receiver.accept(delivery);
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
