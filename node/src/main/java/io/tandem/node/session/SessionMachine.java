package io.tandem.node.session;

import io.tandem.node.auth.Evidence;
import io.tandem.node.auth.Principal;
import io.tandem.node.config.TimeoutsConfig;
import io.tandem.node.router.ClientFeatures;
import io.tandem.node.router.CloseCause;
import io.tandem.node.router.Delivery;
import io.tandem.node.router.Lane;
import io.tandem.node.router.Realm;
import io.tandem.node.router.Session;
import io.tandem.node.router.Verdict;
import io.tandem.protocol.codec.PayloadBeyondLimits;
import io.tandem.protocol.codec.ProtocolViolation;
import io.tandem.protocol.message.Abort;
import io.tandem.protocol.message.Authenticate;
import io.tandem.protocol.message.Challenge;
import io.tandem.protocol.message.Goodbye;
import io.tandem.protocol.message.Hello;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.MessageCode;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.message.Welcome;
import io.tandem.protocol.uri.UriSyntax;
import io.tandem.protocol.uri.WampUri;
import io.tandem.protocol.wire.Payload;
import io.tandem.registry.Scheduler;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The conversation on one transport, from the router's side: the state machine of SES-21. Decides
 * what may come when, opens and closes sessions, and passes what an established session says on to
 * its realm. Belongs to its lane.
 */
public final class SessionMachine {

  private static final Logger LOG = LoggerFactory.getLogger(SessionMachine.class);

  /**
   * Longest wait of a GOODBYE for what the session held to be withdrawn: a little more than it
   * takes to tell that a node is unreachable, for which nobody waits then.
   */
  private static final Duration LONGEST_WITHDRAWAL = Duration.ofSeconds(4);

  /**
   * How long a session that leaves waits for a moment in which nothing is on its way to it on this
   * node. On a lane that always has something no such moment may come.
   */
  private static final Duration LONGEST_LULL = Duration.ofMillis(200);

  /** In characters. */
  private static final int LONGEST_EXPLANATION = 200;

  /** In octets of memory: authentication may keep it for as long as it takes. */
  private static final int LARGEST_HELLO = 64 << 10;

  private final Lane lane;
  private final Transport transport;
  private final TimeoutsConfig timeouts;
  private SessionState state = new SessionState.Closed();
  private Scheduler.@Nullable Timer timer;

  /** Null until the session is to leave; then completes when nobody sends anything to it. */
  private @Nullable CompletableFuture<?> retired;

  /** When it was first found idle, in nanoseconds of the lane's clock; null before. */
  private @Nullable Long idleSince;

  private @Nullable CloseCause endedBy;

  public SessionMachine(Lane lane, Transport transport, TimeoutsConfig timeouts) {
    this.lane = lane;
    this.transport = transport;
    this.timeouts = timeouts;
  }

  /** The transport is open. No session exists yet, so a late HELLO gets no ABORT (SES-01). */
  public void opened() {
    await(timeouts.hello(), () -> close(CloseCause.HELLO_TIMEOUT));
  }

  /** Whether the client waits for an answer, HELLO and GOODBYE included, or owes one. */
  public boolean isBusy() {
    return transport.isBehind()
        || state instanceof SessionState.Leaving
        || (state instanceof SessionState.Authenticating thinking
            && !thinking.login().awaitsProof())
        || (state instanceof SessionState.Established established
            && established.session().isBusy());
  }

  /** Whether others may call the session. */
  public boolean isCallee() {
    return state instanceof SessionState.Established established
        && established.session().isCallee();
  }

  /** How the last session here ended, or, where there was none, the transport. */
  public CloseCause endedBy() {
    return Objects.requireNonNull(endedBy, "ended");
  }

  // ---- what comes from the transport ----

  /** A message arrived. */
  public void received(WampMessage message) {
    received(message, null);
  }

  /** A message arrived whose payload nobody may read. */
  public void received(PayloadBeyondLimits beyond) {
    received(beyond.received(), beyond.getMessage());
  }

  /**
   * @param refusal why the payload is not there though there was one; or null
   */
  private void received(WampMessage message, @Nullable String refusal) {
    treat(message, refusal, null);
  }

  /**
   * @param verdict what was decided on the message, where it had to wait for that; else null
   */
  private void treat(
      WampMessage message, @Nullable String refusal, Verdict.@Nullable Final verdict) {
    try {
      if (state instanceof SessionState.Established established) {
        if (verdict == null) {
          receivedEstablished(established, message, refusal);
        } else {
          established
              .realm()
              .treat(established.session(), (WampMessage.FromClient) message, verdict);
        }
      } else if (state instanceof SessionState.Closed) {
        receivedClosed(message);
      } else if (state instanceof SessionState.Authenticating authenticating) {
        receivedAuthenticating(authenticating.login(), message);
      } else if (state instanceof SessionState.ShuttingDown) {
        receivedShuttingDown(message);
      }
    } catch (ProtocolViolation violation) {
      violated(violation);
    } catch (RuntimeException defect) {
      lane.clientLog()
          .line(
              LOG,
              Level.ERROR,
              "{} ended by a defect in treating {}",
              this,
              message.code(),
              defect);
      endSession(CloseCause.INTERNAL_ERROR);
      endedBy = CloseCause.INTERNAL_ERROR;
      close(CloseCause.INTERNAL_ERROR);
    }
  }

  /**
   * The client broke the protocol: it is told so and the transport is closed (SES-20), unless it
   * was told GOODBYE, after which nothing is said any more (SES-15).
   */
  public void violated(ProtocolViolation violation) {
    if (state instanceof SessionState.Ended || state instanceof SessionState.ShuttingDown) {
      return;
    }
    String how = brief(String.valueOf(violation.getMessage()));
    lane.clientLog().line(LOG, Level.INFO, "{} violated the protocol: {}", this, how);
    abort(WampUri.PROTOCOL_VIOLATION, how);
    endSession(CloseCause.PROTOCOL_VIOLATION);
    close(CloseCause.PROTOCOL_VIOLATION);
  }

  /** The transport ended, or is about to without a word to the client. */
  public void lost(CloseCause cause) {
    endSession(cause);
    if (endedBy == null) {
      endedBy = cause;
    }
    state = new SessionState.Ended();
    stopTimer();
  }

  /** The node ends the transport; clients that reconnect by themselves do so (QRK-12). */
  public void leave() {
    leave(CloseCause.NODE_LEAVES);
  }

  /** The node ends the transport for this cause. */
  public void leave(CloseCause cause) {
    endSession(cause);
    close(cause);
  }

  /**
   * The session leaves: nobody calls it any more, and it ends when all that was taken from it or is
   * on its way to it is answered, in the turn of the last answer.
   */
  public void depart() {
    if (retired == null && state instanceof SessionState.Established established) {
      CompletableFuture<?> last = established.realm().retire(established.session());
      retired = last;
      last.thenRun(this::leaveIfIdle);
    } else if (!isDeparting()) {
      leaveIfIdle();
    }
  }

  /** Whether the session is to leave. */
  public boolean isDeparting() {
    return retired != null;
  }

  /** Whether others may still send to a session that is to leave. */
  public boolean isRetiring() {
    return retired != null && !retired.isDone();
  }

  /** A turn in which the client was sent something is over. */
  public void turned() {
    if (retired != null && retired.isDone()) {
      leaveIfIdle();
    }
  }

  private void leaveIfIdle() {
    if (state instanceof SessionState.Ended) {
      return;
    }
    if (!isBusy()) {
      leaveInALull();
    } else if (!owesAnswers()) {
      // Whoever goes on asking would never have been answered.
      transport.readNoMore();
    }
  }

  /**
   * An event is acknowledged when other lanes have it, not when their subscribers do: it is let in
   * first. Until the next look the session goes on as before.
   */
  private void leaveInALull() {
    long now = lane.scheduler().nanoTime();
    idleSince = Objects.requireNonNullElse(idleSince, now);
    if (lane.isQuiet() || now - idleSince >= LONGEST_LULL.toNanos()) {
      leave();
    }
  }

  private boolean owesAnswers() {
    return state instanceof SessionState.Established established
        && established.session().owesAnswers();
  }

  /** The node says GOODBYE: the client shall stay away. Without a session the transport closes. */
  public void leave(String reason) {
    if (state instanceof SessionState.Established) {
      transport.send(new Goodbye(Options.EMPTY, reason));
      endSession(CloseCause.NODE_LEAVES);
      state = new SessionState.ShuttingDown();
      await(timeouts.goodbye(), () -> close(CloseCause.GOODBYE_TIMEOUT));
    } else if (!(state instanceof SessionState.ShuttingDown)) {
      leave();
    }
  }

  // ---- by state ----

  private void receivedClosed(WampMessage message) throws ProtocolViolation {
    if (message instanceof Hello hello) {
      stopTimer();
      hello(hello);
    } else if (message instanceof Abort abort) {
      aborted(abort, UriSyntax.REALM);
    } else {
      throw new ProtocolViolation(message.code() + " before HELLO");
    }
  }

  private void receivedAuthenticating(Login login, WampMessage message) throws ProtocolViolation {
    if (message instanceof Authenticate proof && login.awaitsProof()) {
      login.prove(proof);
    } else if (message instanceof Abort abort) {
      aborted(abort, login.uriRule());
    } else {
      throw new ProtocolViolation(message.code() + " before WELCOME");
    }
  }

  private void receivedEstablished(
      SessionState.Established established, WampMessage message, @Nullable String refusal)
      throws ProtocolViolation {
    UriSyntax uriRule = established.realm().settings().uriRule();
    if (message instanceof WampMessage.ToBroker
        || message instanceof WampMessage.ToDealer
        || message.code() == MessageCode.ERROR) {
      WampMessage.FromClient request = (WampMessage.FromClient) message;
      if (refusal == null) {
        CompletableFuture<Verdict.Final> verdict =
            established.realm().receive(established.session(), request);
        if (verdict != null) {
          // What the client says behind it waits where it is, in order (ORD-08).
          transport.hold();
          verdict.whenComplete((known, ended) -> decided(established, request, known));
        }
      } else {
        established.realm().refuse(established.session(), request, refusal);
      }
    } else if (message instanceof Goodbye goodbye) {
      if (!uriRule.isUri(goodbye.reason())) {
        throw new ProtocolViolation("GOODBYE.Reason must be a URI");
      }
      endedBy = CloseCause.GOODBYE;
      goodbye(established.realm().leave(established.session()));
    } else if (message instanceof Abort abort) {
      aborted(abort, uriRule);
    } else {
      throw new ProtocolViolation(message.code() + " in an established session");
    }
  }

  /** The request that all others wait for is decided on, or the session has ended meanwhile. */
  private void decided(
      SessionState.Established established,
      WampMessage.FromClient request,
      Verdict.@Nullable Final verdict) {
    if (verdict == null) {
      transport.release();
      return;
    }
    transport.whenAwake(
        () -> {
          if (state == established) {
            treat(request, null, verdict);
          }
          transport.release();
        });
  }

  /** ABORT is never answered, not even where it breaks the protocol itself (SES-10). */
  private void aborted(Abort abort, UriSyntax uriRule) {
    CloseCause cause =
        uriRule.isUri(abort.reason())
            ? CloseCause.ABORTED_BY_CLIENT
            : CloseCause.PROTOCOL_VIOLATION;
    endSession(cause);
    close(cause);
  }

  private void receivedShuttingDown(WampMessage message) {
    if (message instanceof Goodbye) {
      close(CloseCause.GOODBYE);
    }
  }

  // ---- HELLO ----

  private void hello(Hello hello) throws ProtocolViolation {
    if (hello.details().weight() > LARGEST_HELLO) {
      throw new ProtocolViolation("HELLO.Details takes more than " + LARGEST_HELLO + " octets");
    }
    Login login =
        new Login(
            lane,
            new Evidence(transport.peer(), transport.isSecure()),
            timeouts.authenticate(),
            new Newcomer(HelloRoles.features(hello)));
    state = new SessionState.Authenticating(login);
    login.begin(hello.realm(), hello.details());
  }

  /** The client while it is judged. */
  private final class Newcomer implements Login.Client {

    private final ClientFeatures features;

    Newcomer(ClientFeatures features) {
      this.features = features;
    }

    @Override
    public void challenged(Challenge challenge) {
      transport.send(challenge);
    }

    @Override
    public void accepted(Realm realm, long id, Principal principal) {
      Session session = new Session(id, principal, features, transport, realm.account());
      // WELCOME comes before anything else that the session is sent (SES-09).
      Delivery welcome = transport.send(new Welcome(id, WelcomeDetails.of(principal)));
      if (welcome == Delivery.TOO_LONG) {
        lane.router().sessionIds().release(id);
        refuse(WampUri.PAYLOAD_SIZE_EXCEEDED, "the client takes no message as long as WELCOME");
        return;
      }
      state = new SessionState.Established(realm, session);
      realm.join(session);
    }

    @Override
    public void refused(String reason, String message) {
      refuse(reason, message);
    }
  }

  /** Answers HELLO or a proof with ABORT. */
  private void refuse(String reason, String message) {
    String why = brief(message);
    lane.clientLog().line(LOG, Level.INFO, "{} refused: {} {}", this, reason, why);
    abort(reason, why);
    endSession(CloseCause.REFUSED);
    close(CloseCause.REFUSED);
  }

  /** ABORT has exactly three elements (SES-11, QRK-01). */
  private void abort(String reason, String message) {
    transport.send(new Abort(Options.of(Keys.MESSAGE, message), reason, Payload.EMPTY));
  }

  /** What is quoted of the client's words stays short, in logs and for clients alike. */
  private static String brief(String message) {
    if (message.length() <= LONGEST_EXPLANATION) {
      return message;
    }
    boolean splitsPair = Character.isHighSurrogate(message.charAt(LONGEST_EXPLANATION - 1));
    return message.substring(0, LONGEST_EXPLANATION - (splitsPair ? 1 : 0)) + "...";
  }

  // ---- the end ----

  /** The session, or the attempt at one, is over; the transport may go on. */
  private void endSession(CloseCause cause) {
    if (state instanceof SessionState.Established established) {
      endedBy = cause;
      established.realm().leave(established.session());
    } else if (state instanceof SessionState.Authenticating authenticating) {
      authenticating.login().abandon();
    } else if (state instanceof SessionState.Leaving) {
      transport.release();
    }
    state = new SessionState.Ended();
  }

  /**
   * Answers GOODBYE when others may take what the session held, or have been waited for. What the
   * client says behind it is not for this session, and has to wait (SES-22).
   */
  private void goodbye(CompletableFuture<?> withdrawn) {
    if (withdrawn.isDone()) {
      sayGoodbye();
      return;
    }
    transport.hold();
    state = new SessionState.Leaving(withdrawn);
    await(LONGEST_WITHDRAWAL, () -> goOn(withdrawn));
    withdrawn.whenComplete((done, failure) -> lane.execute(() -> goOn(withdrawn)));
  }

  private void goOn(CompletableFuture<?> withdrawn) {
    if (state instanceof SessionState.Leaving leaving && leaving.withdrawn() == withdrawn) {
      transport.release();
      sayGoodbye();
    }
  }

  private void sayGoodbye() {
    reopen();
    transport.send(new Goodbye(Options.EMPTY, WampUri.GOODBYE_AND_OUT));
  }

  /** After GOODBYE the transport may carry another session (TR-03, AMB-04). */
  private void reopen() {
    state = new SessionState.Closed();
    await(timeouts.nextHello(), () -> close(CloseCause.GOODBYE));
  }

  private void close(CloseCause cause) {
    state = new SessionState.Ended();
    stopTimer();
    transport.close(cause);
  }

  private void await(Duration limit, Runnable expired) {
    stopTimer();
    timer = lane.scheduler().schedule(limit, expired);
  }

  private void stopTimer() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  @Override
  public String toString() {
    return state instanceof SessionState.Established established
        ? "Session "
            + established.session().id()
            + " of realm "
            + established.realm().settings().name()
        : "Client " + transport.peer();
  }
}
