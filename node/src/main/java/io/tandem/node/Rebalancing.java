package io.tandem.node;

import io.tandem.cluster.link.Loop;
import io.tandem.cluster.nodes.NodeSessions;
import io.tandem.node.balance.Rebalance;
import io.tandem.node.config.RebalanceConfig;
import io.tandem.node.transport.LaneVerticle;
import io.tandem.registry.NodeId;
import io.tandem.registry.Scheduler;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells the other nodes, every second, how many sessions this one has, from when clients may come
 * until it leaves; and ends some of them where {@link Rebalance} says so. Home loop.
 */
final class Rebalancing {

  private static final Duration AGAIN = Duration.ofSeconds(1);

  private final Loop home;
  private final NodeSessions sessions;
  private final List<LaneVerticle> lanes;
  private final Duration drainTimeout;

  /** Null where it is not enabled. */
  private final @Nullable Rebalance rebalance;

  private volatile Rebalance.Stage stage = Rebalance.Stage.BALANCED;
  private Scheduler.@Nullable Timer next;
  private boolean over;

  private Rebalancing(
      Loop home,
      NodeSessions sessions,
      List<LaneVerticle> lanes,
      @Nullable Rebalance rebalance,
      Duration drainTimeout) {
    this.home = home;
    this.sessions = sessions;
    this.lanes = lanes;
    this.rebalance = rebalance;
    this.drainTimeout = drainTimeout;
  }

  /**
   * Clients may come from now on.
   *
   * @param drainTimeout how long a session may take that is asked to leave
   */
  static Rebalancing begin(
      Loop home,
      NodeSessions sessions,
      NodeId self,
      List<LaneVerticle> lanes,
      RebalanceConfig rules,
      Duration drainTimeout) {
    Rebalance rebalance = rules.enabled() ? new Rebalance(self.incarnation(), rules) : null;
    Rebalancing begun = new Rebalancing(home, sessions, lanes, rebalance, drainTimeout);
    begun.look();
    return begun;
  }

  private void look() {
    if (over) {
      return;
    }
    long own = lanes.stream().mapToLong(each -> each.lane().sessions()).sum();
    if (rebalance != null) {
      int due = rebalance.look(home.scheduler().nanoTime(), own, sessions.others());
      stage = rebalance.stage();
      if (due > 0) {
        shed(due, own, rebalance);
      }
    }
    sessions.count(own, stage == Rebalance.Stage.WAITS, stage == Rebalance.Stage.SHEDS);
    next = home.scheduler().schedule(AGAIN, this::look);
  }

  /** Each lane ends its part of them, as its sessions are a part of all. */
  private void shed(int due, long own, Rebalance by) {
    long before = by.begunAt();
    long counted = 0;
    int asked = 0;
    for (LaneVerticle lane : lanes) {
      counted += lane.lane().sessions();
      int upToHere = own == 0 ? due : (int) Math.min(due, due * counted / own);
      int part = upToHere - asked;
      asked += part;
      if (part > 0) {
        lane.shed(part, before, drainTimeout)
            .onSuccess(begun -> home.executor().execute(() -> by.parted(begun)));
      }
    }
  }

  /** Nothing is told any more, and nobody asked to leave. Any thread. */
  static void end(@Nullable Rebalancing rebalancing) {
    if (rebalancing != null) {
      rebalancing.home.executor().execute(rebalancing::end);
    }
  }

  private void end() {
    over = true;
    if (next != null) {
      next.cancel();
    }
    stage = Rebalance.Stage.BALANCED;
    sessions.end();
  }

  /** What it is about; any thread. */
  static Rebalance.Stage stage(@Nullable Rebalancing rebalancing) {
    return rebalancing == null ? Rebalance.Stage.BALANCED : rebalancing.stage;
  }
}
