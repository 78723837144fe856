package io.tandem.node.router;

import io.tandem.registry.RegistrationRecord;
import io.tandem.registry.SubscriptionRecord;
import io.tandem.registry.record.Freed;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Who is told what becomes of a lane's share of a realm: of its sessions, and of what they are
 * subscribed to and have registered. Belongs to the lane.
 */
public final class Watchers {

  private Attendance sessions = Attendance.UNTOLD;
  private RegistryWatch<SubscriptionRecord> subscriptions = RegistryWatch.untold();
  private RegistryWatch<RegistrationRecord> registrations = RegistryWatch.untold();

  /** Is told who comes and goes from now on. */
  public void ofSessions(Attendance attendance) {
    sessions = attendance;
  }

  /** Are told what is subscribed to, and what is registered, from now on. */
  public void ofRegistry(
      RegistryWatch<SubscriptionRecord> ofSubscriptions,
      RegistryWatch<RegistrationRecord> ofRegistrations) {
    subscriptions = ofSubscriptions;
    registrations = ofRegistrations;
  }

  Attendance sessions() {
    return sessions;
  }

  /** Who is told what this session does, which is nobody where it ends without a word. */
  RegistryWatch<SubscriptionRecord> subscriptions(Session session) {
    return session.isSilent() ? RegistryWatch.untold() : subscriptions;
  }

  RegistryWatch<RegistrationRecord> registrations(Session session) {
    return session.isSilent() ? RegistryWatch.untold() : registrations;
  }

  /** Something of a node that is gone is over. Completes, on any thread, when others are told. */
  CompletionStage<?> freed(Freed what) {
    if (what instanceof Freed.Session session) {
      return sessions.freed(session.details());
    } else if (what instanceof Freed.Callee callee) {
      registrations.left(callee.session(), callee.resource(), callee.registration());
      if (callee.isLast()) {
        registrations.deleted(callee.session(), callee.resource(), callee.registration());
      }
    } else if (what instanceof Freed.Subscription subscription) {
      subscriptions.deleted(0, subscription.resource(), subscription.subscription());
    }
    return CompletableFuture.completedFuture(null);
  }
}
