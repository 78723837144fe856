package io.tandem.node.router;

import io.tandem.cluster.Publication;
import io.tandem.node.auth.Action;
import io.tandem.protocol.message.Event;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.MessageCode;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.Subscribe;
import io.tandem.protocol.message.Subscribed;
import io.tandem.protocol.message.Unsubscribe;
import io.tandem.protocol.message.Unsubscribed;
import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.protocol.uri.WampUri;
import io.tandem.registry.Resource;
import io.tandem.registry.match.UriIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The subscriptions of this lane's sessions. The registry hears only of a lane's first and last
 * subscriber; who receives an EVENT is decided here.
 */
final class Subscriptions {

  private static final Logger LOG = LoggerFactory.getLogger(Subscriptions.class);

  private final Lane lane;
  private final RealmSettings settings;
  private final RouterMetrics metrics;

  /** The subscriptions with subscribers on this lane, settled or asked for. */
  private final UriIndex<LocalSubscription> subscriptions = new UriIndex<>();

  Subscriptions(Lane lane, RealmSettings settings) {
    this.lane = lane;
    this.settings = settings;
    this.metrics = lane.router().metrics();
  }

  // ---- SUBSCRIBE and UNSUBSCRIBE ----

  void subscribe(Session session, Subscribe message) {
    MatchPolicy match = MatchPolicy.of(message.options().get(Keys.MATCH, "exact"));
    String topic = message.topic();
    if (!settings.uriRule().isPattern(topic, match)) {
      refuse(session, message, WampUri.INVALID_URI, "not a valid " + match.wireName() + " topic");
      return;
    }
    String refusal = Verdict.on(settings, session, Action.SUBSCRIBE, topic, match).refusal();
    if (refusal != null) {
      refuse(session, message, refusal, "not allowed to subscribe to " + topic);
      return;
    }
    LocalSubscription subscription = subscriptions.get(match, topic);
    if (subscription != null && subscription.subscribers().contains(session)) {
      session.send(new Subscribed(message.request(), subscription.id()));
      return;
    }
    if (session.subscriptionsAsked >= settings.maxSubscriptions()) {
      refuse(
          session,
          message,
          WampUri.NOT_AUTHORIZED,
          "a session may hold at most " + settings.maxSubscriptions() + " subscriptions");
      return;
    }
    session.subscriptionsAsked++;
    if (subscription == null) {
      subscription = new LocalSubscription(new Resource(settings.name(), match, topic));
      subscriptions.put(match, topic, subscription);
    }
    if (subscription.isSettled() && lane.router().registry().isSettled()) {
      admit(subscription, session, message.request());
      return;
    }
    // While a node catches up, a further subscriber waits for it like the first one (V1).
    if (subscription.await(new LocalSubscription.Waiting(session, message.request()))) {
      ask(subscription);
    }
  }

  /** Asks the registry for the subscription, or whether all nodes know of it by now. */
  private void ask(LocalSubscription subscription) {
    lane.router()
        .registry()
        .subscribe(subscription.resource, lane.number())
        .whenComplete((id, failure) -> lane.execute(() -> settled(subscription, id, failure)));
  }

  private void settled(
      LocalSubscription subscription, @Nullable Long id, @Nullable Throwable failure) {
    List<LocalSubscription.Waiting> waiting = subscription.takeWaiting();
    if (id == null) {
      lane.clientLog()
          .line(LOG, Level.WARN, "No subscription for {}", subscription.resource, failure);
      if (!subscription.isSettled()) {
        subscriptions.remove(subscription.resource.match(), subscription.resource.uri());
      }
      for (LocalSubscription.Waiting wish : waiting) {
        wish.session().subscriptionsAsked--;
        wish.session()
            .refuse(
                MessageCode.SUBSCRIBE,
                wish.request(),
                WampUri.NETWORK_FAILURE,
                "the subscription could not be recorded");
      }
      return;
    }
    subscription.settle(id);
    for (LocalSubscription.Waiting wish : waiting) {
      if (!wish.session().ended()) {
        admit(subscription, wish.session(), wish.request());
      }
    }
    withdrawIfUnused(subscription);
  }

  /** From here on the session gets the events, and its SUBSCRIBED precedes them (ORD-02). */
  private static void admit(LocalSubscription subscription, Session session, long request) {
    if (!subscription.add(session)) {
      // It asked twice before the first answer; one subscription is all it holds (PS-03).
      session.subscriptionsAsked--;
    }
    session.subscriptions.put(subscription.id(), subscription);
    session.send(new Subscribed(request, subscription.id()));
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

  private CompletableFuture<?> drop(LocalSubscription subscription, Session session) {
    subscription.remove(session);
    session.subscriptionsAsked--;
    return withdrawIfUnused(subscription);
  }

  private CompletableFuture<?> withdrawIfUnused(LocalSubscription subscription) {
    if (!subscription.subscribers().isEmpty() || subscription.isAwaited()) {
      return CompletableFuture.completedFuture(null);
    }
    Resource resource = subscription.resource;
    subscriptions.remove(resource.match(), resource.uri());
    return lane.router()
        .registry()
        .unsubscribe(resource, lane.number())
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                LOG.warn("The record still names this node behind {}", resource, failure);
              }
            })
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

  // ---- EVENT ----

  /** Sends the publication to this lane's subscribers, once for each matching subscription. */
  void deliver(Publication publication) {
    List<LocalSubscription> matching = new ArrayList<>(1);
    subscriptions.match(publication.topic(), matching::add);
    Audience audience = Audience.of(publication);
    for (LocalSubscription subscription : matching) {
      if (!subscription.subscribers().isEmpty()) {
        deliver(publication, subscription, audience);
      }
    }
  }

  private void deliver(Publication publication, LocalSubscription subscription, Audience audience) {
    Options details =
        subscription.isPattern()
            ? publication.details().with(Keys.TOPIC, publication.topic())
            : publication.details();
    Event event = new Event(subscription.id(), publication.id(), details, publication.payload());
    try (SharedMessage shared = lane.share(event)) {
      for (Session subscriber : subscription.subscribers()) {
        if (audience.includes(subscriber)) {
          count(subscriber.outbox().send(shared));
        }
      }
    }
  }

  private void count(Delivery delivery) {
    switch (delivery) {
      case SENT -> metrics.events.increment();
      case TOO_LONG -> metrics.drops(RouterMetrics.Drop.EVENT_TOO_LONG).increment();
      case UNTRANSLATABLE -> metrics.drops(RouterMetrics.Drop.EVENT_UNTRANSLATABLE).increment();
      case CLOSED -> metrics.drops(RouterMetrics.Drop.EVENT_SESSION_CLOSED).increment();
    }
  }

  private static void refuse(Session session, Subscribe message, String error, String why) {
    session.refuse(MessageCode.SUBSCRIBE, message.request(), error, why);
  }
}
