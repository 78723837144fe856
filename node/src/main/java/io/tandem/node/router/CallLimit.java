package io.tandem.node.router;

import io.tandem.cluster.delivery.CallAddress;
import io.tandem.cluster.delivery.Delivery;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How many calls at once a callee takes for one of its registrations (RPC-SHR-09), how many it has,
 * and those that wait for it, in order. Belongs to the callee's lane.
 */
final class CallLimit {

  /** A call that waits, and what has come of it since. */
  record Waiting(Delivery.Invoke invoke, List<Delivery.Part> parts) {}

  private final long most;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private long taken;

  /**
   * @param most how many at once, 1 or more
   */
  CallLimit(long most) {
    this.most = most;
  }

  boolean hasRoom() {
    return taken < most;
  }

  /** The callee has one more. */
  void take() {
    taken++;
  }

  /** The callee has one less. */
  void give() {
    taken--;
  }

  int waiting() {
    return waiting.size();
  }

  void await(Delivery.Invoke invoke) {
    waiting.add(new Waiting(invoke, new ArrayList<>(0)));
  }

  /** Keeps the part with its call, if that waits here. */
  boolean await(Delivery.Part part) {
    for (Waiting one : waiting) {
      if (one.invoke.call().equals(part.call())) {
        return one.parts.add(part);
      }
    }
    return false;
  }

  /** The one that has waited longest, which waits no longer; null when there is none. */
  @Nullable Waiting next() {
    return waiting.poll();
  }

  /** Forgets calls that are over; returns whether there were any. */
  boolean drop(Predicate<CallAddress> isOver) {
    return waiting.removeIf(one -> isOver.test(one.invoke.call()));
  }
}
