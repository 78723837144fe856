package io.tandem.node.session;

import io.tandem.node.auth.Cookie;
import io.tandem.node.router.CloseCause;
import io.tandem.node.router.Lane;
import io.tandem.node.router.LogSubject;
import io.tandem.node.router.Realm;
import io.tandem.node.router.SendResult;
import io.tandem.node.router.Session;
import io.tandem.node.router.Verdict;
import io.tandem.protocol.codec.ProtocolViolation;
import io.tandem.protocol.message.Goodbye;
import io.tandem.protocol.message.MessageCode;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.uri.UriSyntax;
import io.tandem.protocol.uri.WampUri;
import io.tandem.registry.Scheduler;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * An established session and its realm: what the client asks, in order, one thing at a time while
 * something has to be decided. Belongs to the lane.
 */
final class Dialogue {

  /** Treats something, and ends the conversation where that fails. */
  interface Guard {
    void treat(MessageCode code, Treatment treatment);
  }

  /** What may fail since the client, or the router, is wrong. */
  interface Treatment {
    void run() throws ProtocolViolation;
  }

  private static final Logger LOG = LoggerFactory.getLogger(Dialogue.class);

  /** Ends that a client did not want and that nothing else in the log tells. */
  private static final Set<CloseCause> NOTED =
      EnumSet.of(
          CloseCause.EXPIRED,
          CloseCause.KILLED,
          CloseCause.MESSAGE_TOO_LONG,
          CloseCause.BAD_FRAME,
          CloseCause.NOT_UTF8,
          CloseCause.STALLED,
          CloseCause.DEAD_PEER,
          CloseCause.SLOW_READER,
          CloseCause.MEMORY,
          CloseCause.BANNED);

  private final Lane lane;
  private final Realm realm;
  private final Session session;
  private final Transport transport;
  private final Guard guard;
  private final long begun;

  /** Ends the session when its principal's proof holds no more; null where it always does. */
  private Scheduler.@Nullable Timer expiry;

  Dialogue(Lane lane, Realm realm, Session session, Transport transport, Guard guard) {
    this.lane = lane;
    this.realm = realm;
    this.session = session;
    this.transport = transport;
    this.guard = guard;
    this.begun = lane.scheduler().nanoTime();
  }

  /** When the session was established, in nanoseconds of the lane's clock. */
  long begun() {
    return begun;
  }

  /** Whether its client may be asked to connect elsewhere. */
  boolean isMovable() {
    return realm.isMovable(session);
  }

  Session session() {
    return session;
  }

  /**
   * A request or an answer.
   *
   * @param refusal why the payload is not there though there was one; or null
   */
  void receive(WampMessage.FromClient message, @Nullable String refusal) throws ProtocolViolation {
    if (refusal != null) {
      realm.refuse(session, message, refusal);
      return;
    }
    CompletableFuture<Verdict.Final> verdict = realm.receive(session, message);
    if (verdict != null) {
      // What the client says behind it waits where it is, in order (ORD-08).
      transport.hold();
      verdict.whenComplete((known, ended) -> decided(message, known));
    }
  }

  /** The request that all others wait for is decided on, or the session has ended meanwhile. */
  private void decided(WampMessage.FromClient message, Verdict.@Nullable Final verdict) {
    if (verdict == null) {
      transport.release();
      return;
    }
    transport.whenAwake(
        () -> {
          if (!session.ended()) {
            guard.treat(message.code(), () -> realm.treat(session, message, verdict));
          }
          transport.release();
        });
  }

  /** Nobody calls the session from now on; see {@link Realm#retire}. */
  CompletableFuture<?> retire() {
    return realm.retire(session);
  }

  /** Runs when what the client has proved holds no more, unless the session is over by then. */
  void lastsUntil(Scheduler scheduler, Runnable expired) {
    Duration lifetime = session.principal().lifetime();
    if (lifetime != null) {
      expiry = scheduler.schedule(lifetime, expired);
    }
  }

  /** Says the last thing that the client is told: as much of it as it can take. */
  void dismiss(Goodbye goodbye) {
    if (transport.send(goodbye) == SendResult.TOO_LONG) {
      transport.send(new Goodbye(Options.EMPTY, WampUri.KILLED));
    }
  }

  /** The session is over; see {@link Realm#leave}. */
  CompletableFuture<?> leave(CloseCause cause) {
    LogSubject about = subject().endedBy(cause);
    if (NOTED.contains(cause)) {
      lane.clientLog().line(about, LOG, Level.INFO, "{} has ended: {}", this, cause.label());
    } else {
      about.on(LOG.atDebug()).log("{} has ended: {}", this, cause.label());
    }
    if (expiry != null) {
      expiry.cancel();
    }
    return realm.leave(session);
  }

  /**
   * The client says GOODBYE; completes when that may be answered. For the one reason it also logs
   * out: its cookie stands for nobody any more, on any node.
   */
  CompletableFuture<?> leave(String reason) {
    Cookie cookie = reason.equals(WampUri.CLOSE_LOGOUT) ? transport.evidence().cookie() : null;
    CompletableFuture<?> left = leave(CloseCause.GOODBYE);
    return cookie == null ? left : CompletableFuture.allOf(left, logOut(cookie));
  }

  /** Completes, on any thread, when no node knows the cookie, or when that could not be done. */
  private CompletableFuture<?> logOut(Cookie cookie) {
    return realm
        .settings()
        .authentication()
        .forget(cookie)
        .handle(
            (done, failure) -> {
              if (failure != null) {
                lane.execute(
                    () ->
                        lane.clientLog()
                            .line(subject(), LOG, Level.WARN, "No logout: {}", failure));
              }
              return null;
            })
        .toCompletableFuture();
  }

  LogSubject subject() {
    return new LogSubject(realm.name(), session.id(), null);
  }

  boolean isIn(String name) {
    return realm.name().equals(name);
  }

  UriSyntax uriRule() {
    return realm.settings().uriRule();
  }

  @Override
  public String toString() {
    return "Session " + session.id() + " of realm " + realm.name();
  }
}
