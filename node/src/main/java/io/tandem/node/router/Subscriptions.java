package io.tandem.node.router;

import io.tandem.cluster.delivery.Publication;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.MessageCode;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.Subscribe;
import io.tandem.protocol.message.Subscribed;
import io.tandem.protocol.message.Unsubscribe;
import io.tandem.protocol.message.Unsubscribed;
import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.protocol.uri.WampUri;
import io.tandem.registry.Histogram;
import io.tandem.registry.RealmRegistry;
import io.tandem.registry.Resource;
import io.tandem.registry.SubscriptionRecord;
import io.tandem.registry.log.RegistryWriter;
import io.tandem.registry.match.UriIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The subscriptions of this lane's sessions. The registry hears only of a lane's first and last
 * subscriber; who receives an EVENT is decided here.
 */
final class Subscriptions {

  private static final Logger LOG = LoggerFactory.getLogger(Subscriptions.class);

  private final LaneContext lane;
  private final LiveSettings settings;
  private final RealmRegistry registry;
  private final RouterMetrics metrics;
  private final Histogram latency;
  private final Events events;
  private final Watchers watchers;

  /** The subscriptions with subscribers on this lane, settled or asked for. */
  private final UriIndex<LocalSubscription> subscriptions = new UriIndex<>();

  private final @Nullable Tracing tracing;

  Subscriptions(LaneContext lane, LiveSettings settings, Watchers watchers) {
    this.lane = lane;
    this.watchers = watchers;
    this.settings = settings;
    this.registry = lane.router().tables().realm(settings.now().name());
    this.metrics = lane.router().metrics();
    this.latency = metrics.latency(Latency.PUBLICATION);
    this.tracing = lane.router().tracing();
    this.events = new Events(lane, settings.now().name());
  }

  /** All of this lane's subscribers have the publication that the node got at this time. */
  void delivered(long since) {
    latency.add(lane.scheduler().nanoTime() - since);
  }

  // ---- SUBSCRIBE and UNSUBSCRIBE ----

  void subscribe(Session session, Subscribe message) {
    MatchPolicy match = MatchPolicy.of(message.options().get(Keys.MATCH, "exact"));
    String topic = message.topic();
    LocalSubscription subscription = subscriptions.get(match, topic);
    if (subscription != null && subscription.subscribers().contains(session)) {
      answer(subscription, wish(session, message));
      return;
    }
    Resource resource =
        subscription == null
            ? new Resource(settings.now().name(), match, topic)
            : subscription.resource;
    String excess = excess(session, resource, subscription == null);
    if (excess != null) {
      refuse(session, message, WampUri.NOT_AUTHORIZED, excess);
      return;
    }
    long shared = subscription == null ? shared(resource) : 0;
    if (!session.memory.tryTake(Upkeep.PLACE + shared)) {
      metrics.memoryRefusals.increment();
      refuse(session, message, WampUri.UNAVAILABLE, RealmSettings.NO_MEMORY);
      return;
    }
    session.subscriptionsHeld.add(resource);
    if (subscription == null) {
      subscription = new LocalSubscription(resource, session);
      subscriptions.put(match, topic, subscription);
    }
    if (subscription.isSettled() && lane.router().registry().isAcknowledgedByAll()) {
      admit(subscription, wish(session, message));
      return;
    }
    // While a node catches up, a further subscriber waits for it like the first one (V1).
    session.asks();
    if (subscription.await(wish(session, message))) {
      ask(subscription, session);
    }
  }

  private static LocalSubscription.Waiting wish(Session session, Subscribe message) {
    return new LocalSubscription.Waiting(
        session, message.request(), message.options().is(Keys.GET_RETAINED));
  }

  /** Why the session, or the realm, cannot have this subscription too; null where they can. */
  private @Nullable String excess(Session session, Resource resource, boolean isNew) {
    String excess =
        session.subscriptionsHeld.excess(
            resource, session.limits().maxSubscriptions(), settings.now().maxWildcardShapes());
    if (excess != null || !isNew) {
      return excess;
    }
    boolean hasRoom =
        subscriptions.hasRoom(resource.match(), resource.uri())
            && registry.hasRoomForSubscription(resource.match(), resource.uri());
    return hasRoom ? null : "the realm has too many kinds of wildcard patterns like this one";
  }

  private long shared(Resource resource) {
    return Upkeep.of(resource, settings.now().nodes());
  }

  /** Asks the registry for the subscription, or whether all nodes know of it by now. */
  private void ask(LocalSubscription subscription, Session session) {
    lane.measured(
            Latency.SUBSCRIBE,
            lane.router().registry().subscribe(subscription.resource, lane.number(), session.id()))
        .whenComplete(
            (outcome, failure) -> lane.execute(() -> settled(subscription, outcome, failure)));
  }

  private void settled(
      LocalSubscription subscription,
      RegistryWriter.@Nullable Subscribed outcome,
      @Nullable Throwable failure) {
    List<LocalSubscription.Waiting> waiting = subscription.takeWaiting();
    waiting.forEach(wish -> wish.session().answered());
    if (outcome == null) {
      lane.clientLog().outage(LOG, "No subscription for {}", subscription.resource, failure);
      waiting.forEach(wish -> failed(subscription, wish));
    } else {
      subscription.settle(outcome.id());
      tellCreated(subscription, outcome.created(), waiting.get(0).session());
      waiting.forEach(wish -> admitted(subscription, wish));
    }
    // Who comes after them is known only now.
    waiting.forEach(wish -> subscription.left(wish.session(), shared(subscription.resource)));
    if (subscription.isSettled()) {
      withdrawIfUnused(subscription, waiting.get(0).session());
    } else {
      subscriptions.remove(subscription.resource.match(), subscription.resource.uri());
      subscription.payer().memory.give(shared(subscription.resource));
    }
  }

  private void tellCreated(
      LocalSubscription subscription, @Nullable SubscriptionRecord created, Session first) {
    if (created != null) {
      watchers.subscriptions(first).created(first.id(), subscription.resource, created);
    }
  }

  private static void failed(LocalSubscription subscription, LocalSubscription.Waiting wish) {
    leavePlace(subscription, wish.session());
    wish.session()
        .refuse(
            MessageCode.SUBSCRIBE,
            wish.request(),
            WampUri.NETWORK_FAILURE,
            "the subscription could not be recorded");
  }

  private void admitted(LocalSubscription subscription, LocalSubscription.Waiting wish) {
    if (wish.session().ended()) {
      leavePlace(subscription, wish.session());
    } else {
      admit(subscription, wish);
    }
  }

  private static void leavePlace(LocalSubscription subscription, Session session) {
    session.subscriptionsHeld.remove(subscription.resource);
    session.memory.give(Upkeep.PLACE);
  }

  /** From here on the session gets the events, and its SUBSCRIBED precedes them (ORD-02). */
  private void admit(LocalSubscription subscription, LocalSubscription.Waiting wish) {
    Session session = wish.session();
    if (subscription.add(session)) {
      watchers
          .subscriptions(session)
          .joined(session.id(), subscription.resource, subscription.id());
    } else {
      // It asked twice before the first answer; one subscription is all it holds (PS-03).
      leavePlace(subscription, session);
    }
    session.subscriptions.put(subscription.id(), subscription);
    answer(subscription, wish);
  }

  private void answer(LocalSubscription subscription, LocalSubscription.Waiting wish) {
    wish.session().send(new Subscribed(wish.request(), subscription.id()));
    if (wish.getRetained()) {
      events.retained().give(wish.session(), subscription);
    }
  }

  void unsubscribe(Session session, Unsubscribe message) {
    LocalSubscription subscription = session.subscriptions.remove(message.subscription());
    if (subscription == null) {
      session.refuse(
          MessageCode.UNSUBSCRIBE,
          message.request(),
          WampUri.NO_SUCH_SUBSCRIPTION,
          "this session holds no subscription " + message.subscription());
      return;
    }
    drop(subscription, session);
    session.send(new Unsubscribed(message.request(), Options.EMPTY));
  }

  /**
   * Takes a subscription from a session, at once. It is told where it has announced that it can be,
   * and the realm tells at all (PS-REV-02, PS-REV-03).
   *
   * @param reason a URI
   * @return false where the session does not hold it
   */
  boolean revoke(Session session, long id, String reason) {
    LocalSubscription subscription = session.subscriptions.remove(id);
    if (subscription == null) {
      return false;
    }
    drop(subscription, session);
    if (settings.now().tellsRevokedSubscribers()
        && session.features().has(ClientFeature.SUBSCRIPTIONS_REVOKED)) {
      session.send(
          new Unsubscribed(0, Options.of(Keys.SUBSCRIPTION, id).with(Keys.REASON, reason)));
    }
    return true;
  }

  private CompletableFuture<?> drop(LocalSubscription subscription, Session session) {
    subscription.remove(session);
    watchers.subscriptions(session).left(session.id(), subscription.resource, subscription.id());
    leavePlace(subscription, session);
    subscription.left(session, shared(subscription.resource));
    return withdrawIfUnused(subscription, session);
  }

  private CompletableFuture<?> withdrawIfUnused(LocalSubscription subscription, Session session) {
    if (!subscription.subscribers().isEmpty() || subscription.isAwaited()) {
      return CompletableFuture.completedFuture(null);
    }
    Resource resource = subscription.resource;
    subscriptions.remove(resource.match(), resource.uri());
    Account payer = subscription.payer().memory;
    session.asks();
    return lane.router()
        .registry()
        .unsubscribe(resource, lane.number(), session.id())
        .whenComplete(
            (isGone, failure) ->
                lane.execute(
                    () -> {
                      session.answered();
                      payer.give(shared(resource));
                      if (Boolean.TRUE.equals(isGone)) {
                        watchers
                            .subscriptions(session)
                            .deleted(session.id(), resource, subscription.id());
                      }
                      if (failure != null && !lane.router().hasExpired()) {
                        lane.clientLog()
                            .outage(
                                LOG,
                                "The record still names this node behind {}",
                                resource,
                                failure);
                      }
                    }))
        .toCompletableFuture();
  }

  /** Completes, on any thread, when what only this session wanted is withdrawn. */
  CompletableFuture<?> leave(Session session) {
    CompletableFuture<?> withdrawn =
        CompletableFuture.allOf(
            session.subscriptions.values().stream()
                .map(subscription -> drop(subscription, session))
                .toArray(CompletableFuture<?>[]::new));
    session.subscriptions.clear();
    return withdrawn;
  }

  /** The sessions of clients that are subscribed to exactly this. */
  List<Long> subscribers(MatchPolicy match, String uri) {
    LocalSubscription subscription = subscriptions.get(match, uri);
    return subscription == null
        ? List.of()
        : subscription.subscribers().stream()
            .filter(session -> !session.isOfRouter())
            .map(Session::id)
            .toList();
  }

  // ---- EVENT ----

  /**
   * Sends the publication to this lane's subscribers, once for each matching subscription. Where
   * they are too many for one turn, the first ones are served and the rest is returned.
   */
  @Nullable FanOut deliver(Publication publication) {
    TracedStep span =
        tracing == null
            ? null
            : tracing.continued(
                Tracing.Step.EVENT,
                settings.now().name(),
                publication.topic(),
                0,
                publication.details());
    FanOut rest = spread(publication);
    if (span != null) {
      span.end(null);
    }
    return rest;
  }

  private @Nullable FanOut spread(Publication publication) {
    List<LocalSubscription> matching = new ArrayList<>(1);
    subscriptions.match(publication.topic(), matching::add);
    int subscribers = 0;
    for (LocalSubscription subscription : matching) {
      subscribers += subscription.subscribers().size();
    }
    lane.mailbox().worked(subscribers);
    if (subscribers > FanOut.slice(lane.slices().size(), publication)) {
      FanOut fanOut = new FanOut(events, publication, matching);
      return fanOut.serve(lane.slices().size()) ? fanOut : null;
    }
    for (LocalSubscription subscription : matching) {
      if (!subscription.subscribers().isEmpty()) {
        events.deliver(publication, subscription);
      }
    }
    return null;
  }

  static void refuse(Session session, Subscribe message, String error, String why) {
    session.refuse(MessageCode.SUBSCRIBE, message.request(), error, why);
  }
}
