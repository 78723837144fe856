package io.tandem.node.router;

import io.tandem.cluster.delivery.CallAddress;
import io.tandem.cluster.delivery.Delivery;
import io.tandem.registry.NodeId;
import io.tandem.registry.Scheduler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Calls that come to a callee before it has been told REGISTERED, since the caller's lane saw the
 * registration a little earlier. They wait for that, and with them all that comes for the callee
 * meanwhile, in order: turned away, a call might find that later ones have overtaken it (O1).
 */
final class EarlyInvokes {

  /** How long a call waits at most, and how old a REGISTER may be that one waits for. */
  static final Duration PATIENCE = Duration.ofMillis(200);

  /** For one callee; at the bound those that wait are treated as they are. */
  private static final int BOUND = 256;

  private final Scheduler scheduler;

  /** Told, in order, what waits no longer. */
  private final BiConsumer<Session, Delivery.Invoke> refused;

  private final Consumer<Delivery.Part> refusedPart;

  private final Map<Session, Waiting> waiting = new HashMap<>();

  /** Calls, and further parts of calls. */
  private static final class Waiting {
    final Deque<Delivery> invokes = new ArrayDeque<>();
    Scheduler.@Nullable Timer timer;
  }

  EarlyInvokes(
      Scheduler scheduler,
      BiConsumer<Session, Delivery.Invoke> refused,
      Consumer<Delivery.Part> refusedPart) {
    this.scheduler = scheduler;
    this.refused = refused;
    this.refusedPart = refusedPart;
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  int count() {
    return waiting.values().stream().mapToInt(one -> one.invokes.size()).sum();
  }

  /** Whether the call waits; if not it is for the caller to treat. */
  boolean takes(Session callee, Delivery.Invoke invoke) {
    if (!callee.callsWait
        && (callee.registrations.containsKey(invoke.registration()) || !isAwaited(callee))) {
      return false;
    }
    return takes(callee, waiting.computeIfAbsent(callee, this::begin), invoke);
  }

  /**
   * The same for a further part of a call.
   *
   * @param callee that has the call, or null: then the call may wait here itself
   */
  boolean takes(@Nullable Session callee, Delivery.Part part) {
    Session behind = callee == null ? find(part.call()) : callee;
    Waiting line = behind == null ? null : waiting.get(behind);
    return behind != null && line != null && takes(behind, line, part);
  }

  private @Nullable Session find(CallAddress call) {
    for (Map.Entry<Session, Waiting> one : waiting.entrySet()) {
      if (one.getValue().invokes.stream().anyMatch(delivery -> call.equals(call(delivery)))) {
        return one.getKey();
      }
    }
    return null;
  }

  private boolean takes(Session callee, Waiting line, Delivery delivery) {
    if (line.invokes.size() >= BOUND) {
      release(callee, any -> true);
      return false;
    }
    line.invokes.add(delivery);
    return true;
  }

  private boolean isAwaited(Session callee) {
    return callee.registering > 0
        && scheduler.nanoTime() - callee.registerAsked < PATIENCE.toNanos();
  }

  private Waiting begin(Session callee) {
    callee.callsWait = true;
    Waiting line = new Waiting();
    line.timer = scheduler.schedule(PATIENCE, () -> release(callee, invoke -> true));
    return line;
  }

  /** One of the session's REGISTERs is answered. */
  void answered(Session callee) {
    if (callee.callsWait) {
      release(
          callee,
          invoke ->
              callee.registering == 0 || callee.registrations.containsKey(invoke.registration()));
    }
  }

  /** The session is over: nothing waits any more. */
  void leave(Session callee) {
    if (callee.callsWait) {
      release(callee, invoke -> true);
    }
  }

  private void release(Session callee, Predicate<Delivery.Invoke> mayGo) {
    Waiting line = waiting.get(callee);
    if (line == null) {
      return;
    }
    while (!line.invokes.isEmpty()) {
      Delivery next = line.invokes.getFirst();
      if (next instanceof Delivery.Invoke invoke) {
        if (!mayGo.test(invoke)) {
          break;
        }
        line.invokes.removeFirst();
        refused.accept(callee, invoke);
      } else if (next instanceof Delivery.Part part) {
        line.invokes.removeFirst();
        refusedPart.accept(part);
      }
    }
    if (line.invokes.isEmpty()) {
      forget(callee, line);
    }
  }

  private void forget(Session callee, Waiting line) {
    callee.callsWait = false;
    waiting.remove(callee);
    if (line.timer != null) {
      line.timer.cancel();
    }
  }

  /** The call is given up; returns whether it waited here. */
  boolean cancel(CallAddress call) {
    return drop(other -> other.equals(call));
  }

  /** The callers of this node wait no longer. */
  void lost(NodeId node) {
    drop(call -> call.lane().node().equals(node));
  }

  private static CallAddress call(Delivery delivery) {
    return delivery instanceof Delivery.Invoke invoke
        ? invoke.call()
        : ((Delivery.Part) delivery).call();
  }

  private boolean drop(Predicate<CallAddress> isOver) {
    boolean any = false;
    for (Map.Entry<Session, Waiting> one : List.copyOf(waiting.entrySet())) {
      any |= one.getValue().invokes.removeIf(delivery -> isOver.test(call(delivery)));
      if (one.getValue().invokes.isEmpty()) {
        forget(one.getKey(), one.getValue());
      }
    }
    return any;
  }
}
