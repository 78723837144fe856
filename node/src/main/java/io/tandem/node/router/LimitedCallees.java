package io.tandem.node.router;

import io.tandem.cluster.delivery.CallAddress;
import io.tandem.cluster.delivery.Delivery;
import io.tandem.registry.NodeId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The calls of one lane and realm that wait for callees which limit how many they take at once. The
 * order of the calls of one registration is kept; a callee that limits one of its registrations
 * wants the calls of its others not to wait for those. Belongs to the lane.
 */
final class LimitedCallees {

  private final LiveSettings settings;
  private final Consumer<Delivery.Invoke> invoke;
  private final Consumer<Delivery.Part> part;

  /** Those for which something waits. */
  private final Set<CallLimit> crowded = new HashSet<>();

  /**
   * @param invoke is told, in order, which calls wait no longer
   * @param part likewise, right behind its call
   */
  LimitedCallees(
      LiveSettings settings, Consumer<Delivery.Invoke> invoke, Consumer<Delivery.Part> part) {
    this.settings = settings;
    this.invoke = invoke;
    this.part = part;
  }

  boolean isEmpty() {
    return crowded.isEmpty();
  }

  int count() {
    return crowded.stream().mapToInt(CallLimit::waiting).sum();
  }

  /** Whether the call waits; false when as many do as may. */
  boolean takes(CallLimit limit, Delivery.Invoke call) {
    if (limit.waiting() >= settings.now().calls().maxWaiting()) {
      return false;
    }
    limit.await(call);
    crowded.add(limit);
    return true;
  }

  /** The same for a further part of a call that waits. */
  boolean takes(Delivery.Part further) {
    for (CallLimit limit : crowded) {
      if (limit.await(further)) {
        return true;
      }
    }
    return false;
  }

  /** The callee may have room now, or none for anybody ever again. */
  void serve(CallLimit limit) {
    while (limit.hasRoom()) {
      CallLimit.Waiting next = limit.next();
      if (next == null) {
        break;
      }
      invoke.accept(next.invoke());
      next.parts().forEach(part);
    }
    rest(limit);
  }

  /** Nobody waits any more: the registration is over, so all are refused. */
  void end(CallLimit limit) {
    for (CallLimit.Waiting next = limit.next(); next != null; next = limit.next()) {
      invoke.accept(next.invoke());
    }
    rest(limit);
  }

  /** The call is given up; returns whether it waited here. */
  boolean cancel(CallAddress call) {
    return drop(call::equals);
  }

  /** The callers of this node wait no longer. */
  void lost(NodeId node) {
    drop(call -> call.lane().node().equals(node));
  }

  private boolean drop(Predicate<CallAddress> isOver) {
    boolean any = false;
    for (CallLimit limit : List.copyOf(crowded)) {
      any |= limit.drop(isOver);
      rest(limit);
    }
    return any;
  }

  private void rest(CallLimit limit) {
    if (limit.waiting() == 0) {
      crowded.remove(limit);
    }
  }
}
