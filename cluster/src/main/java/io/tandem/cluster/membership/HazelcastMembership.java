package io.tandem.cluster.membership;

import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent;
import io.tandem.registry.NodeId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The members of a Hazelcast cluster that are nodes of ours. Hazelcast tells of changes on several
 * threads; here every one of them means that the teller, which runs one task at a time, compares
 * Hazelcast's list with the last one.
 *
 * <p>After a partition Hazelcast lets the members of the losing side go on under new UUIDs, with
 * their attributes as they were. So the others would see an evicted node return: a life that has
 * left is passed over here.
 */
final class HazelcastMembership implements Membership {

  private static final Logger LOG = LoggerFactory.getLogger(HazelcastMembership.class);

  private final HazelcastInstance hazelcast;
  private final Executor teller;
  private final Member self;

  /** Replaced by the teller only; in the order of age. */
  private volatile Map<UUID, Member> view;

  private final Acquaintances acquaintances;

  // For the teller only.

  private final List<Listener> listeners = new ArrayList<>();
  private boolean isOver;
  private boolean hasMerged;
  private final Set<NodeId> left = Collections.newSetFromMap(new Remembered<>());

  private HazelcastMembership(
      HazelcastInstance hazelcast, Executor teller, Member self, Acquaintances acquaintances) {
    this.hazelcast = hazelcast;
    this.teller = teller;
    this.self = self;
    this.acquaintances = acquaintances;
    this.view = present();
  }

  static HazelcastMembership of(
      HazelcastInstance hazelcast, Executor teller, Member self, Acquaintances acquaintances) {
    HazelcastMembership membership =
        new HazelcastMembership(hazelcast, teller, self, acquaintances);
    hazelcast.getCluster().addMembershipListener(membership.new Changes());
    hazelcast.getLifecycleService().addLifecycleListener(membership::lifecycleChanged);
    teller.execute(membership::compare);
    return membership;
  }

  @Override
  public Member self() {
    return self;
  }

  @Override
  public List<Member> members() {
    return List.copyOf(view.values());
  }

  @Override
  public void listen(Listener listener) {
    teller.execute(
        () -> {
          listeners.add(listener);
          if (hasMerged) {
            listener.merged();
            return;
          }
          view.values().stream().filter(member -> !member.equals(self)).forEach(listener::joined);
        });
  }

  /** This node leaves: nothing that happens from now on is told. */
  void leave() {
    teller.execute(() -> isOver = true);
  }

  private void compare() {
    if (isOver) {
      return;
    }
    Map<UUID, Member> before = view;
    Map<UUID, Member> now = present();
    before.forEach(
        (uuid, member) -> {
          if (!now.containsKey(uuid)) {
            left.add(member.node());
          }
        });
    now.values().removeIf(member -> left.contains(member.node()));
    view = now;
    before.forEach(
        (uuid, member) -> {
          if (!now.containsKey(uuid)) {
            tell(listener -> listener.left(member));
          }
        });
    now.forEach(
        (uuid, member) -> {
          if (!before.containsKey(uuid)) {
            tell(listener -> listener.joined(member));
          }
        });
  }

  private void startOver() {
    if (!isOver) {
      isOver = true;
      hasMerged = true;
      tell(Listener::merged);
    }
  }

  private void tell(Consumer<Listener> news) {
    for (Listener listener : listeners) {
      try {
        news.accept(listener);
      } catch (RuntimeException e) {
        LOG.error("a listener of the membership failed", e);
      }
    }
  }

  private Map<UUID, Member> present() {
    Map<UUID, Member> present = new LinkedHashMap<>();
    for (com.hazelcast.cluster.Member member : hazelcast.getCluster().getMembers()) {
      Member node = node(member);
      if (node != null) {
        present.put(member.getUuid(), node);
      }
    }
    return present;
  }

  private static @Nullable Member node(com.hazelcast.cluster.Member member) {
    String name = member.getAttribute(HazelcastConfiguration.NODE_NAME);
    String incarnation = member.getAttribute(HazelcastConfiguration.INCARNATION);
    if (name == null || incarnation == null) {
      LOG.warn("{} is in the cluster and no node of ours", member.getAddress());
      return null;
    }
    return new Member(
        new NodeId(name, Long.parseLong(incarnation)),
        member.getAddress().getHost(),
        member.getAddress().getPort());
  }

  private void lifecycleChanged(LifecycleEvent event) {
    switch (event.getState()) {
      // Told before Hazelcast forgets the members, so the end comes before any change of them.
      case MERGING, SHUTTING_DOWN -> {
        acquaintances.look();
        teller.execute(this::startOver);
      }
      default -> {}
    }
  }

  /** Hazelcast's events are taken as hints. */
  private final class Changes implements MembershipListener {
    @Override
    public void memberAdded(MembershipEvent event) {
      teller.execute(HazelcastMembership.this::compare);
    }

    @Override
    public void memberRemoved(MembershipEvent event) {
      teller.execute(HazelcastMembership.this::compare);
    }
  }
}
