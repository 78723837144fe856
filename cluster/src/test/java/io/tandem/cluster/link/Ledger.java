package io.tandem.cluster.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.cluster.delivery.CallAddress;
import io.tandem.cluster.delivery.Delivery;
import io.tandem.registry.NodeId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What a simulation promised and what it kept: each path delivers what was offered on it in one
 * epoch, in that order, each thing once.
 */
final class Ledger {

  /** One stream in one epoch, which both sides know by the same two numbers. */
  record Path(NodeId from, NodeId to, int lane, long fromEpoch, long toEpoch) {

    /** A path from this node, whose link has these ends. */
    static Path out(NodeId self, NodeId otherNode, int lane, Frame.Ends ends) {
      return new Path(self, otherNode, lane, ends.fromEpoch(), ends.toEpoch());
    }

    /**
     * A path to this node, whose link has these ends: the other node's view of it, turned round.
     */
    static Path in(NodeId self, NodeId otherNode, int lane, Frame.Ends ends) {
      long senders = ends.toEpoch();
      long receivers = ends.fromEpoch();
      return new Path(otherNode, self, lane, senders, receivers);
    }
  }

  private final Map<Path, Deque<Delivery>> deliveries = new HashMap<>();
  private final Map<Path, Deque<Notice>> controls = new HashMap<>();
  final Set<CallAddress> canceled = new HashSet<>();
  private final Set<CallAddress> answered = new HashSet<>();
  final Map<LinkClosed, Integer> closed = new EnumMap<>(LinkClosed.class);
  long delivered;
  long replaced;
  long holds;
  long calls;

  void offered(Path path, Delivery delivery) {
    deliveries.computeIfAbsent(path, key -> new ArrayDeque<>()).add(delivery);
    if (Cost.isFinal(delivery)) {
      answered(call(delivery));
    }
  }

  /** The callee's side is done with the call: a cancel on its way meets nothing. */
  void answered(CallAddress call) {
    answered.add(call);
  }

  void tell(Path path, Notice item) {
    controls.computeIfAbsent(path, key -> new ArrayDeque<>()).add(item);
  }

  void told(Path path, Notice item) {
    assertThat(controls.getOrDefault(path, new ArrayDeque<>()).poll())
        .as("notice on %s", path)
        .isEqualTo(item);
  }

  void received(Path path, Delivery delivery) {
    delivered++;
    Deque<Delivery> offered = deliveries.getOrDefault(path, new ArrayDeque<>());
    Delivery expected = offered.poll();
    while (expected != null && !isSame(expected, delivery) && mayBeDropped(expected)) {
      expected = offered.poll();
    }
    if (expected != null && isReplacement(expected, delivery)) {
      replaced++;
    } else if (expected == null || !isSame(expected, delivery)) {
      throw new AssertionError("on " + path + " came " + delivery + " instead of " + expected);
    }
  }

  /** Answers and cancels that crossed each other: the link drops what comes too late. */
  private boolean mayBeDropped(Delivery delivery) {
    if (delivery instanceof Delivery.Cancel cancel) {
      return answered.contains(cancel.call());
    }
    return !(delivery instanceof Delivery.Event)
        && !(delivery instanceof Delivery.Invoke)
        && canceled.contains(call(delivery));
  }

  private static boolean isReplacement(Delivery offered, Delivery received) {
    return received instanceof Delivery.Failed failed
        && (offered instanceof Delivery.Result || offered instanceof Delivery.Failed)
        && failed.error().startsWith("wamp.error.")
        && failed.call().equals(call(offered));
  }

  /** Within this epoch nothing is missing at the end. */
  void checkNothingIsMissing(Path path) {
    Deque<Delivery> rest = deliveries.getOrDefault(path, new ArrayDeque<>());
    rest.removeIf(this::mayBeDropped);
    assertThat(rest).as("lost on %s", path).isEmpty();
    Path control = new Path(path.from(), path.to(), -1, path.fromEpoch(), path.toEpoch());
    assertThat(controls.getOrDefault(control, new ArrayDeque<>())).as("lost control").isEmpty();
  }

  static CallAddress call(Delivery delivery) {
    if (delivery instanceof Delivery.Invoke invoke) {
      return invoke.call();
    } else if (delivery instanceof Delivery.Result result) {
      return result.call();
    } else if (delivery instanceof Delivery.Failed failed) {
      return failed.call();
    } else if (delivery instanceof Delivery.Refused refused) {
      return refused.call();
    } else if (delivery instanceof Delivery.Cancel cancel) {
      return cancel.call();
    }
    throw new IllegalArgumentException("not about a call: " + delivery);
  }

  /** Every publication and call has a number of its own, and payloads differ in length. */
  private static boolean isSame(Delivery one, Delivery other) {
    if (one instanceof Delivery.Event event && other instanceof Delivery.Event that) {
      return event.publication().id() == that.publication().id() && event.weight() == that.weight();
    }
    return one.getClass() == other.getClass()
        && one.weight() == other.weight()
        && call(one).equals(call(other));
  }
}
