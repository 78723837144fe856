package io.tandem.cluster.link;

import io.tandem.registry.Scheduler;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Lets events into a link as far as credit goes. When credit runs short, publishers are held, once
 * and briefly; where that does not help, events are shed until half of the window is free again.
 *
 * <p>Lanes ask {@link #admit}; the rest is for the link's thread.
 */
final class EventGate {

  private final Credit credit;
  private final Loop loop;
  private final Duration longestHold;
  private final LinkListener listener;

  private volatile boolean shedding;

  /** Set from the beginning of a shortage to its end: it has had its hold. */
  private final AtomicBoolean shortage = new AtomicBoolean();

  private Scheduler.@Nullable Timer holding;
  private boolean closed;

  EventGate(Credit credit, Loop loop, Duration longestHold, LinkListener listener) {
    this.credit = credit;
    this.loop = loop;
    this.longestHold = longestHold;
    this.listener = listener;
  }

  /** Takes credit for an event, or says that it is to be shed. */
  boolean admit(long cost) {
    boolean admitted = !shedding && credit.take(cost);
    if (!admitted && credit.isShort()) {
      shedding = true;
      if (credit.isRoomy()) {
        shedding = false; // it came back meanwhile, and who granted it may have looked too early
      }
    }
    if ((!admitted || credit.isShort()) && shortage.compareAndSet(false, true)) {
      loop.executor().execute(this::hold);
    }
    return admitted;
  }

  private void hold() {
    // Credit may have come and gone again before this task ran: then there are two of them.
    if (!closed && holding == null) {
      holding = loop.scheduler().schedule(longestHold, this::resume);
      listener.hold();
      granted();
    }
  }

  private void resume() {
    if (holding != null) {
      holding.cancel();
      holding = null;
      listener.resume();
    }
  }

  /** The other node may have granted more. */
  void granted() {
    if (credit.isRoomy()) {
      shedding = false;
      resume();
      shortage.set(false);
    }
  }

  /** The epoch is over. */
  void close() {
    closed = true;
    resume();
  }
}
