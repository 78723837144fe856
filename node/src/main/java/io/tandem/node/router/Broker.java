package io.tandem.node.router;

import io.tandem.cluster.entry.Publication;
import io.tandem.protocol.codec.ProtocolViolation;
import io.tandem.protocol.message.Publish;
import io.tandem.protocol.message.Subscribe;
import io.tandem.protocol.message.Unsubscribe;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.uri.WampUri;
import java.util.concurrent.CompletableFuture;

/**
 * The publish and subscribe half of a lane's share of a realm. What its sessions publish is the
 * business of {@link Publications}, what they are subscribed to that of {@link Subscriptions}.
 */
final class Broker {

  private final Lane lane;
  private final Subscriptions subscriptions;
  private final Publications publications;

  Broker(Lane lane, RealmSettings settings) {
    this.lane = lane;
    this.subscriptions = new Subscriptions(lane, settings);
    this.publications = new Publications(lane, settings, subscriptions);
  }

  void receive(Session session, WampMessage.ToBroker message) throws ProtocolViolation {
    if (message instanceof Publish publish) {
      publications.publish(session, publish);
    } else if (message instanceof Subscribe subscribe) {
      subscriptions.subscribe(session, subscribe);
    } else if (message instanceof Unsubscribe unsubscribe) {
      subscriptions.unsubscribe(session, unsubscribe);
    } else {
      throw new IllegalArgumentException(message.code() + " is not for a broker");
    }
  }

  /** The PUBLISH has a payload that nobody may read. */
  void refuse(Session session, Publish message, String why) {
    publications.refuse(session, message, WampUri.INVALID_ARGUMENT, why);
  }

  /** A publication from another lane or node; what comes after it waits until it is delivered. */
  void deliver(Publication publication) {
    FanOut rest = subscriptions.deliver(publication);
    if (rest != null) {
      lane.mailbox().stop();
      lane.slices().add(rest, lane.mailbox()::goOn);
    }
  }

  CompletableFuture<?> leave(Session session) {
    return subscriptions.leave(session);
  }
}
