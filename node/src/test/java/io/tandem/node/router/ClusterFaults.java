package io.tandem.node.router;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Nodes and ways between them that fail, as the seed has it. */
final class ClusterFaults {

  private final VirtualCluster cluster;
  private final Random random;
  private final List<String> machines;
  private final List<Runnable> mending = new ArrayList<>();
  private final Map<List<String>, Boolean> cut = new HashMap<>();

  ClusterFaults(VirtualCluster cluster, List<String> machines) {
    this.cluster = cluster;
    this.random = cluster.random;
    this.machines = machines;
  }

  /** One of them, and later the next, until {@link #mend}. */
  void fault() {
    if (!cluster.trouble) {
      return;
    }
    String one = cluster.any(machines);
    String other = cluster.any(machines.stream().filter(each -> !each.equals(one)).toList());
    VirtualLife life = cluster.machines.get(one);
    switch (random.nextInt(9)) {
      case 0, 1 -> partition(one, other, random.nextInt(4) != 0);
      case 2 -> isolate(one);
      case 3, 4 -> freeze(life);
      case 5 -> crash(life);
      case 6 -> leave(life);
      default -> cluster.network.reconnect(one, other);
    }
    cluster.after(random.nextInt(5_000), this::fault);
  }

  private int span() {
    return random.nextInt(random.nextInt(3) == 0 ? 15_000 : 4_500);
  }

  private void isolate(String machine) {
    for (String other : machines) {
      if (!other.equals(machine)) {
        partition(machine, other, true);
      }
    }
  }

  private void partition(String one, String other, boolean members) {
    List<String> pair = List.of(one, other).stream().sorted().toList();
    boolean oneWay = random.nextInt(4) == 0;
    if (cut.putIfAbsent(pair, true) == null) {
      cluster.tell("{} and {} are apart, as members {}, one way {}", one, other, members, oneWay);
      if (oneWay) {
        cluster.cutOneWay(one, other, true, members);
      } else {
        cluster.cut(one, other, true, members);
      }
      untilMended(
          span(),
          () -> {
            cluster.tell("{} and {} are together", one, other);
            cluster.cut(one, other, false, members);
            cut.remove(pair);
          });
    }
  }

  private void freeze(@Nullable VirtualLife life) {
    if (life != null && !life.frozen) {
      life.freeze();
      untilMended(
          random.nextInt(4) == 0 ? 1_000 + random.nextInt(29_000) : span(),
          () -> {
            if (!life.dead) {
              life.thaw();
            }
          });
    }
  }

  private void crash(@Nullable VirtualLife life) {
    if (life != null) {
      life.die(random.nextBoolean());
    }
  }

  private void leave(@Nullable VirtualLife life) {
    if (life != null && life.ready && !life.frozen) {
      life.leave();
    }
  }

  /** What a fault broke is mended after a while, or when all faults end. */
  private void untilMended(int millis, Runnable mend) {
    boolean[] done = {false};
    Runnable once =
        () -> {
          if (!done[0]) {
            done[0] = true;
            mend.run();
          }
        };
    mending.add(once);
    cluster.after(millis, once);
  }

  /** No more of them, and none that lasts. */
  void mend() {
    cluster.tell("faults end");
    cluster.trouble = false;
    cluster.network.loss = 0;
    cluster.network.duplicates = 0;
    mending.forEach(Runnable::run);
  }
}
