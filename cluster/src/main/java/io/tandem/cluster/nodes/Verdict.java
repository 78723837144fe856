package io.tandem.cluster.nodes;

import io.tandem.cluster.membership.Membership;
import io.tandem.registry.NodeId;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which of two nodes starts over that have lost each other while both are members: each side comes
 * to the verdict by itself, and both to the same one. Home thread.
 */
final class Verdict {

  private final Membership membership;
  private final Collection<OtherNode> otherNodes;
  private final Duration partialAfter;

  /**
   * @param otherNodes the present ones at any time
   * @param partialAfter how long a link may be gone between two nodes that others reach
   */
  Verdict(Membership membership, Collection<OtherNode> otherNodes, Duration partialAfter) {
    this.membership = membership;
    this.otherNodes = otherNodes;
    this.partialAfter = partialAfter;
  }

  /**
   * The one for which this node starts over, if there is one. A link is gone, and both of its ends
   * are there for others: the membership will not decide, since to its oldest member nothing is
   * wrong. Then the one of the two starts over that misses more of the others than the other end,
   * or else the younger. Both know enough to come to the same verdict, after as long as it takes to
   * evict a node that nobody hears.
   */
  @Nullable OtherNode givesWayTo() {
    List<NodeId> byAge = membership.members().stream().map(Membership.Member::node).toList();
    for (OtherNode otherNode : otherNodes) {
      // One that was never linked may be at its start.
      Duration patience = otherNode.isKnown() ? partialAfter : partialAfter.multipliedBy(2);
      boolean isPartial =
          otherNode.missed().compareTo(patience) >= 0
              && !otherNode.isDraining()
              && isThereForOthers(otherNode);
      if (isPartial && mustGiveWay(otherNode.node(), byAge)) {
        return otherNode;
      }
    }
    return null;
  }

  private boolean isThereForOthers(OtherNode otherNode) {
    return !otherNode.link().isOpen()
        && !otherNode.isLeaving()
        && otherNodes.stream().anyMatch(witness -> witness.reaches(otherNode.node()));
  }

  private boolean mustGiveWay(NodeId other, List<NodeId> byAge) {
    NodeId self = membership.self().node();
    long mine = otherNodes.stream().filter(this::isThereForOthers).count();
    long theirs = 1 + otherNodes.stream().filter(otherNode -> otherNode.misses(other)).count();
    return mine != theirs ? mine > theirs : byAge.indexOf(self) > byAge.indexOf(other);
  }

  /**
   * Whether this node starts over as another one saw it leave.
   *
   * @param by the incarnation of the other one
   * @param members the incarnations of those with whom that one goes on
   */
  boolean isOutvoted(long by, long[] members) {
    Set<Long> theirs = Arrays.stream(members).boxed().collect(Collectors.toSet());
    Set<Long> ours =
        membership.members().stream()
            .map(member -> member.node().incarnation())
            .collect(Collectors.toSet());
    long here = ours.stream().filter(each -> !theirs.contains(each)).count();
    // While this node still counts the other one in, it alone is told, never both.
    return ours.contains(by)
        ? here <= theirs.size()
        : here < theirs.stream().filter(each -> !ours.contains(each)).count();
  }
}
