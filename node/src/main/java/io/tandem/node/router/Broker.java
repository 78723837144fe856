package io.tandem.node.router;

import io.tandem.cluster.delivery.Publication;
import io.tandem.protocol.message.Publish;
import io.tandem.protocol.message.Subscribe;
import io.tandem.protocol.message.Unsubscribe;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.uri.MatchPolicy;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The publish and subscribe half of a lane's share of a realm. What its sessions publish is the
 * business of {@link Publications}, what they are subscribed to that of {@link Subscriptions}.
 */
final class Broker {

  private final LaneContext lane;
  private final Subscriptions subscriptions;
  private final Publications publications;

  /**
   * @param watchers are told what is subscribed to
   */
  Broker(LaneContext lane, LiveSettings settings, Watchers watchers) {
    this.lane = lane;
    this.subscriptions = new Subscriptions(lane, settings, watchers);
    this.publications = new Publications(lane, settings, subscriptions);
  }

  /**
   * Treats a message.
   *
   * @param verdict on a request that needs one, else null
   */
  void receive(Session session, WampMessage.ToBroker message, Verdict.@Nullable Final verdict) {
    Verdict.Refused refused = verdict instanceof Verdict.Refused no ? no : null;
    if (message instanceof Publish publish) {
      if (refused == null) {
        publications.publish(session, publish, verdict == Verdict.Admitted.DISCLOSED);
      } else {
        publications.refuse(session, publish, refused.error(), refused.why());
      }
    } else if (message instanceof Subscribe subscribe) {
      if (refused == null) {
        subscriptions.subscribe(session, subscribe);
      } else {
        Subscriptions.refuse(session, subscribe, refused.error(), refused.why());
      }
    } else if (message instanceof Unsubscribe unsubscribe) {
      subscriptions.unsubscribe(session, unsubscribe);
    } else {
      throw new IllegalArgumentException(message.code() + " is not for a broker");
    }
  }

  /** The PUBLISH has a payload that nobody may have. */
  void refuse(Session session, Publish message, String error, String why) {
    publications.refuse(session, message, error, why);
  }

  /**
   * A publication from another lane or node; what comes after it waits until it is delivered.
   *
   * @param since when this node got it, in nanoseconds of the lanes' clock
   */
  void deliver(Publication publication, long since) {
    FanOut rest = subscriptions.deliver(publication);
    if (rest == null) {
      subscriptions.delivered(since);
    } else {
      lane.mailbox().stop();
      lane.slices()
          .add(
              rest,
              () -> {
                subscriptions.delivered(since);
                lane.mailbox().goOn();
              });
    }
  }

  List<Long> subscribers(MatchPolicy match, String uri) {
    return subscriptions.subscribers(match, uri);
  }

  /** See {@link Subscriptions#revoke}. */
  boolean revoke(Session session, long subscription, String reason) {
    return subscriptions.revoke(session, subscription, reason);
  }

  CompletableFuture<?> leave(Session session) {
    return subscriptions.leave(session);
  }
}
