package io.tandem.cluster.nodes;

import io.tandem.cluster.link.Notice;
import io.tandem.registry.NodeId;
import io.tandem.registry.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How many sessions of clients each node has, as it says itself, every second, from when it serves.
 * Home thread.
 */
public final class NodeSessions {

  /** What a node has said counts for so long. */
  static final Duration STALE = Duration.ofSeconds(10);

  /** Another node, as far as this is about it. */
  interface Subject {
    NodeId node();

    /** Whether it can be reached, is in step, and is not on its way out. */
    boolean isSettled();

    void tellAbout(Notice notice);
  }

  private final Scheduler clock;
  private final Collection<? extends Subject> otherNodes;
  private final BooleanSupplier knowsAll;
  private final Map<Subject, Said> said = new HashMap<>();

  /** What the others are told; null while this node does not serve. */
  private Notice.@Nullable Populated own;

  private record Said(Notice.Populated what, long at) {}

  /**
   * What another node has.
   *
   * @param waits whether it has too many, and would part with some
   * @param sheds whether it is about to
   */
  public record Other(NodeId node, long sessions, boolean waits, boolean sheds) {}

  /**
   * @param otherNodes those that there are, whenever it is looked at
   * @param knowsAll whether these are all members
   */
  NodeSessions(
      Scheduler clock, Collection<? extends Subject> otherNodes, BooleanSupplier knowsAll) {
    this.clock = clock;
    this.otherNodes = otherNodes;
    this.knowsAll = knowsAll;
  }

  /** This node serves, and has so many; see {@link Other}. */
  public void count(long sessions, boolean waits, boolean sheds) {
    own = new Notice.Populated(sessions, waits, sheds);
  }

  /** This node serves no longer: the others hear nothing more of its sessions. */
  public void end() {
    own = null;
  }

  /** Tells the others; to be run every second, since what has been told gets old. */
  void tell() {
    said.keySet().retainAll(otherNodes);
    Notice.Populated now = own;
    if (now != null) {
      otherNodes.forEach(otherNode -> otherNode.tellAbout(now));
    }
  }

  void told(Subject by, Notice.Populated what) {
    said.put(by, new Said(what, clock.nanoTime()));
  }

  /**
   * What each of the others has; null unless that is known of all members, and each of them can be
   * reached, is in step, and is not on its way out. A node of an earlier release says nothing.
   */
  public @Nullable List<Other> others() {
    List<Other> all = new ArrayList<>();
    for (Subject otherNode : otherNodes) {
      Said last = said.get(otherNode);
      if (last == null
          || clock.nanoTime() - last.at() > STALE.toNanos()
          || !otherNode.isSettled()) {
        return null;
      }
      Notice.Populated what = last.what();
      all.add(new Other(otherNode.node(), what.sessions(), what.waits(), what.sheds()));
    }
    return knowsAll.getAsBoolean() ? all : null;
  }
}
