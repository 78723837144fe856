package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.tandem.cluster.delivery.Delivery;
import io.tandem.cluster.delivery.Offered;
import io.tandem.cluster.link.NodeLink;
import io.tandem.node.audit.AuditLog;
import io.tandem.registry.NodeId;
import io.tandem.registry.RegistryChange;
import io.tandem.registry.RoutingTables;
import io.tandem.registry.log.RegistryLog;
import io.tandem.registry.log.RegistryWriter;
import io.tandem.registry.match.UriIndex;
import io.tandem.registry.record.SharedRecords;
import io.tandem.registry.sessions.SessionDetails;
import io.tandem.registry.sessions.SessionDirectory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One node of a {@link World}: a real router, its lanes and its registry writer. */
final class TestNode {

  /** Subscribers that a lane serves in one turn: few, as there are few of them. */
  static final int SLICE = 2;

  private static final long MAILBOX_OCTETS = 16 << 20;

  final NodeId id;
  final RoutingTables tables;
  final RegistryLog log;
  final RegistryWriter registry;
  final Router router;
  final List<Lane> lanes = new ArrayList<>();
  final AtomicInteger sharedOpen = new AtomicInteger();
  final Set<Long> sessions = new HashSet<>();

  /** Whether links to other nodes carry anything. */
  /** What this node's links say to whatever is offered. */
  Offered offered = Offered.TAKEN;

  private final World world;
  private final Executor writer;

  TestNode(
      World world,
      String name,
      int laneCount,
      SharedRecords record,
      List<RealmSettings> realms,
      @Nullable Tracing tracing) {
    this.world = world;
    this.id = new NodeId(name, name.charAt(0));
    this.tables = new RoutingTables(id);
    this.writer = world.turns.of("writer " + name);
    this.log = new RegistryLog(id, tables);
    this.registry =
        new RegistryWriter(
            record, tables, log, writer, world.clock.scheduler(writer), node -> false);
    this.router =
        new Router(
            id,
            realms,
            tables,
            registry,
            new TestSessions(),
            new Budget(world.memory),
            MAILBOX_OCTETS);
    router.accounts(new Accounts(AuditLog.NONE, tracing));
    router.wills(world.wills);
    router.keeping().recordedIn(world.kept, Runnable::run, 1 << 20);
    for (int i = 0; i < laneCount; i++) {
      Executor thread = world.turns.of(laneName(i));
      lanes.add(
          Lane.join(
              router,
              thread,
              thread,
              world.clock.scheduler(thread),
              message -> new TestSharedMessage(message, sharedOpen)));
      lanes.get(i).slices().size(SLICE);
    }
  }

  String laneName(int lane) {
    return "lane " + id.name() + lane;
  }

  // ---- the way to the other nodes ----

  void link(TestNode otherNode) {
    router.link(
        otherNode.id,
        new NodeLink() {
          @Override
          public Offered offer(int fromLane, int toLane, Delivery delivery) {
            if (offered.isTaken()) {
              world
                  .turns
                  .of("link " + id.name() + fromLane + ">" + otherNode.id.name())
                  .execute(() -> otherNode.router.receive(toLane, delivery, () -> {}));
            }
            return offered;
          }

          @Override
          public boolean isOpen() {
            return offered.isTaken();
          }
        });
    writer.execute(() -> feed(otherNode));
  }

  /** The other node is told of the log from here on. */
  void feed(TestNode otherNode) {
    log.opened(otherNode.id, (sequence, change) -> feed(otherNode, sequence, change));
  }

  private void feed(TestNode otherNode, long sequence, RegistryChange change) {
    String way = id.name() + ">" + otherNode.id.name();
    Executor acknowledgements = world.turns.of("acknowledgements of " + way);
    Runnable acknowledge = () -> writer.execute(() -> log.acknowledged(otherNode.id, sequence));
    world
        .turns
        .of("log " + way)
        .execute(
            () ->
                otherNode.writer.execute(
                    () -> {
                      otherNode.tables.apply(id, change);
                      acknowledgements.execute(acknowledge);
                    }));
  }

  // ---- what must be left of it in the end ----

  void checkNothingIsLeft() {
    assertThat(sessions).as("session IDs that were not released").isEmpty();
    assertThat(sharedOpen).as("shared messages left open").hasValue(0);
    assertThat(registry).extracting("wishes.busy", MAP).isEmpty();
    assertThat(registry).extracting("interests", MAP).isEmpty();
    assertThat(log).extracting("waiting", MAP).isEmpty();
    for (RealmSettings realm : router.realms()) {
      assertThat(tables.realm(realm.name()).subscriptionCount()).isZero();
      assertThat(tables.realm(realm.name()).registrationCount()).isZero();
      assertThat(tables.realm(realm.name()).loads().callees()).as("busy callees").isZero();
      lanes.forEach(lane -> checkNothingIsLeft(lane, realm.name()));
    }
  }

  private static void checkNothingIsLeft(Lane lane, String name) {
    Realm realm = lane.realm(name);
    assertThat(lane.pending()).isZero();
    assertThat(realm).extracting("sessions", MAP).isEmpty();
    assertThat(realm)
        .extracting("broker.subscriptions.subscriptions", type(UriIndex.class))
        .satisfies(index -> assertThat(index.size()).isZero());
    assertThat(lane.mailbox()).extracting("deliveries").asString().isEqualTo("[]");
    assertThat(lane.mailbox()).extracting("held").asString().isEqualTo("[]");
    assertThat(lane.mailbox()).extracting("octets").asString().isEqualTo("0");
  }

  /** Of all nodes, in memory; tells them of a change in a turn of its own. */
  private final class TestSessions implements SessionDirectory {

    private final Executor store = world.turns.of("sessions");

    @Override
    public CompletionStage<Long> claim() {
      long id = 9_001 + world.claimed++;
      sessions.add(id);
      return CompletableFuture.supplyAsync(() -> id, store);
    }

    @Override
    public void release(long session) {
      assertThat(sessions.remove(session)).as("released once").isTrue();
    }

    @Override
    public CompletionStage<@Nullable Void> enter(SessionDetails session) {
      return CompletableFuture.runAsync(
          () -> world.directory.put(session.session(), session), store);
    }

    @Override
    public CompletionStage<@Nullable Void> change(SessionDetails session) {
      return enter(session);
    }

    @Override
    public CompletionStage<@Nullable Void> leave(long session) {
      release(session);
      return CompletableFuture.runAsync(() -> world.directory.remove(session), store);
    }

    @Override
    public CompletionStage<@Nullable SessionDetails> find(long session) {
      return CompletableFuture.supplyAsync(() -> world.directory.get(session), store);
    }

    @Override
    public CompletionStage<@Nullable Void> forEach(Consumer<? super SessionDetails> visitor) {
      return CompletableFuture.runAsync(() -> world.directory.values().forEach(visitor), store);
    }
  }
}
