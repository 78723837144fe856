package io.tandem.node.router;

import io.tandem.cluster.simulation.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stands for what Hazelcast does with members: silence of 5 s makes a member suspect, the oldest
 * one that is not suspect removes those that are, and two sides that meet again merge, the smaller
 * one into the larger.
 */
final class Sides {

  private static final Duration PERIOD = Duration.ofMillis(250);
  private static final long SUSPECT = Duration.ofSeconds(5).toNanos();
  private static final long CLOSED = Duration.ofMillis(300).toNanos();
  private static final long FIRST_MERGE = Duration.ofSeconds(5).toNanos();
  private static final long NEXT_MERGE = Duration.ofSeconds(3).toNanos();

  private final VirtualCluster cluster;
  private final VirtualTime time;
  private final Random random;
  final List<Side> all = new ArrayList<>();

  Sides(VirtualCluster cluster) {
    this.cluster = cluster;
    this.time = cluster.time;
    this.random = cluster.random;
    time.after(PERIOD, this::tick);
  }

  // ---- joining and leaving ----

  /** The side that a new life can join now, or null. */
  @Nullable Side open(String machine) {
    Side best = null;
    for (Side side : all) {
      VirtualLife master = side.master();
      if (master != null
          && !master.frozen
          && cluster.canTalk(machine, master.machine)
          && (best == null || side.present().size() > best.present().size())) {
        best = side;
      }
    }
    return best;
  }

  /** A life of a machine takes the place of an earlier one that nobody has missed yet. */
  void join(VirtualLife life, @Nullable Side open) {
    Side side = open;
    if (side == null) {
      side = new Side();
      side.nextMerge = time.now() + FIRST_MERGE;
      all.add(side);
    }
    side.view.removeIf(other -> other.machine.equals(life.machine));
    side.view.add(life);
    side.version++;
    life.side = side;
    life.seen = side.version;
    publish(side);
  }

  void leave(VirtualLife life) {
    Side side = life.side;
    if (side.view.remove(life)) {
      side.version++;
      publish(side);
    }
  }

  // ---- watching ----

  private void tick() {
    time.after(PERIOD, this::tick);
    for (Side side : List.copyOf(all)) {
      watch(side);
      publish(side);
    }
    all.removeIf(side -> side.present().isEmpty() && all.size() > 1);
    merge();
  }

  private void watch(Side side) {
    for (VirtualLife life : side.present()) {
      if (life.frozen) {
        continue;
      }
      for (VirtualLife other : side.view) {
        if (other.side == side && cluster.connected(life, other)) {
          life.heard.put(other, time.now());
        }
      }
      Set<VirtualLife> suspects = new LinkedHashSet<>(side.view);
      suspects.removeIf(other -> other == life || !suspects(life, other));
      List<VirtualLife> older = side.view.subList(0, side.view.indexOf(life));
      if (!suspects.isEmpty() && suspects.containsAll(older)) {
        remove(side, suspects);
        return;
      }
    }
  }

  private boolean suspects(VirtualLife life, VirtualLife other) {
    if (other.dead && other.closesConnections && cluster.canTalk(life.machine, other.machine)) {
      return time.now() - other.diedAt > CLOSED;
    }
    if (!other.dead && other.side != life.side && cluster.connected(life, other)) {
      return true; // it says so itself
    }
    return time.now() - life.heard.getOrDefault(other, time.now()) > SUSPECT;
  }

  private void remove(Side side, Set<VirtualLife> suspects) {
    cluster.tell("{} of {} are suspect", suspects, side.view);
    Set<VirtualLife> out = new LinkedHashSet<>(suspects);
    out.removeIf(life -> life.dead || life.side != side);
    if (!out.isEmpty()) {
      Side rest = side.rest(out);
      rest.nextMerge = time.now() + FIRST_MERGE;
      side.nextMerge = time.now() + FIRST_MERGE;
      all.add(rest);
    }
    side.view.removeAll(suspects);
    side.version++;
  }

  /** Members hear of the view from the oldest one, once they can. */
  private void publish(Side side) {
    VirtualLife master = side.master();
    for (VirtualLife life : side.present()) {
      boolean hears =
          master != null
              && (life == master ? !life.frozen : cluster.connected(life, master))
              && life.seen != side.version;
      if (hears) {
        life.seen = side.version;
        side.view.forEach(other -> life.heard.putIfAbsent(other, time.now()));
        time.after(
            Duration.ofMillis(random.nextInt(50)),
            () -> {
              if (life.side == side) {
                life.membership().changesTo(side.view);
              }
            });
      }
    }
  }

  // ---- merging ----

  private void merge() {
    for (Side one : List.copyOf(all)) {
      if (time.now() < one.nextMerge) {
        continue;
      }
      one.nextMerge = time.now() + NEXT_MERGE;
      for (Side other : all) {
        if (one != other && canMerge(one, other) && isSmaller(one, other)) {
          merge(one, other);
          return;
        }
      }
    }
  }

  private boolean canMerge(Side one, Side other) {
    VirtualLife master = one.master();
    VirtualLife target = other.master();
    return master != null && target != null && cluster.connected(master, target);
  }

  private boolean isSmaller(Side one, Side other) {
    int difference = other.view.size() - one.view.size();
    return difference != 0 ? difference > 0 : all.indexOf(one) > all.indexOf(other);
  }

  /** The members of the losing side go on under other names, which their own nodes never use. */
  private void merge(Side loser, Side winner) {
    cluster.tell("{} of {} merge into {}", loser.present(), loser.view, winner.view);
    for (VirtualLife life : loser.present()) {
      life.merged = true;
      life.side = winner;
      life.membership().merges();
    }
    all.remove(loser);
  }
}
