package io.tandem.node.router;

import io.tandem.cluster.delivery.Delivery;
import io.tandem.cluster.delivery.LaneAddress;
import io.tandem.registry.NodeId;
import io.tandem.registry.Scheduler;
import io.tandem.registry.record.Freed;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One event loop's share of the router. It alone owns its sessions, their pending calls and their
 * subscriptions: one writer, no locks. Everything but {@link #execute} runs on its thread.
 */
public final class Lane {

  private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

  private final LaneContext context;

  /** Added to by the lane alone; counted by others. */
  private final Map<String, Realm> realms = new ConcurrentHashMap<>();

  private Lane(
      Router router,
      int number,
      Executor executor,
      Executor nextTurn,
      Scheduler scheduler,
      SharedMessage.Factory sharing) {
    LaneAddress address = new LaneAddress(router.self(), number);
    this.context =
        new LaneContext(
            address,
            executor,
            scheduler,
            new ClientLog(scheduler),
            new Mailbox(executor, nextTurn, this::receive, router.mailboxOctets()),
            new Slices(nextTurn),
            sharing,
            new Post(address, router, executor, this::receive),
            router);
    for (RealmSettings settings : router.realms()) {
      realms.put(settings.name(), new Realm(context, settings));
    }
    realms.values().forEach(realm -> realm.open(true));
    router
        .registry()
        .whenReplaced(number, (realm, session, id) -> execute(() -> revoke(realm, session, id)));
  }

  /**
   * Adds a lane to a router.
   *
   * @param executor runs tasks on the lane's thread, in order
   * @param nextTurn runs a task there when all that is ready on the thread had its turn, clients'
   *     channels included
   */
  public static Lane join(
      Router router,
      Executor executor,
      Executor nextTurn,
      Scheduler scheduler,
      SharedMessage.Factory sharing) {
    return router.join(
        number -> new Lane(router, number, executor, nextTurn, scheduler, sharing),
        lane ->
            new Router.LanePort(
                lane.mailbox(),
                executor,
                scheduler,
                lane::lost,
                lane::reload,
                lane::forget,
                lane::freed));
  }

  /** Another session has taken the registration over. */
  private void revoke(String name, long session, long registration) {
    Realm realm = realms.get(name);
    if (realm != null) {
      realm.revocations().replaced(session, registration);
    }
  }

  /** The lane's number on its node, from 0. */
  public int number() {
    return context.number();
  }

  public Router router() {
    return context.router();
  }

  public Scheduler scheduler() {
    return context.scheduler();
  }

  /** Where lines go that clients provoke. */
  public ClientLog clientLog() {
    return context.clientLog();
  }

  /** Runs a task on the lane's thread, after what it has to do now. Any thread. */
  public void execute(Runnable task) {
    context.execute(task);
  }

  /** The lane's share of this realm, or null when sessions may not join it here. */
  public @Nullable Realm realm(String name) {
    Realm realm = realms.get(name);
    return realm != null && realm.isOpen() ? realm : null;
  }

  /** The same, whether sessions may join or not; null when the lane knows no such realm. */
  public @Nullable Realm share(String name) {
    return realms.get(name);
  }

  /** Sessions may join the realm from now on. */
  public void open(String realm) {
    Objects.requireNonNull(realms.get(realm), realm).open(true);
  }

  /**
   * No session may join any more. Those that are there stay, and what is under way to them arrives;
   * the realm may be opened again.
   */
  public void shut(String realm) {
    Objects.requireNonNull(realms.get(realm), realm).open(false);
  }

  /** Calls of this lane's sessions that have no final answer, and invocations likewise. */
  public int pending() {
    return realms.values().stream().mapToInt(Realm::pending).sum();
  }

  /** Whether nothing is on its way from other lanes to sessions of this one, or half delivered. */
  public boolean isQuiet() {
    return mailbox().isEmpty() && slices().isEmpty();
  }

  /** How many sessions are established here. Any thread. */
  public int sessions() {
    return realms.values().stream().mapToInt(Realm::sessions).sum();
  }

  /** Octets of deliveries that wait for it. Any thread. */
  public long octetsWaiting() {
    return context.mailbox().octets();
  }

  Mailbox mailbox() {
    return context.mailbox();
  }

  Slices slices() {
    return context.slices();
  }

  private void reload(List<RealmSettings> all) {
    for (RealmSettings settings : all) {
      realms
          .computeIfAbsent(settings.name(), name -> new Realm(context, settings))
          .reload(settings);
    }
  }

  /** Its sessions are gone: a realm of this name that comes later begins anew. */
  private void forget(String name) {
    Realm realm = realms.remove(name);
    if (realm != null) {
      realm.close();
    }
  }

  private CompletionStage<?> freed(Freed what) {
    Realm realm = realms.get(what.realm());
    if (realm == null) {
      return CompletableFuture.completedFuture(null);
    }
    return what instanceof Freed.Inheritance left
        ? realm.testaments().read(left.will())
        : realm.watchers().freed(what);
  }

  /** Nothing to or from this node will arrive any more. */
  private void lost(NodeId node) {
    realms.values().forEach(realm -> realm.lost(node));
  }

  /** For a session that is gone, and its realm with it: as the realm would treat it. */
  private void receiveLate(Delivery delivery) {
    if (delivery instanceof Delivery.Invoke invoke) {
      context.post().send(invoke.call().lane(), invoke.refused(Delivery.Refusal.GONE));
    } else if (delivery instanceof Delivery.Result || delivery instanceof Delivery.Failed) {
      router().metrics().drops(RouterMetrics.Drop.LATE_ANSWER).increment();
    }
  }

  private void receive(Delivery delivery) {
    try {
      Realm realm = realms.get(delivery.realm());
      if (realm == null) {
        receiveLate(delivery);
      } else {
        realm.receive(delivery);
      }
    } catch (RuntimeException defect) {
      // One delivery must not end the lane for everybody else on it, nor leave a caller waiting
      // (A1).
      LOG.error(
          "Realm {} failed on {}", delivery.realm(), delivery.getClass().getSimpleName(), defect);
      if (delivery instanceof Delivery.Invoke invoke) {
        context.post().send(invoke.call().lane(), invoke.refused(Delivery.Refusal.BUSY));
      }
    }
  }
}
