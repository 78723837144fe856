package io.tandem.node.router;

import io.tandem.cluster.delivery.Delivery;
import io.tandem.cluster.delivery.LaneAddress;
import io.tandem.cluster.delivery.Offered;
import io.tandem.cluster.link.NodeLink;
import io.tandem.node.audit.AuditLog;
import io.tandem.registry.NodeId;
import io.tandem.registry.RoutingTables;
import io.tandem.registry.Scheduler;
import io.tandem.registry.log.RegistryWriter;
import io.tandem.registry.record.Freed;
import io.tandem.registry.sessions.SessionDirectory;
import io.tandem.registry.sessions.SessionIds;
import io.tandem.registry.testaments.LocalWills;
import io.tandem.registry.testaments.Wills;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the lanes of one node share: the realms, the routing tables, the registry writer, and the
 * ways from lane to lane. Lanes join before the node opens its doors; everything else is immutable
 * or safe for any thread.
 */
public final class Router {

  /** How long the clients of a node that is gone have to come back elsewhere. */
  private static final Duration MOVING = Duration.ofSeconds(10);

  private final NodeId self;
  private final ServedRealms realms;
  private final RoutingTables tables;
  private final RegistryWriter registry;
  private final SessionDirectory sessions;
  private final RouterMetrics metrics;
  private volatile Accounts accounts = Accounts.NONE;
  private volatile Wills wills = new LocalWills();
  private final Budget memory;
  private final long mailboxOctets;
  private final Nodes nodes;
  private final Incoming incoming;
  private final Keeping keeping;
  private final FreedThings freed = new FreedThings(this);
  private final List<LanePort> lanes = new CopyOnWriteArrayList<>();

  private volatile @Nullable RollCall rollCall;
  private volatile BooleanSupplier quorum = () -> true;
  private volatile OnDemand onDemand = OnDemand.NONE;
  private volatile boolean expired;

  /**
   * @param memory what sessions may make the node keep
   * @param mailboxOctets what may wait for each lane
   */
  public Router(
      NodeId self,
      List<RealmSettings> realms,
      RoutingTables tables,
      RegistryWriter registry,
      SessionDirectory sessions,
      Budget memory,
      long mailboxOctets) {
    this.self = self;
    this.keeping = new Keeping(this, InstantSource.system());
    this.realms = new ServedRealms(memory, tables, keeping);
    this.tables = tables;
    this.registry = registry;
    this.sessions = sessions;
    this.metrics = new RouterMetrics();
    this.nodes = new Nodes(self, tables);
    this.incoming = new Incoming(this);
    this.memory = memory;
    this.mailboxOctets = mailboxOctets;
    this.realms.replace(realms);
  }

  /**
   * Where the router reaches a lane.
   *
   * @param lost is run on the lane's thread for a node from which nothing will arrive any more
   * @param reloaded is run there with other settings of realms, or with new ones
   * @param forgotten is run there with the name of a realm of which nothing is to be kept
   * @param freed is run there with what was a gone node's
   */
  record LanePort(
      Mailbox mailbox,
      Executor executor,
      Scheduler scheduler,
      Consumer<NodeId> lost,
      Consumer<List<RealmSettings>> reloaded,
      Consumer<String> forgotten,
      Function<Freed, CompletionStage<?>> freed) {}

  /** Adds a lane made by the function from its number; the numbers are 0, 1, 2 and so on. */
  synchronized <L> L join(IntFunction<L> maker, Function<L, LanePort> port) {
    L lane = maker.apply(lanes.size());
    lanes.add(port.apply(lane));
    return lane;
  }

  /**
   * Other settings of realms hold from now on, on each lane from one of its next turns. New realms
   * are not open before {@link Lane#open}.
   *
   * @param settings of all realms
   * @param done is run, on some lane, when they hold on all
   */
  public synchronized void reload(List<RealmSettings> settings, Runnable done) {
    realms.replace(settings);
    onLanes(lane -> lane.reloaded().accept(settings), done);
  }

  /** One more realm, as {@link #reload} does it; of the others nothing changes. */
  public synchronized void add(RealmSettings settings, Runnable done) {
    realms.add(settings);
    onLanes(lane -> lane.reloaded().accept(List.of(settings)), done);
  }

  /**
   * Nothing is kept of a realm any more that is shut on all lanes and has no session left. Home
   * loop.
   *
   * @param done is run, on some lane, when no lane knows it
   */
  public synchronized void forget(String realm, Runnable done) {
    realms.forget(realm);
    onLanes(lane -> lane.forgotten().accept(realm), done);
  }

  /** From now on these are made when somebody joins them. */
  public void onDemand(OnDemand realms) {
    onDemand = realms;
  }

  /** The realms that are not there before somebody joins them. */
  public OnDemand onDemand() {
    return onDemand;
  }

  private void onLanes(Consumer<LanePort> task, Runnable done) {
    Runnable last = Countdown.of(lanes.size(), done);
    for (LanePort lane : lanes) {
      lane.executor()
          .execute(
              () -> {
                task.accept(lane);
                last.run();
              });
    }
  }

  // ---- the other nodes, as the cluster tells of them ----

  /** What a lane does before it goes on after the process has not run for a while. */
  public interface RollCall {
    /**
     * Runs the task, on any thread, when this node is known to be in step with every other one that
     * answers, as of {@code since} by {@link System#nanoTime}; never when it was evicted.
     */
    void after(long since, Runnable goOn);
  }

  /**
   * This node is one of several.
   *
   * @param call what its lanes ask for when they have slept
   * @param majority whether it reaches most of the nodes
   */
  public void clustered(RollCall call, BooleanSupplier majority) {
    rollCall = call;
    quorum = majority;
  }

  /** This life of the node is over: no lane takes anything from a client any more. */
  public void expire() {
    expired = true;
  }

  public boolean hasExpired() {
    return expired;
  }

  /** Whether this node may decide what must not be decided twice. */
  boolean hasQuorum() {
    return quorum.getAsBoolean();
  }

  /** What to do after a sleep, or null on a node that stands alone. */
  public @Nullable RollCall rollCall() {
    return rollCall;
  }

  /** There is a way to another node from now on. */
  public void link(NodeId node, NodeLink link) {
    nodes.link(node, link);
    keeping.notices().linked(node);
  }

  /** The node is gone for good. */
  public void unlink(NodeId node) {
    if (tables.isLeaving(node)) {
      LanePort any = lanes.get(0);
      any.executor().execute(() -> any.scheduler().schedule(MOVING, () -> tables.forget(node)));
    }
    nodes.unlink(node);
    keeping.notices().unlinked(node);
  }

  /**
   * The node, which may be this one, is on its way out: calls go to callees elsewhere where there
   * are any, and what only it had is unavailable until others have it, or it has been gone for
   * {@link #MOVING}.
   */
  public void drains(NodeId node) {
    nodes.drains(node);
  }

  /** The other nodes. */
  public Nodes nodes() {
    return nodes;
  }

  /**
   * Nothing on its way to or from the node will arrive any more: every lane answers the calls whose
   * callee is there, and interrupts the invocations whose caller is, after all that came before.
   *
   * @param cleared is run, on some lane, when all have done so
   */
  public void lost(NodeId node, Runnable cleared) {
    keeping.notices().lost(node);
    Runnable last = Countdown.of(lanes.size(), cleared);
    for (LanePort lane : lanes) {
      lane.mailbox()
          .afterwards(
              () -> {
                try {
                  lane.lost().accept(node);
                } finally {
                  last.run();
                }
              });
    }
  }

  /**
   * This node has taken something of a node that is gone out of the record. Any thread.
   *
   * @return completes, on any thread, when others have been told
   */
  public CompletionStage<?> freed(Freed what) {
    return freed.tell(what);
  }

  /** One of the lanes, for the same number the same. */
  LanePort lane(long number) {
    return lanes.get(Math.floorMod(number, lanes.size()));
  }

  /**
   * Runs the task, on some lane, when every lane has sent what it was about to send by an older
   * state of the tables. Tasks come in the order in which one thread has asked.
   */
  public void afterTurns(Runnable task) {
    Runnable last = Countdown.of(lanes.size(), task);
    for (LanePort lane : lanes) {
      // Twice: a batch leaves by a task of the turn in which its first delivery came.
      lane.executor().execute(() -> lane.executor().execute(last));
    }
  }

  public NodeId self() {
    return self;
  }

  /** Where the node accounts for what it admits. */
  public AuditLog audit() {
    return accounts.audit();
  }

  /** Who is told what becomes of calls and publications; null for nobody. */
  public @Nullable Tracing tracing() {
    return accounts.tracing();
  }

  public Accounts accounts() {
    return accounts;
  }

  /** These are told from now on; before the first lane. */
  public void accounts(Accounts told) {
    accounts = told;
  }

  public RouterMetrics metrics() {
    return metrics;
  }

  /** What sessions may make the node keep. */
  public Budget memory() {
    return memory;
  }

  /** The part of it that sessions of this realm may have, one that the node serves. */
  public Budget memory(String realm) {
    return realms.memory(realm);
  }

  /** How many sessions of this realm there are here. */
  public SessionCount count(String realm) {
    return realms.count(realm);
  }

  /** What may wait for each lane, in octets. */
  long mailboxOctets() {
    return mailboxOctets;
  }

  public RoutingTables tables() {
    return tables;
  }

  /** Whether lanes know the realm, open or not. */
  boolean serves(String realm) {
    return realms.serves(realm);
  }

  public List<RealmSettings> realms() {
    return realms.settings();
  }

  public SessionIds sessionIds() {
    return sessions;
  }

  /** The sessions of the cluster. */
  public SessionDirectory sessions() {
    return sessions;
  }

  /** Whether no node serves the realms any more: this one alone does, and is on its way out. */
  boolean isTheEnd() {
    return rollCall == null && nodes.isLeaving(self);
  }

  Wills wills() {
    return wills;
  }

  /** The wills of sessions are kept there from now on. */
  public void wills(Wills store) {
    wills = store;
  }

  public RegistryWriter registry() {
    return registry;
  }

  /** What this node keeps of publications. */
  public Keeping keeping() {
    return keeping;
  }

  Mailbox mailbox(int lane) {
    return lanes.get(lane).mailbox();
  }

  /** Hands a delivery over to another lane; false when it is missed there, which a node counts. */
  boolean forward(int fromLane, LaneAddress to, Delivery delivery) {
    if (to.node().equals(self)) {
      return mailbox(to.lane()).offer(delivery);
    }
    Offered offered = nodes.offer(fromLane, to, delivery);
    RouterMetrics.Drop drop = Losses.drop(delivery, offered);
    if (drop != null) {
      metrics.drops(drop).increment();
    }
    return offered.isTaken() || offered == Offered.CALL_OVER;
  }

  /**
   * Takes a delivery that came from another node over its link. An event goes to every lane here
   * with interest in it. Any thread.
   *
   * @param consumed is run, on any thread, when there is room for more of the kind
   */
  public void receive(int toLane, Delivery delivery, Runnable consumed) {
    incoming.receive(toLane, delivery, consumed);
  }
}
