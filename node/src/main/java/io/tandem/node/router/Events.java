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

  Events(SharedMessage.Factory sharing, RouterMetrics metrics) {
    this.sharing = sharing;
    this.metrics = metrics;
  }

  /** Sends the publication to all subscribers of the subscription. */
  void deliver(Publication publication, LocalSubscription subscription) {
    try (SharedMessage event = of(publication, subscription)) {
      for (Session subscriber : subscription.subscribers()) {
        send(publication, event, subscriber);
      }
    }
  }

  /** The EVENT for all subscribers of the subscription. */
  SharedMessage of(Publication publication, LocalSubscription subscription) {
    Options details =
        subscription.isPattern()
            ? publication.details().with(Keys.TOPIC, publication.topic())
            : publication.details();
    return sharing.share(
        new Event(subscription.id(), publication.id(), details, publication.payload()));
  }

  /** Sends the publication's event to the subscriber if it may have it. */
  void send(Publication publication, SharedMessage event, Session subscriber) {
    Principal who = subscriber.principal();
    if (publication.audience().includes(subscriber.id(), who.authid(), who.authrole())) {
      count(subscriber.outbox().send(event));
    }
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
