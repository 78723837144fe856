package io.tandem.cluster.peers;

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
  private final Collection<Peer> peers;
  private final Duration partialAfter;

  /**
   * @param peers the present ones at any time
   * @param partialAfter how long a link may be gone between two nodes that others reach
   */
  Verdict(Membership membership, Collection<Peer> peers, Duration partialAfter) {
    this.membership = membership;
    this.peers = peers;
    this.partialAfter = partialAfter;
  }

  /**
   * The one for which this node starts over, if there is one. A link is gone, and both of its ends
   * are there for others: the membership will not decide, since to its oldest member nothing is
   * wrong. Then the one of the two starts over that misses more of the others than the other end,
   * or else the younger. Both know enough to come to the same verdict, after as long as it takes to
   * evict a node that nobody hears.
   */
  @Nullable Peer givesWayTo() {
    List<NodeId> byAge = membership.members().stream().map(Membership.Member::node).toList();
    for (Peer peer : peers) {
      // One that was never linked may be at its start.
      Duration patience = peer.isKnown() ? partialAfter : partialAfter.multipliedBy(2);
      boolean isPartial =
          peer.missed().compareTo(patience) >= 0 && !peer.isDraining() && isThereForOthers(peer);
      if (isPartial && mustGiveWay(peer.node(), byAge)) {
        return peer;
      }
    }
    return null;
  }

  private boolean isThereForOthers(Peer peer) {
    return !peer.link().isOpen()
        && !peer.isLeaving()
        && peers.stream().anyMatch(witness -> witness.reaches(peer.node()));
  }

  private boolean mustGiveWay(NodeId other, List<NodeId> byAge) {
    NodeId self = membership.self().node();
    long mine = peers.stream().filter(this::isThereForOthers).count();
    long theirs = 1 + peers.stream().filter(peer -> peer.misses(other)).count();
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
