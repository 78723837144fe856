package io.tandem.bench.drain;

import io.tandem.client.Arguments;
import io.tandem.client.ClientSession;
import io.tandem.client.PublishOptions;
import io.tandem.client.SessionClosedException;
import io.tandem.client.WampException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;

/** Publishers and subscribers of one topic, all of which reconnect. One event loop. */
final class SteadyEvents {

  private final SteadyPlan plan;
  private final EventTally tally = new EventTally();
  private final List<Reconnecting> subscribers = new ArrayList<>();
  private final List<Reconnecting> publishers = new ArrayList<>();
  private int turn;

  SteadyEvents(Vertx vertx, SteadyPlan plan) {
    this.plan = plan;
    for (int i = 0; i < plan.clients(); i++) {
      subscribers.add(new Reconnecting(vertx, plan.urls(), i, plan.realm(), this::listen));
      publishers.add(
          new Reconnecting(
              vertx, plan.urls(), i, plan.realm(), session -> Future.succeededFuture()));
    }
  }

  private Future<?> listen(ClientSession session) {
    EventTally.Receiver receiver = tally.receiver();
    return session
        .subscribe(
            plan.topic(),
            event ->
                receiver.event(
                    Math.toIntExact(event.arguments().arg(0, Long.class)),
                    event.arguments().arg(1, Long.class)))
        .onSuccess(
            subscribed -> {
              receiver.subscribed();
              session.closed().onComplete(ended -> receiver.ended());
            });
  }

  List<Reconnecting> subscribers() {
    return subscribers;
  }

  List<Reconnecting> publishers() {
    return publishers;
  }

  EventTally tally() {
    return tally;
  }

  /** One publication; false when nobody is connected. */
  boolean publishOnce() {
    for (int i = 0; i < publishers.size(); i++) {
      Reconnecting publisher = publishers.get(turn++ % publishers.size());
      ClientSession session = publisher.session();
      if (session != null) {
        publish(session);
        return true;
      }
    }
    return false;
  }

  private void publish(ClientSession session) {
    int number = tally.begin();
    session
        .publishAcknowledged(
            plan.topic(), Arguments.of(number, session.id()), PublishOptions.DEFAULT)
        .onSuccess(publication -> tally.acknowledged(number))
        .onFailure(
            failure -> {
              if (!(failure instanceof SessionClosedException)) {
                tally.error(
                    failure instanceof WampException wamp ? wamp.error() : failure.toString());
              }
            });
  }
}
