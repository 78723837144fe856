package io.tandem.node.router;

import io.tandem.cluster.membership.Membership;
import io.tandem.registry.NodeId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What one life is told of the members, with the rules of {@code HazelcastMembership}: changes are
 * found by comparing with the last list, and a life that has left is passed over if it comes back.
 */
final class VirtualMembership implements Membership {

  private final Member self;
  private final VirtualLoop teller;
  private final List<Listener> listeners = new ArrayList<>();
  private final Set<NodeId> left = new HashSet<>();
  private List<Member> view;
  private boolean over;

  VirtualMembership(VirtualLife life, VirtualLoop teller, List<VirtualLife> first) {
    this.self = member(life);
    this.teller = teller;
    this.view = members(first);
  }

  private static Member member(VirtualLife life) {
    return new Member(life.id, life.machine, 1);
  }

  private static List<Member> members(List<VirtualLife> lives) {
    return lives.stream().map(VirtualMembership::member).toList();
  }

  @Override
  public Member self() {
    return self;
  }

  @Override
  public List<Member> members() {
    return view;
  }

  @Override
  public void listen(Listener listener) {
    teller.execute(
        () -> {
          listeners.add(listener);
          view.stream().filter(member -> !member.equals(self)).forEach(listener::joined);
        });
  }

  void changesTo(List<VirtualLife> lives) {
    List<Member> told = members(lives);
    teller.execute(() -> compare(told));
  }

  private void compare(List<Member> told) {
    if (over) {
      return;
    }
    List<Member> before = view;
    before.stream().filter(member -> !told.contains(member)).forEach(m -> left.add(m.node()));
    view = told.stream().filter(member -> !left.contains(member.node())).toList();
    for (Member member : before) {
      if (!view.contains(member)) {
        listeners.forEach(listener -> listener.left(member));
      }
    }
    for (Member member : view) {
      if (!before.contains(member)) {
        listeners.forEach(listener -> listener.joined(member));
      }
    }
  }

  void merges() {
    teller.execute(
        () -> {
          if (!over) {
            over = true;
            listeners.forEach(Listener::merged);
          }
        });
  }

  /** This node leaves: nothing that happens from now on is told. */
  void leaves() {
    teller.execute(() -> over = true);
  }
}
