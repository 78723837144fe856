package io.tandem.cluster.membership;

import io.tandem.registry.NodeId;
import java.util.List;

/**
 * Which nodes form the cluster, as its members agree on it: one view, and one verdict for each life
 * of a node that leaves it. Not the same as who can be reached: that is for each link to say. Any
 * thread.
 */
public interface Membership {

  /**
   * A node of the cluster.
   *
   * @param host where its cluster port listens
   * @param port its cluster port
   */
  record Member(NodeId node, String host, int port) {}

  /** Is told what changes: one call at a time, in order, on a thread that must not be blocked. */
  interface Listener {

    /** This node is a member from now on. It is not this one, and was told only once. */
    void joined(Member member);

    /**
     * This node is no member any more: it left, or the others evicted it. It never comes back; a
     * node that starts over has another incarnation.
     */
    void left(Member member);

    /**
     * This node was on the losing side of a partition and has no place among the others under its
     * present identity: it has to start over as a new incarnation. Nothing is told after this.
     */
    void merged();
  }

  /** This node. */
  Member self();

  /** The members, this node among them, the one that has been there longest first. */
  List<Member> members();

  /** The member that has been there longest, which does what one node has to do. */
  default Member oldest() {
    return members().get(0);
  }

  /** Tells this listener of the other members that are there, then of all changes. */
  void listen(Listener listener);
}
