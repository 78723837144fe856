package io.tandem.node.router;

import io.tandem.cluster.link.LinkClosed;
import io.tandem.cluster.simulation.VirtualNetwork;
import io.tandem.cluster.simulation.VirtualTime;
import io.tandem.registry.NodeId;
import io.tandem.registry.kept.LocalKeptRecord;
import io.tandem.registry.record.LocalRouterIds;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.helpers.MessageFormatter;

/**
 * Machines with lives of nodes on them, a network between, and clients; all of it from one seed.
 */
final class VirtualCluster {

  private static final boolean TOLD = Boolean.getBoolean("tandem.simulation.told");

  private static final Duration FIND = Duration.ofMillis(300);
  private static final long ALONE_AFTER = Duration.ofSeconds(6).toNanos();

  /** Steps from one look at everything to the next; what an event tells is checked at once. */
  private static final int STEPS = 100;

  /** What all runs came to. */
  static final class Totals {
    long deliveries;
    long events;
    long calls;
    long answers;

    /** Calls that found no callee without a later call of their session. */
    long overtaken;

    int lives;
    int evictedAlive;
    final Map<LinkClosed, Integer> closed = new EnumMap<>(LinkClosed.class);
    long longestConvergence;
  }

  final Random random;
  final Totals totals;
  final VirtualTime time = new VirtualTime();
  final VirtualNetwork network;
  final Sides sides;
  final LocalRouterIds ids = new LocalRouterIds();
  final List<RealmSettings> realms;

  /** What all nodes keep of publications. */
  final LocalKeptRecord kept = new LocalKeptRecord(InstantSource.system());

  final Map<String, @Nullable VirtualLife> machines = new LinkedHashMap<>();
  final List<ClusterClient> clients = new ArrayList<>();

  boolean trouble = true;

  /** Machines with the first release of all. */
  Set<String> old = Set.of();

  /** Is run when a link has opened. */
  Runnable onOpened = () -> {};

  /** One number for each life of any machine. */
  private long incarnations;

  private final Set<VirtualNetwork.Way> apart = new HashSet<>();
  private long stamps;
  private long lastSession = 100;
  private int steps;

  VirtualCluster(long seed, Totals totals, List<String> names) {
    this.random = new Random(seed);
    this.totals = totals;
    this.network = new VirtualNetwork(time, random);
    this.sides = new Sides(this);
    TestRealm realm = new TestRealm();
    realm.maxPendingCalls = 10_000; // a callee with too much to do is another story
    this.realms = List.of(realm.settings(World.REALM));
    for (String name : names) {
      machines.put(name, null);
      network.attach(
          name,
          arrival -> {
            VirtualLife life = machines.get(name);
            if (life != null) {
              life.receives(arrival.frame());
            }
          });
    }
  }

  /** One line of the run's story, for who repeats a seed. */
  void tell(String text, @Nullable Object... details) {
    if (TOLD) {
      System.out.printf(
          "%,9.1f ms  %s%n",
          time.now() / 1e6, MessageFormatter.arrayFormat(text, details).getMessage());
    }
  }

  void after(int millis, Runnable task) {
    time.after(Duration.ofMillis(millis), task);
  }

  <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  <T> @Nullable T anyOrNull(List<T> list) {
    return list.isEmpty() ? null : any(list);
  }

  // ---- lives ----

  /** Begins a new life on a machine, as soon as it has found the others, or nobody for a while. */
  void boot(String machine) {
    find(machine, time.now() + (sides.all.isEmpty() ? 0 : ALONE_AFTER));
  }

  private void find(String machine, long alone) {
    if (machines.get(machine) != null) {
      return;
    }
    Side open = sides.open(machine);
    if (open == null && time.now() < alone) {
      time.after(FIND, () -> find(machine, alone));
      return;
    }
    VirtualLife life = new VirtualLife(this, new NodeId(machine, ++incarnations));
    machines.put(machine, life);
    sides.join(life, open);
    tell("{} joins {}", life, life.side.view);
    life.begin();
    totals.lives++;
  }

  void died(VirtualLife life) {
    machines.put(life.machine, null);
    time.after(
        Duration.ofMillis(100 + random.nextInt(random.nextInt(3) == 0 ? 9_000 : 900)),
        () -> boot(life.machine));
  }

  List<VirtualLife> lives() {
    List<VirtualLife> lives = new ArrayList<>();
    for (VirtualLife life : machines.values()) {
      if (life != null) {
        lives.add(life);
      }
    }
    return lives;
  }

  @Nullable VirtualLife life(NodeId id) {
    VirtualLife life = machines.get(id.name());
    return life != null && life.id.equals(id) ? life : null;
  }

  // ---- who can talk to whom ----

  void cut(String one, String other, boolean isCut, boolean members) {
    network.cut(one, other, isCut);
    part(one, other, isCut, members);
  }

  /** Links are deaf one way; members, which talk over connections, hear each other no more. */
  void cutOneWay(String from, String to, boolean isCut, boolean members) {
    network.cut(new VirtualNetwork.Way(from, to), isCut);
    part(from, to, isCut, members);
  }

  private void part(String one, String other, boolean isCut, boolean members) {
    for (VirtualNetwork.Way way :
        List.of(new VirtualNetwork.Way(one, other), new VirtualNetwork.Way(other, one))) {
      if (isCut && members) {
        apart.add(way);
      } else {
        apart.remove(way);
      }
    }
  }

  /** Whether the members on two machines hear each other, if they run. */
  boolean canTalk(String one, String other) {
    return !apart.contains(new VirtualNetwork.Way(one, other));
  }

  boolean connected(VirtualLife one, VirtualLife other) {
    return one.isUp() && other.isUp() && canTalk(one.machine, other.machine);
  }

  /**
   * Whether what happens on {@code from} has to reach what was promised on {@code to} at this
   * stamp. Two nodes are cut off from each other from the moment at which either one loses the link
   * until it is open again and: the promise was made since, or both are in step.
   */
  boolean reaches(VirtualLife from, VirtualLife to, long promised) {
    if (from == to) {
      return true;
    }
    Overheard.Ear there = to.ear(from.id);
    Overheard.Ear here = from.ear(to.id);
    return there.open
        && there.openedAt > here.closedAt
        && (promised > there.openedAt || to.isInStepWith(from.id));
  }

  /** Whether nothing is wrong between this life and any other that it knows. */
  boolean isCalm(VirtualLife life) {
    return life.otherNodes().states().stream()
        .allMatch(
            state -> {
              VirtualLife other = life(state.node());
              return state.inStep()
                  && !state.draining()
                  && (other == null || (reaches(life, other, 0) && reaches(other, life, 0)));
            });
  }

  /** A link has closed: what was on its way over it may be lost. */
  void cutOff(VirtualLife life, NodeId otherNode) {
    life.lastTrouble = stamp();
    VirtualLife other = life(otherNode);
    if (other != null) {
      other.lastTrouble = life.lastTrouble;
      clientsOf(other).forEach(client -> client.cutOff(life));
      clientsOf(life).forEach(client -> client.cutOff(other));
    } else {
      clientsOf(life).forEach(client -> client.forget(otherNode));
    }
  }

  // ---- clients ----

  List<ClusterClient> clientsOf(VirtualLife life) {
    return clients.stream().filter(client -> client.life == life).toList();
  }

  ClusterClient join(VirtualLife life, int lane, ClientFeatures features) {
    ClusterClient client = new ClusterClient(this, life, lane, ++lastSession, features);
    clients.add(client);
    client.join();
    return client;
  }

  /** Grows with every call: tells what came first. */
  long stamp() {
    return ++stamps;
  }

  // ---- invariants ----

  void check() {
    if (++steps % STEPS == 0) {
      lives().forEach(life -> life.invariants.check());
    }
  }

  /** What keeps the nodes from being one cluster in agreement, or null when nothing does (C1). */
  @Nullable String disagreement() {
    List<VirtualLife> lives = lives();
    if (lives.size() != machines.size()) {
      return "only " + lives + " live";
    }
    for (VirtualLife life : lives) {
      if (!life.ready || life.over || life.otherNodes().states().size() != lives.size() - 1) {
        return life + " is not ready, or knows " + life.otherNodes().states();
      }
      for (var state : life.otherNodes().states()) {
        VirtualLife other = life(state.node());
        if (other == null || !state.inStep() || state.sequence() != other.log.last()) {
          return life + " of " + state + (other == null ? "" : " at " + other.log.last());
        }
        if (life.tables.digest(other.id) != other.tables.digest(other.id)) {
          return life + " has another digest of " + other;
        }
      }
    }
    return null;
  }
}
