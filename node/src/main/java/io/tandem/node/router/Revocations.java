package io.tandem.node.router;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Takes from the sessions of one lane and realm what they hold. Belongs to the lane. */
public final class Revocations {

  private final Function<Long, @Nullable Session> sessions;
  private final Broker broker;
  private final Dealer dealer;

  /**
   * @param sessions finds a session of this lane and realm by its ID
   */
  Revocations(Function<Long, @Nullable Session> sessions, Broker broker, Dealer dealer) {
    this.sessions = sessions;
    this.broker = broker;
    this.dealer = dealer;
  }

  /**
   * The session is no callee of the registration any more (RPC-REV-01).
   *
   * @param reason a URI, told to a client that announced that it can be told
   * @return whether it was
   */
  public boolean registration(long session, long registration, String reason) {
    Session callee = sessions.apply(session);
    return callee != null && dealer.revoke(callee, registration, reason);
  }

  /** Another session has taken the registration over, on whatever node. */
  void replaced(long session, long registration) {
    Session callee = sessions.apply(session);
    if (callee != null) {
      dealer.replaced(callee, registration);
    }
  }

  /**
   * The session has the subscription no more (PS-REV-01).
   *
   * @param reason as above, where the realm tells its subscribers
   * @return whether it had it
   */
  public boolean subscription(long session, long subscription, String reason) {
    Session subscriber = sessions.apply(session);
    return subscriber != null && broker.revoke(subscriber, subscription, reason);
  }
}
