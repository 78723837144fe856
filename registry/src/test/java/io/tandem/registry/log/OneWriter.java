package io.tandem.registry.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.registry.Callee;
import io.tandem.registry.NodeId;
import io.tandem.registry.RegistrationRecord;
import io.tandem.registry.RegistryChange;
import io.tandem.registry.Resource;
import io.tandem.registry.RoutingTables;
import io.tandem.registry.Scheduler;
import io.tandem.registry.SubscriptionRecord;
import io.tandem.registry.record.LocalRouterIds;
import io.tandem.registry.record.MeddledStore;
import io.tandem.registry.record.SharedRecords;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;

/** The writer of one node and one reader of its log; tasks and time go on when a test says so. */
abstract class OneWriter {

  static final Resource TOPIC = new Resource("realm1", MatchPolicy.EXACT, "com.a");
  static final Resource OTHER = new Resource("realm1", MatchPolicy.EXACT, "com.b");
  static final long SESSION = 7;
  static final NodeId SELF = new NodeId("A", 1);
  static final Callee CALLEE = new Callee(SELF, 0, 7, 0, false, false);

  final MeddledStore<Resource, SubscriptionRecord> subscriptions = new MeddledStore<>();
  final MeddledStore<Resource, RegistrationRecord> registrations = new MeddledStore<>();
  final RoutingTables tables = new RoutingTables(SELF);
  final List<RegistryChange> log = new ArrayList<>();
  final Deque<Runnable> tasks = new ArrayDeque<>();
  final RegistryLog registryLog = new RegistryLog(SELF, tables);
  final Set<NodeId> away = new HashSet<>();
  final List<Runnable> later = new ArrayList<>();
  final Deque<Runnable> nextTurn = new ArrayDeque<>();
  long now;
  final RegistryWriter writer =
      new RegistryWriter(
          new SharedRecords(
              subscriptions, registrations, new LocalRouterIds(), () -> Instant.EPOCH),
          tables,
          registryLog,
          tasks::add,
          new Later(),
          away::contains);

  OneWriter() {
    NodeId reader = new NodeId("reader", 1);
    registryLog.opened(
        reader,
        (sequence, change) -> {
          log.add(change);
          tasks.add(() -> registryLog.acknowledged(reader, sequence));
        });
  }

  /** Time that passes when the test says so. */
  private final class Later implements Scheduler {
    @Override
    public long nanoTime() {
      return now;
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
      if (delay.toNanos() == 1) {
        nextTurn.add(task);
        return () -> {};
      }
      later.add(
          () -> {
            now += delay.toNanos();
            task.run();
          });
      return () -> {};
    }
  }

  void timePasses() {
    runAll();
    List<Runnable> due = List.copyOf(later);
    later.clear();
    due.forEach(Runnable::run);
    runAll();
  }

  void runAll() {
    turn();
    while (!nextTurn.isEmpty()) {
      nextTurn.remove().run();
      turn();
    }
  }

  /** What the loop does before it looks at anything else. */
  void turn() {
    while (!tasks.isEmpty()) {
      tasks.remove().run();
    }
  }

  @AfterEach
  void nothingIsUnderWay() {
    runAll();
    assertThat(writer).extracting("wishes.busy", MAP).isEmpty();
    assertThat(registryLog).extracting("waiting", MAP).isEmpty();
  }

  CompletionStage<Long> subscribe(Resource resource, int lane, long session) {
    return writer.subscribe(resource, lane, session).thenApply(RegistryWriter.Subscribed::id);
  }

  static Resource topic(int number) {
    return new Resource("realm1", MatchPolicy.EXACT, "com.topic" + number);
  }

  long lanes() {
    long[] lanes = new long[1];
    tables.realm("realm1").interested("com.a", interest -> lanes[0] |= interest.lanes());
    return lanes[0];
  }
}
