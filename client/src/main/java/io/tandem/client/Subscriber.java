package io.tandem.client;

import io.tandem.protocol.codec.ProtocolViolation;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.MessageCode;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.Subscribe;
import io.tandem.protocol.message.Subscribed;
import io.tandem.protocol.message.Unsubscribe;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.uri.MatchPolicy;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The subscriber's role in a session. Belongs to the session's context.
 *
 * <p>A router has one subscription for a session, topic and match policy, and one UNSUBSCRIBE ends
 * it (PS-03, PS-04). So the handlers of one topic share it here: the first asks for it, the last
 * one to leave gives it up.
 */
final class Subscriber {

  private record Pattern(String topic, MatchPolicy match) {}

  /** The router's subscription and the handlers that share it. */
  private static final class Shared {
    final Pattern pattern;
    final Promise<Long> id = Promise.promise();
    final List<Subscription> handlers = new ArrayList<>();

    Shared(Pattern pattern) {
      this.pattern = pattern;
    }
  }

  private final HomeContext home;
  private final Requests requests;

  /** Those which a further handler may join. */
  private final Map<Pattern, Shared> open = new HashMap<>();

  /** Those whose events may arrive: from SUBSCRIBED to UNSUBSCRIBED. */
  private final Map<Long, Shared> inForce = new HashMap<>();

  Subscriber(HomeContext home, Requests requests) {
    this.home = home;
    this.requests = requests;
  }

  Future<Subscription> subscribe(String topic, MatchPolicy match, Consumer<Event> handler) {
    Pattern pattern = new Pattern(topic, match);
    Shared known = open.get(pattern);
    Shared shared = known == null ? request(pattern) : known;
    return shared
        .id
        .future()
        .map(
            id -> {
              Subscription subscription = new Subscription(id, topic, match, handler);
              shared.handlers.add(subscription);
              return subscription;
            });
  }

  private Shared request(Pattern pattern) {
    Shared shared = new Shared(pattern);
    Options options =
        pattern.match() == MatchPolicy.EXACT
            ? Options.EMPTY
            : Options.of(Keys.MATCH, pattern.match().wireName());
    requests.send(
        id -> new Subscribe(id, options, pattern.topic()),
        new SimpleRequest<>(
            MessageCode.SUBSCRIBE,
            MessageCode.SUBSCRIBED,
            answer -> subscribed(shared, answer),
            shared.id));
    open.put(pattern, shared);
    shared.id.future().onFailure(refused -> open.remove(pattern, shared));
    return shared;
  }

  private Long subscribed(Shared shared, WampMessage answer) {
    long id = ((Subscribed) answer).subscription();
    inForce.put(id, shared);
    return id;
  }

  Future<Void> unsubscribe(Subscription subscription) {
    Shared shared = inForce.get(subscription.id());
    if (shared == null || !shared.handlers.remove(subscription)) {
      return Future.failedFuture(new IllegalStateException("not subscribed any more"));
    }
    if (!shared.handlers.isEmpty()) {
      return Future.succeededFuture();
    }
    open.remove(shared.pattern, shared);
    Promise<Void> ended = Promise.promise();
    requests.send(
        id -> new Unsubscribe(id, subscription.id()),
        new SimpleRequest<>(
            MessageCode.UNSUBSCRIBE, MessageCode.UNSUBSCRIBED, answer -> null, ended));
    // Either way it is over. A new subscription may have got the same ID meanwhile: that one stays.
    ended.future().onComplete(done -> inForce.remove(subscription.id(), shared));
    return ended.future();
  }

  void deliver(io.tandem.protocol.message.Event message) throws ProtocolViolation {
    Shared shared = inForce.get(message.subscription());
    if (shared == null) {
      throw new ProtocolViolation("EVENT for subscription " + message.subscription());
    }
    Event event =
        new Event(
            message.details().get(Keys.TOPIC, shared.pattern.topic()),
            message.publication(),
            Arguments.received(message.payload()),
            message.details());
    for (Subscription subscription : List.copyOf(shared.handlers)) {
      home.guard("event handler", subscription.handler(), event);
    }
  }
}
