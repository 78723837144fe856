package io.tandem.node.router;

import io.tandem.cluster.delivery.Publication;
import io.tandem.node.auth.Principal;
import io.tandem.protocol.message.Event;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;

/** Makes EVENTs of publications and gives them to those who may have them. Belongs to its lane. */
final class Events {

  private final SharedMessage.Factory sharing;
  private final RouterMetrics metrics;
  private final RetainedEvents retained;

  Events(LaneContext lane, String realm) {
    this.sharing = lane.sharing();
    this.metrics = lane.router().metrics();
    this.retained = new RetainedEvents(lane, realm, this);
  }

  /** What is given to those who ask for it. */
  RetainedEvents retained() {
    return retained;
  }

  /** Sends the publication to all subscribers of the subscription. */
  void deliver(Publication publication, LocalSubscription subscription) {
    try (SharedMessage event = of(publication, subscription)) {
      for (Session subscriber : subscription.subscribers()) {
        send(publication, event, subscriber, subscription);
      }
    }
  }

  /** The EVENT for all subscribers of the subscription. */
  SharedMessage of(Publication publication, LocalSubscription subscription) {
    return sharing.share(event(publication, subscription, details(publication, subscription)));
  }

  private static Options details(Publication publication, LocalSubscription subscription) {
    return subscription.isPattern()
        ? publication.details().with(Keys.TOPIC, publication.topic())
        : publication.details();
  }

  private static Event event(
      Publication publication, LocalSubscription subscription, Options details) {
    return new Event(subscription.id(), publication.id(), details, publication.payload());
  }

  /** Sends the publication's event to the subscriber if it may have it. */
  void send(
      Publication publication,
      SharedMessage event,
      Session subscriber,
      LocalSubscription subscription) {
    Principal who = subscriber.principal();
    if (publication.audience().includes(subscriber.id(), who.authid(), who.authrole())
        && !retained.haveGiven(publication, subscriber, subscription)) {
      count(subscriber.outbox().send(event));
    }
  }

  /** Sends it as what its topic retains (PS-RET-03). */
  void giveRetained(Publication publication, Session subscriber, LocalSubscription subscription) {
    Options details = details(publication, subscription).with(Keys.RETAINED, true);
    count(subscriber.outbox().send(event(publication, subscription, details)));
  }

  private void count(SendResult outcome) {
    switch (outcome) {
      case SENT -> metrics.events.increment();
      case TOO_LONG -> metrics.drops(RouterMetrics.Drop.EVENT_TOO_LONG).increment();
      case UNTRANSLATABLE -> metrics.drops(RouterMetrics.Drop.EVENT_UNTRANSLATABLE).increment();
      case FULL -> metrics.drops(RouterMetrics.Drop.EVENT_RECEIVER_FULL).increment();
      case CLOSED -> metrics.drops(RouterMetrics.Drop.EVENT_SESSION_CLOSED).increment();
    }
  }
}
