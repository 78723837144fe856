package io.tandem.cluster.nodes;

import io.tandem.cluster.link.Link;
import io.tandem.registry.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Who of the other nodes is there, as it was when something about one of them last changed. Changed
 * on the home thread; read on any.
 */
final class Presence {

  private final Set<NodeId> away = ConcurrentHashMap.newKeySet();
  private volatile List<OtherNodes.State> states = List.of();
  private volatile List<Link> links = List.of();
  private volatile long changedAt;
  private final Majority majority = new Majority();

  /** Those whose link is open, by incarnation. */
  private Set<Long> reached = Set.of();

  /** Nobody is known before this time of the home scheduler's clock. */
  void begins(long now) {
    changedAt = now;
  }

  /** The node cannot be reached, or is gone, until it is seen to be there or is forgotten. */
  void away(NodeId node) {
    away.add(node);
  }

  void forget(NodeId node) {
    away.remove(node);
  }

  /** A node that drained has left. */
  void drained(NodeId node) {
    majority.drained(node.name());
  }

  /**
   * Takes in how the other nodes are now.
   *
   * @param now by the home scheduler's clock
   * @return whether others are reached than before
   */
  boolean changed(Collection<OtherNode> otherNodes, long now) {
    List<OtherNodes.State> fresh = new ArrayList<>();
    List<Link> ways = new ArrayList<>();
    for (OtherNode otherNode : otherNodes) {
      OtherNodes.State state = otherNode.state();
      if (state.open() && !state.draining()) {
        away.remove(state.node());
      } else {
        away.add(state.node());
      }
      fresh.add(state);
      ways.add(otherNode.link());
    }
    states = List.copyOf(fresh);
    links = List.copyOf(ways);
    majority.count(fresh);
    Set<Long> open =
        fresh.stream()
            .filter(OtherNodes.State::open)
            .map(state -> state.node().incarnation())
            .collect(Collectors.toSet());
    boolean differs = !open.equals(reached);
    reached = open;
    changedAt = differs ? now : changedAt;
    return differs;
  }

  /** Those whose link is open, by incarnation. Home thread. */
  Set<Long> reached() {
    return reached;
  }

  boolean isAway(NodeId node) {
    return away.contains(node);
  }

  List<OtherNodes.State> states() {
    return states;
  }

  /** The ways to them. */
  List<Link> links() {
    return links;
  }

  /** When others came to be reached than before, by the clock that {@link #changed} was told. */
  long changedAt() {
    return changedAt;
  }

  boolean hasQuorum() {
    return majority.isReached();
  }

  /**
   * What keeps this node from being in step with the others, for people to read.
   *
   * @param now by the home scheduler's clock
   */
  List<String> waitsFor(long now) {
    return states.stream()
        .filter(state -> !state.inStep())
        .map(
            state ->
                state.open()
                    ? "registry of " + state.node().name() + ": not in step"
                    : "link to "
                        + state.node().name()
                        + ": not open for "
                        + Duration.ofNanos(now - state.closedAt()).toSeconds()
                        + " s")
        .toList();
  }
}
