package io.tandem.node.router;

import io.tandem.cluster.entry.Entry;
import io.tandem.cluster.entry.LaneAddress;
import io.tandem.protocol.message.WampMessage;
import io.tandem.registry.NodeId;
import io.tandem.registry.Scheduler;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One event loop's share of the router. It alone owns its sessions, their pending calls and their
 * subscriptions: one writer, no locks. Everything but {@link #execute} runs on its thread.
 */
public final class Lane {

  private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

  private final Router router;
  private final LaneAddress address;
  private final Executor executor;
  private final Scheduler scheduler;
  private final SharedMessage.Factory sharing;
  private final Mailbox mailbox;
  private final Slices slices;
  private final ClientLog clientLog;
  private final Map<String, Realm> realms = new HashMap<>();
  private final AtomicInteger sessions = new AtomicInteger();

  /**
   * @param executor runs tasks on the lane's thread, in order
   * @param nextTurn runs a task there when all that is ready on the thread had its turn, clients'
   *     channels included
   */
  public Lane(
      Router router,
      int number,
      Executor executor,
      Executor nextTurn,
      Scheduler scheduler,
      SharedMessage.Factory sharing) {
    this.router = router;
    this.address = new LaneAddress(router.self(), number);
    this.executor = executor;
    this.scheduler = scheduler;
    this.sharing = sharing;
    this.mailbox = new Mailbox(executor, nextTurn, this::receive, router.mailboxOctets());
    this.slices = new Slices(nextTurn);
    this.clientLog = new ClientLog(scheduler);
    for (RealmSettings settings : router.realms()) {
      realms.put(settings.name(), new Realm(this, settings));
    }
  }

  /** The lane's number on its node, from 0. */
  public int number() {
    return address.lane();
  }

  public Router router() {
    return router;
  }

  public Scheduler scheduler() {
    return scheduler;
  }

  /** Where lines go that clients provoke. */
  public ClientLog clientLog() {
    return clientLog;
  }

  /** Runs a task on the lane's thread, after what it has to do now. Any thread. */
  public void execute(Runnable task) {
    executor.execute(task);
  }

  /** The lane's share of this realm, or null when the node does not serve it. */
  public @Nullable Realm realm(String name) {
    return realms.get(name);
  }

  /** Calls of this lane's sessions that have no final answer, and invocations likewise. */
  public int pending() {
    return realms.values().stream().mapToInt(Realm::pending).sum();
  }

  /** Whether nothing is on its way from other lanes to sessions of this one, or half delivered. */
  public boolean isQuiet() {
    return mailbox.isEmpty() && slices.isEmpty();
  }

  /** How many sessions are established here. Any thread. */
  public int sessions() {
    return sessions.get();
  }

  void sessionJoined() {
    sessions.incrementAndGet();
  }

  void sessionLeft() {
    sessions.decrementAndGet();
  }

  LaneAddress address() {
    return address;
  }

  SharedMessage share(WampMessage message) {
    return sharing.share(message);
  }

  Mailbox mailbox() {
    return mailbox;
  }

  Slices slices() {
    return slices;
  }

  /**
   * Sends an entry to a lane. To this lane itself it is handed over at once, to any other through
   * its mailbox or link: always the same way for the same two lanes, so order holds (O1).
   *
   * @return false when the other side has no room; only events and calls are ever turned away by a
   *     lane of this node
   */
  boolean send(LaneAddress to, Entry entry) {
    if (to.equals(address)) {
      receive(entry);
      return true;
    }
    return router.forward(address.lane(), to, entry);
  }

  /**
   * Takes nothing more from a client that feeds a crowded lane, or a node without room, until that
   * has room. The release comes whatever has become of the session meanwhile.
   */
  void holdWhileCrowded(LaneAddress to, Outbox feeder) {
    if (!to.node().equals(address.node())) {
      RemoteNode node = router.other(to.node());
      if (node != null && node.isHolding()) {
        feeder.hold();
        node.whenResumed(() -> execute(feeder::release));
      }
    } else if (!to.equals(address)) {
      Mailbox fed = router.mailbox(to.lane());
      if (fed.isCrowded()) {
        feeder.hold();
        fed.whenRoomy(() -> execute(feeder::release));
      }
    }
  }

  /** Nothing to or from this node will arrive any more. */
  void lost(NodeId node) {
    realms.values().forEach(realm -> realm.lost(node));
  }

  private void receive(Entry entry) {
    try {
      Realm realm = realms.get(entry.realm());
      if (realm == null) {
        throw new IllegalStateException("this node does not serve the realm");
      }
      realm.receive(entry);
    } catch (RuntimeException defect) {
      // One entry must not end the lane for everybody else on it, nor leave a caller waiting (A1).
      LOG.error("Realm {} failed on {}", entry.realm(), entry.getClass().getSimpleName(), defect);
      if (entry instanceof Entry.Invoke invoke) {
        send(invoke.call().lane(), invoke.refused(Entry.Refusal.BUSY));
      }
    }
  }
}
