package io.tandem.node.router;

import io.tandem.cluster.link.Link;
import io.tandem.cluster.link.LinkCounts;
import io.tandem.cluster.link.LinkSettings;
import io.tandem.cluster.link.Loop;
import io.tandem.cluster.link.ReloadResult;
import io.tandem.cluster.link.Wire;
import io.tandem.cluster.nodes.OtherNodes;
import io.tandem.registry.NodeId;
import io.tandem.registry.RegistrationRecord;
import io.tandem.registry.RoutingTables;
import io.tandem.registry.SubscriptionRecord;
import io.tandem.registry.log.RegistryLog;
import io.tandem.registry.log.RegistryWriter;
import io.tandem.registry.record.SharedRecords;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One life of a node of a {@link VirtualCluster}: all of it real, router, lanes, registry, other
 * nodes and links, but for its threads, its wire, its membership and the store of its record. A
 * frozen life does nothing, and then everything that it has missed.
 */
final class VirtualLife {

  static final int LANES = 2;

  static final LinkSettings LINKS = VirtualLinks.OF_THIS_RELEASE;

  private static final long LONG_SLEEP = Duration.ofMillis(2_600).toNanos();
  private static final Duration NOTICE = Duration.ofMillis(400);
  private static final Duration SPREAD = Duration.ofSeconds(3);

  final VirtualCluster cluster;
  final NodeId id;
  final String machine;

  final VirtualLoop home;
  private final VirtualLoop teller;
  final VirtualLoop pool;
  final List<VirtualLoop> laneLoops = new ArrayList<>();

  final RoutingTables tables;
  final RegistryLog log;
  final RegistryWriter registry;
  final Router router;
  final List<Lane> lanes = new ArrayList<>();
  final List<FreezeWatch> watches = new ArrayList<>();
  private final VirtualStore<SubscriptionRecord> subscriptions;
  private final VirtualStore<RegistrationRecord> registrations;
  private final SharedRecords record;
  final LinkCounts counts = new LinkCounts();
  final AtomicInteger sharedOpen = new AtomicInteger();
  private @Nullable VirtualMembership membership;
  @Nullable OtherNodes otherNodes;
  final LifeInvariants invariants = new LifeInvariants(this);

  // What the membership knows, see Sides.
  Side side = new Side();
  int seen;

  /** Its side has lost: what it does to the record from now on reaches nobody. */
  boolean merged;

  final Map<VirtualLife, Long> heard = new HashMap<>();
  boolean closesConnections;
  long diedAt;

  boolean frozen;
  boolean dead;

  /** The cluster has evicted it, or it is leaving: clients do not come any more. */
  boolean over;

  boolean ready;
  private long frozenAt;

  /** Who had removed it from the members when it last woke. */
  private final Set<NodeId> evictedBy = new HashSet<>();

  long thawedAt;
  private final List<Missed> missed = new ArrayList<>();

  private record Missed(VirtualLoop loop, VirtualLoop.Kind kind, Runnable task) {}

  /** What comes of having it read its configuration again, if anything. */
  Function<NodeId, CompletionStage<ReloadResult>> reloads = by -> new CompletableFuture<>();

  final Map<NodeId, Overheard.Ear> ears = new LinkedHashMap<>();

  /** When the last link from or to this life closed. */
  long lastTrouble;

  /** Lives that the membership has told it are gone, and when. */
  final Map<NodeId, Long> gone = new LinkedHashMap<>();

  VirtualLife(VirtualCluster cluster, NodeId id) {
    this.cluster = cluster;
    this.id = id;
    this.machine = id.name();
    this.home = loop();
    this.teller = loop();
    this.pool = loop();
    this.tables = new RoutingTables(id);
    this.log = new RegistryLog(id, tables);
    this.subscriptions = new VirtualStore<>(this, store -> store.subscriptions);
    this.registrations = new VirtualStore<>(this, store -> store.registrations);
    this.record = new SharedRecords(subscriptions, registrations, cluster.ids, () -> Instant.EPOCH);
    this.registry = new RegistryWriter(record, tables, log, home, home, this::isAway);
    this.router =
        new Router(
            id, cluster.realms, tables, registry, new OwnSessions(), new Budget(1 << 26), 1 << 24);
    router.keeping().recordedIn(cluster.kept, Runnable::run, 1 << 20);
    for (int i = 0; i < LANES; i++) {
      VirtualLoop loop = loop();
      laneLoops.add(loop);
      lanes.add(
          Lane.join(
              router, loop, loop, loop, message -> new TestSharedMessage(message, sharedOpen)));
      lanes.get(lanes.size() - 1).slices().size(TestNode.SLICE);
      watches.add(new FreezeWatch(router, new Loop(loop, loop)));
    }
  }

  private VirtualLoop loop() {
    return new VirtualLoop(this, cluster.time, cluster.random);
  }

  /** It has joined the members: links itself to them, and is ready when it is in step. */
  void begin() {
    membership = new VirtualMembership(this, teller, side.view);
    Wire wire = (to, stream, frame) -> cluster.network.send(machine, to.name(), stream, frame);
    Loop homeLoop = new Loop(home, home);
    List<Loop> loops = laneLoops.stream().map(loop -> new Loop(loop, loop)).toList();
    LinkSettings settings = cluster.old.contains(machine) ? VirtualLinks.OF_THE_FIRST : LINKS;
    OtherNodes fresh =
        new OtherNodes(
            membership,
            tables,
            log,
            (otherNode, listener) ->
                new Link(
                    id,
                    otherNode,
                    settings,
                    wire,
                    homeLoop,
                    loops,
                    counts,
                    new Overheard(this, otherNode, listener)),
            wire,
            homeLoop,
            LINKS.unreachableAfter(),
            Duration.ofSeconds(5),
            new RouterHost(router, this::free, by -> reloads.apply(by), this::evicted));
    otherNodes = fresh;
    home.execute(
        () -> {
          fresh.start();
          fresh.whenInStep(home.nanoTime(), true, this::isReady);
          router.clustered(
              (since, goOn) -> home.execute(() -> fresh.whenInStep(since, false, goOn)),
              fresh::hasQuorum);
        });
    membership.listen(
        new io.tandem.cluster.membership.Membership.Listener() {
          @Override
          public void joined(io.tandem.cluster.membership.Membership.Member member) {}

          @Override
          public void left(io.tandem.cluster.membership.Membership.Member member) {
            gone.put(member.node(), cluster.time.now());
          }

          @Override
          public void merged() {}
        });
  }

  private void isReady() {
    cluster.tell("{} is ready", this);
    ready = !over;
  }

  VirtualMembership membership() {
    return java.util.Objects.requireNonNull(membership);
  }

  OtherNodes otherNodes() {
    return java.util.Objects.requireNonNull(otherNodes);
  }

  private boolean isAway(NodeId node) {
    return otherNodes != null && otherNodes.isAway(node);
  }

  private CompletionStage<@Nullable Void> free(Predicate<NodeId> isOver) {
    return subscriptions
        .all()
        .thenCompose(
            found ->
                all(
                    found.stream()
                        .flatMap(
                            delivery ->
                                delivery.getValue().nodes().stream()
                                    .filter(isOver)
                                    .map(node -> record.removeNode(delivery.getKey(), node)))
                        .toList()))
        .thenCompose(done -> registrations.all())
        .thenCompose(
            found ->
                all(
                    found.stream()
                        .flatMap(
                            delivery ->
                                delivery.getValue().callees().stream()
                                    .filter(callee -> isOver.test(callee.node()))
                                    .map(callee -> record.removeCallee(delivery.getKey(), callee)))
                        .toList()));
  }

  private static CompletionStage<@Nullable Void> all(List<? extends CompletionStage<?>> changes) {
    return CompletableFuture.allOf(
        changes.stream()
            .map(CompletionStage::toCompletableFuture)
            .toArray(CompletableFuture<?>[]::new));
  }

  // ---- running ----

  boolean isUp() {
    return !dead && !frozen;
  }

  void run(VirtualLoop loop, VirtualLoop.Kind kind, Runnable task) {
    if (frozen) {
      missed.add(new Missed(loop, kind, task));
    } else if (!dead) {
      task.run();
    }
  }

  void receives(byte[] frame) {
    run(home, VirtualLoop.Kind.FRAME, () -> otherNodes().received(frame));
  }

  /**
   * Whether it was asleep so long that it has to ask the others before it takes anything from its
   * clients, and members it counts on had gone on without it before it woke.
   */
  boolean hasToAsk() {
    return cluster.time.now() - thawedAt < LINKS.unreachableAfter().toNanos()
        && otherNodes().states().stream().anyMatch(state -> evictedBy.contains(state.node()));
  }

  void freeze() {
    frozenAt = cluster.time.now();
    cluster.tell("{} freezes", this);
    frozen = true;
  }

  /** Timers may be late or early among what came meanwhile; each loop's tasks keep their order. */
  void thaw() {
    cluster.tell("{} thaws", this);
    frozen = false;
    thawedAt = cluster.time.now();
    evictedBy.clear();
    if (thawedAt - frozenAt > LONG_SLEEP) {
      cluster.lives().stream()
          .filter(other -> !other.over && other.gone.containsKey(id))
          .forEach(other -> evictedBy.add(other.id));
    }
    heard.replaceAll((life, when) -> thawedAt);
    List<Missed> rest = new ArrayList<>(missed);
    missed.clear();
    int manner = cluster.random.nextInt(4);
    if (manner == 1) {
      take(rest, VirtualLoop.Kind.TIMER);
    } else if (manner == 2) {
      take(rest, VirtualLoop.Kind.FRAME);
    } else if (manner == 3) {
      for (VirtualLoop loop : laneLoops) {
        rest.stream().filter(each -> each.loop() == loop).toList().forEach(each -> run(each));
        rest.removeIf(each -> each.loop() == loop);
      }
    }
    rest.forEach(this::run);
  }

  private void take(List<Missed> rest, VirtualLoop.Kind kind) {
    rest.stream().filter(each -> each.kind() == kind).toList().forEach(each -> run(each));
    rest.removeIf(each -> each.kind() == kind);
  }

  private void run(Missed each) {
    run(each.loop(), each.kind(), each.task());
    cluster.check();
  }

  // ---- the end ----

  /** It is no more, from one moment to the next. */
  void die(boolean closing) {
    cluster.tell("{} dies", this);
    dead = true;
    ready = false;
    closesConnections = closing;
    diedAt = cluster.time.now();
    missed.clear();
    cluster.clientsOf(this).forEach(ClusterClient::lost);
    cluster.died(this);
  }

  /** The cluster has gone on without it: its sessions end, and a new life begins. */
  private void evicted() {
    router.expire();
    if (!over) {
      cluster.tell("{} is evicted", this);
      over = true;
      ready = false;
      cluster.totals.evictedAlive++;
      merged = true;
      cluster.time.after(NOTICE, () -> cluster.sides.leave(this)); // its membership ends first
      for (ClusterClient client : cluster.clientsOf(this)) {
        Duration delay = Duration.ofMillis(cluster.random.nextInt((int) SPREAD.toMillis()));
        client.loop().schedule(delay, client::leaves);
      }
      home.schedule(SPREAD.plusMillis(20), () -> die(true));
    }
  }

  void leave() {
    if (over) {
      return;
    }
    cluster.tell("{} drains", this);
    over = true;
    ready = false;
    new VirtualDrain(this).begin();
  }

  /** It is told nothing more of the members; that it is none any more they see a little later. */
  void leavesMembers() {
    membership().leaves();
    cluster.time.after(
        NOTICE,
        () -> {
          if (!dead) { // the others ask whether it is there, and are told no
            cluster.sides.leave(this);
          }
        });
  }

  /** It has drained. */
  void left() {
    otherNodes().stop();
    die(true);
  }

  // ---- what it knows of the others ----

  Overheard.Ear ear(NodeId otherNode) {
    return ears.computeIfAbsent(otherNode, node -> new Overheard.Ear());
  }

  boolean isInStepWith(NodeId otherNode) {
    return otherNodes().states().stream()
        .anyMatch(state -> state.node().equals(otherNode) && state.inStep());
  }

  @Override
  public String toString() {
    return id.name() + id.incarnation();
  }
}
