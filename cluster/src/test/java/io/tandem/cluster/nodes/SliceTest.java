package io.tandem.cluster.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.cluster.link.Notice;
import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.registry.NodeId;
import io.tandem.registry.RegistryChange;
import io.tandem.registry.Resource;
import io.tandem.registry.RoutingTables;
import io.tandem.registry.Scheduler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** Another node's part of the registry in the tables of this node. */
class SliceTest {

  private static final String REALM = "realm1";
  private static final int ENTRIES = 2_500;

  private final NodeId otherNode = new NodeId("B", 1);
  private final RoutingTables tables = new RoutingTables(new NodeId("A", 1));

  /** What runs before the loop looks at anything else, and what runs after that. */
  private final Queue<Runnable> tasks = new ArrayDeque<>();

  private final Queue<Runnable> timers = new ArrayDeque<>();

  private final Slice slice = new Slice(otherNode, tables, new Later());

  private final class Later implements Scheduler {
    @Override
    public long nanoTime() {
      return 0;
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
      timers.add(task);
      return () -> timers.remove(task);
    }
  }

  @Test
  void whatAPeerLeavesBehindIsRemovedALittleInEachTurnOfTheLoop() {
    slice.told(new Notice.SnapshotBegins(0));
    for (int i = 0; i < ENTRIES; i++) {
      Resource topic = new Resource(REALM, MatchPolicy.EXACT, "com.t" + i);
      slice.told(new Notice.SnapshotEntry(new RegistryChange.InterestGained(topic)));
    }
    slice.told(new Notice.SnapshotEnds(0));
    assertThat(left()).isEqualTo(ENTRIES);

    slice.remove();
    int turns = 1;
    while (left() > 0) {
      int before = left();
      tasks.forEach(Runnable::run);
      assertThat(left()).as("as long as nobody else had a turn").isEqualTo(before);
      timers.remove().run();
      turns++;
    }

    assertThat(turns).isEqualTo(3);
    assertThat(timers).isEmpty();
  }

  private int left() {
    return tables.realm(REALM).subscriptionCount();
  }
}
