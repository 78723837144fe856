package io.tandem.cluster.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.cluster.entry.CallAddress;
import io.tandem.cluster.entry.Entry;
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
    static Path out(NodeId self, NodeId peer, int lane, Frame.Ends ends) {
      return new Path(self, peer, lane, ends.fromEpoch(), ends.toEpoch());
    }

    /** A path to this node, whose link has these ends: the peer's view of it, turned round. */
    static Path in(NodeId self, NodeId peer, int lane, Frame.Ends ends) {
      long senders = ends.toEpoch();
      long receivers = ends.fromEpoch();
      return new Path(peer, self, lane, senders, receivers);
    }
  }

  private final Map<Path, Deque<Entry>> entries = new HashMap<>();
  private final Map<Path, Deque<ControlRecord>> controls = new HashMap<>();
  final Set<CallAddress> canceled = new HashSet<>();
  private final Set<CallAddress> answered = new HashSet<>();
  final Map<LinkClosed, Integer> closed = new EnumMap<>(LinkClosed.class);
  long delivered;
  long replaced;
  long holds;
  long calls;

  void offered(Path path, Entry entry) {
    entries.computeIfAbsent(path, key -> new ArrayDeque<>()).add(entry);
    if (Cost.isFinal(entry)) {
      answered(call(entry));
    }
  }

  /** The callee's side is done with the call: a cancel on its way meets nothing. */
  void answered(CallAddress call) {
    answered.add(call);
  }

  void tell(Path path, ControlRecord record) {
    controls.computeIfAbsent(path, key -> new ArrayDeque<>()).add(record);
  }

  void told(Path path, ControlRecord record) {
    assertThat(controls.getOrDefault(path, new ArrayDeque<>()).poll())
        .as("control record on %s", path)
        .isEqualTo(record);
  }

  void received(Path path, Entry entry) {
    delivered++;
    Deque<Entry> offered = entries.getOrDefault(path, new ArrayDeque<>());
    Entry expected = offered.poll();
    while (expected != null && !isSame(expected, entry) && mayBeDropped(expected)) {
      expected = offered.poll();
    }
    if (expected != null && isReplacement(expected, entry)) {
      replaced++;
    } else if (expected == null || !isSame(expected, entry)) {
      throw new AssertionError("on " + path + " came " + entry + " instead of " + expected);
    }
  }

  /** Answers and cancels that crossed each other: the link drops what comes too late. */
  private boolean mayBeDropped(Entry entry) {
    if (entry instanceof Entry.Cancel cancel) {
      return answered.contains(cancel.call());
    }
    return !(entry instanceof Entry.Event)
        && !(entry instanceof Entry.Invoke)
        && canceled.contains(call(entry));
  }

  private static boolean isReplacement(Entry offered, Entry received) {
    return received instanceof Entry.Failed failed
        && (offered instanceof Entry.Result || offered instanceof Entry.Failed)
        && failed.error().startsWith("wamp.error.")
        && failed.call().equals(call(offered));
  }

  /** Within this epoch nothing is missing at the end. */
  void checkNothingIsMissing(Path path) {
    Deque<Entry> rest = entries.getOrDefault(path, new ArrayDeque<>());
    rest.removeIf(this::mayBeDropped);
    assertThat(rest).as("lost on %s", path).isEmpty();
    Path control = new Path(path.from(), path.to(), -1, path.fromEpoch(), path.toEpoch());
    assertThat(controls.getOrDefault(control, new ArrayDeque<>())).as("lost control").isEmpty();
  }

  static CallAddress call(Entry entry) {
    if (entry instanceof Entry.Invoke invoke) {
      return invoke.call();
    } else if (entry instanceof Entry.Result result) {
      return result.call();
    } else if (entry instanceof Entry.Failed failed) {
      return failed.call();
    } else if (entry instanceof Entry.Refused refused) {
      return refused.call();
    } else if (entry instanceof Entry.Cancel cancel) {
      return cancel.call();
    }
    throw new IllegalArgumentException("not about a call: " + entry);
  }

  /** Every publication and call has a number of its own, and payloads differ in length. */
  private static boolean isSame(Entry one, Entry other) {
    if (one instanceof Entry.Event event && other instanceof Entry.Event that) {
      return event.publication().id() == that.publication().id() && event.weight() == that.weight();
    }
    return one.getClass() == other.getClass()
        && one.weight() == other.weight()
        && call(one).equals(call(other));
  }
}
