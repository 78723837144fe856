package io.tandem.node.router;

import io.tandem.cluster.Entry;
import io.tandem.cluster.LaneAddress;
import io.tandem.cluster.Publication;
import io.tandem.node.auth.Action;
import io.tandem.protocol.id.GlobalIds;
import io.tandem.protocol.message.Event;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.MessageCode;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.Publish;
import io.tandem.protocol.message.Published;
import io.tandem.protocol.message.Subscribe;
import io.tandem.protocol.message.Subscribed;
import io.tandem.protocol.message.Unsubscribe;
import io.tandem.protocol.message.Unsubscribed;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.protocol.uri.WampUri;
import io.tandem.registry.Interest;
import io.tandem.registry.NodeId;
import io.tandem.registry.RealmRegistry;
import io.tandem.registry.Resource;
import io.tandem.registry.match.UriIndex;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The publish and subscribe half of a lane's share of a realm. */
final class Broker {

  private static final Logger LOG = LoggerFactory.getLogger(Broker.class);

  private final Lane lane;
  private final RealmSettings settings;
  private final RealmRegistry registry;
  private final RouterMetrics metrics;

  /** The subscriptions with subscribers on this lane, settled or asked for. */
  private final UriIndex<LocalSubscription> subscriptions = new UriIndex<>();

  // Where the publication at hand has to go; filled anew for each.
  private long interestedLanes;
  private final Set<NodeId> interestedNodes = new LinkedHashSet<>();

  Broker(Lane lane, RealmSettings settings) {
    this.lane = lane;
    this.settings = settings;
    this.registry = lane.router().tables().realm(settings.name());
    this.metrics = lane.router().metrics();
  }

  void receive(Session session, WampMessage.ToBroker message) {
    if (message instanceof Publish publish) {
      publish(session, publish);
    } else if (message instanceof Subscribe subscribe) {
      subscribe(session, subscribe);
    } else if (message instanceof Unsubscribe unsubscribe) {
      unsubscribe(session, unsubscribe);
    } else {
      throw new IllegalArgumentException(message.code() + " is not for a broker");
    }
  }

  // ---- SUBSCRIBE and UNSUBSCRIBE ----

  private void subscribe(Session session, Subscribe message) {
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
    if (subscription != null && subscription.subscribers.contains(session)) {
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
      ask(subscription);
    }
    if (subscription.isSettled()) {
      admit(subscription, session, message.request());
    } else {
      subscription.waiting.add(new LocalSubscription.Waiting(session, message.request()));
    }
  }

  /** Asks the registry for a subscription that this lane has nobody behind yet. */
  private void ask(LocalSubscription subscription) {
    lane.router()
        .registry()
        .subscribe(subscription.resource, lane.number())
        .whenComplete((id, failure) -> lane.execute(() -> settled(subscription, id, failure)));
  }

  private void settled(
      LocalSubscription subscription, @Nullable Long id, @Nullable Throwable failure) {
    List<LocalSubscription.Waiting> waiting = List.copyOf(subscription.waiting);
    subscription.waiting.clear();
    if (id == null) {
      LOG.warn("No subscription for {}", subscription.resource, failure);
      subscriptions.remove(subscription.resource.match(), subscription.resource.uri());
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
    if (!subscription.subscribers.add(session)) {
      // It asked twice before the first answer; one subscription is all it holds (PS-03).
      session.subscriptionsAsked--;
    }
    session.subscriptions.put(subscription.id(), subscription);
    session.send(new Subscribed(request, subscription.id()));
  }

  private void unsubscribe(Session session, Unsubscribe message) {
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

  private void drop(LocalSubscription subscription, Session session) {
    subscription.subscribers.remove(session);
    session.subscriptionsAsked--;
    withdrawIfUnused(subscription);
  }

  private void withdrawIfUnused(LocalSubscription subscription) {
    Resource resource = subscription.resource;
    if (subscription.subscribers.isEmpty()) {
      subscriptions.remove(resource.match(), resource.uri());
      lane.router().registry().unsubscribe(resource, lane.number());
    }
  }

  void leave(Session session) {
    for (LocalSubscription subscription : session.subscriptions.values()) {
      drop(subscription, session);
    }
    session.subscriptions.clear();
  }

  // ---- PUBLISH ----

  private void publish(Session session, Publish message) {
    Options options = message.options();
    String topic = message.topic();
    if (!settings.uriRule().isUri(topic) || WampUri.isReserved(topic)) {
      refuse(session, message, WampUri.INVALID_URI, "not a topic to publish to: " + topic);
      return;
    }
    Verdict verdict = Verdict.on(settings, session, Action.PUBLISH, topic, MatchPolicy.EXACT);
    if (verdict.refusal() != null) {
      refuse(session, message, verdict.refusal(), "not allowed to publish to " + topic);
      return;
    }
    if (options.is(Keys.DISCLOSE_ME) && !settings.allowDiscloseMe()) {
      refuse(
          session,
          message,
          WampUri.OPTION_DISALLOWED_DISCLOSE_ME,
          "this realm does not disclose publishers");
      return;
    }
    metrics.publications.increment();
    boolean disclosed = options.is(Keys.DISCLOSE_ME) || verdict.disclose();
    Publication publication =
        new Publication(
            GlobalIds.next(),
            topic,
            session.id(),
            options,
            details(session, options, disclosed),
            message.payload());
    if (options.is(Keys.ACKNOWLEDGE)) {
      // Before the publisher's own EVENTs (PS-08).
      session.send(new Published(message.request(), publication.id()));
    }
    spread(session, publication);
  }

  private static Options details(Session publisher, Options options, boolean disclosed) {
    Options details = options.payloadKeys();
    return disclosed
        ? details
            .with(Keys.PUBLISHER, publisher.id())
            .with(Keys.PUBLISHER_AUTHID, publisher.principal().authid())
            .with(Keys.PUBLISHER_AUTHROLE, publisher.principal().authrole())
        : details;
  }

  /** Hands the publication over once to every lane and node with somebody interested. */
  private void spread(Session publisher, Publication publication) {
    interestedLanes = 0;
    interestedNodes.clear();
    registry.interested(publication.topic(), this::collect);
    long lanes = interestedLanes;
    if (!interestedNodes.isEmpty()) {
      Entry entry = new Entry.Event(settings.name(), publication);
      for (NodeId node : interestedNodes) {
        // Lane numbers of another node are its own affair: it spreads the event itself.
        if (!lane.send(new LaneAddress(node, LaneAddress.ANY), entry)) {
          metrics.drops(RouterMetrics.Drop.NODE_UNREACHABLE).increment();
        }
      }
    }
    long here = 1L << lane.number();
    for (long rest = lanes & ~here; rest != 0; rest &= rest - 1) {
      handOver(publisher, publication, Long.numberOfTrailingZeros(rest));
    }
    if ((lanes & here) != 0) {
      deliver(publication);
    }
  }

  private void collect(Interest interest) {
    interestedLanes |= interest.lanes();
    if (!interest.nodes().isEmpty()) {
      interestedNodes.addAll(interest.nodes());
    }
  }

  private void handOver(Session publisher, Publication publication, int toLane) {
    Mailbox mailbox = lane.router().mailbox(toLane);
    if (!mailbox.offer(new Entry.Event(settings.name(), publication))) {
      metrics.drops(RouterMetrics.Drop.EVENT_LANE_FULL).increment();
    }
    if (mailbox.isCrowded()) {
      publisher.outbox().hold();
      mailbox.whenRoomy(() -> lane.execute(publisher.outbox()::release));
    }
  }

  // ---- EVENT ----

  /** Sends the publication to this lane's subscribers, once for each matching subscription. */
  void deliver(Publication publication) {
    List<LocalSubscription> matching = new ArrayList<>(1);
    subscriptions.match(publication.topic(), matching::add);
    for (LocalSubscription subscription : matching) {
      deliver(publication, subscription);
    }
  }

  private void deliver(Publication publication, LocalSubscription subscription) {
    if (subscription.subscribers.isEmpty()) {
      return;
    }
    Options details =
        subscription.isPattern()
            ? publication.details().with(Keys.TOPIC, publication.topic())
            : publication.details();
    Event event = new Event(subscription.id(), publication.id(), details, publication.payload());
    Audience audience = Audience.of(publication);
    try (SharedMessage shared = lane.share(event)) {
      for (Session subscriber : subscription.subscribers) {
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

  // ---- common ----

  private static void refuse(Session session, Subscribe message, String error, String why) {
    session.refuse(MessageCode.SUBSCRIBE, message.request(), error, why);
  }

  /** Without acknowledge the router never answers a PUBLISH (PS-07). */
  private void refuse(Session session, Publish message, String error, String why) {
    if (message.options().is(Keys.ACKNOWLEDGE)) {
      session.refuse(MessageCode.PUBLISH, message.request(), error, why);
    } else {
      metrics.drops(RouterMetrics.Drop.PUBLICATION_REFUSED).increment();
    }
  }
}
