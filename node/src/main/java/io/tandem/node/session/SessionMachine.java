package io.tandem.node.session;

import io.tandem.node.auth.Evidence;
import io.tandem.node.config.TimeoutsConfig;
import io.tandem.node.login.Login;
import io.tandem.node.router.CloseCause;
import io.tandem.node.router.Lane;
import io.tandem.node.router.Realm;
import io.tandem.node.router.Session;
import io.tandem.protocol.codec.PayloadBeyondLimits;
import io.tandem.protocol.codec.ProtocolViolation;
import io.tandem.protocol.message.Abort;
import io.tandem.protocol.message.Authenticate;
import io.tandem.protocol.message.Goodbye;
import io.tandem.protocol.message.Hello;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.MessageCode;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.WampMessage;
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

  private final Lane lane;
  private final Transport transport;
  private final TimeoutsConfig timeouts;
  private final Departure departure;

  /** Ended until the transport is open. */
  private SessionState state = new SessionState.Ended();

  private Scheduler.@Nullable Timer timer;

  private @Nullable CloseCause endedBy;

  public SessionMachine(Lane lane, Transport transport, TimeoutsConfig timeouts) {
    this.lane = lane;
    this.transport = transport;
    this.timeouts = timeouts;
    this.departure = new Departure(lane, this);
  }

  /**
   * The transport is open. No session exists yet, so a late HELLO gets no ABORT (SES-01).
   *
   * @param evidence what is known of the client; kept until it is judged
   */
  public void opened(Evidence evidence) {
    state = new SessionState.Closed(evidence);
    await(timeouts.hello(), () -> close(CloseCause.HELLO_TIMEOUT));
  }

  /** Whether the client waits for an answer, HELLO and GOODBYE included, or owes one. */
  public boolean isBusy() {
    return transport.isBehind()
        || state instanceof SessionState.Leaving
        || (state instanceof SessionState.Authenticating thinking
            && !thinking.login().awaitsProof())
        || (state instanceof SessionState.Established established
            && established.dialogue().session().isBusy());
  }

  /** Whether others may call the session. */
  public boolean isCallee() {
    return state instanceof SessionState.Established established
        && established.dialogue().session().isCallee();
  }

  /** How the last session here ended, or, where there was none, the transport. */
  public CloseCause endedBy() {
    return Objects.requireNonNull(endedBy, "ended");
  }

  // ---- what comes from the transport ----

  /** A message arrived. */
  public void received(WampMessage message) {
    treat(message.code(), () -> received(message, null));
  }

  /** A message arrived whose payload nobody may read. */
  public void received(PayloadBeyondLimits beyond) {
    WampMessage message = beyond.received();
    treat(message.code(), () -> received(message, beyond.getMessage()));
  }

  /**
   * @param refusal why the payload is not there though there was one; or null
   */
  private void received(WampMessage message, @Nullable String refusal) throws ProtocolViolation {
    if (state instanceof SessionState.Established established) {
      receivedEstablished(established.dialogue(), message, refusal);
    } else if (state instanceof SessionState.Closed closed) {
      receivedClosed(closed.evidence(), message);
    } else if (state instanceof SessionState.Authenticating authenticating) {
      receivedAuthenticating(authenticating.login(), message);
    } else if (state instanceof SessionState.ShuttingDown) {
      receivedShuttingDown(message);
    }
  }

  /** Does it; what fails, by whosever fault, ends this conversation and no other. */
  void treat(MessageCode code, Dialogue.Treatment treatment) {
    try {
      treatment.run();
    } catch (ProtocolViolation violation) {
      violated(violation);
    } catch (RuntimeException defect) {
      tell(
          Level.ERROR,
          CloseCause.INTERNAL_ERROR,
          "{} ended by a defect in treating {}",
          this,
          code,
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
    String how = Explanation.brief(String.valueOf(violation.getMessage()));
    tell(Level.INFO, CloseCause.PROTOCOL_VIOLATION, "{} violated the protocol: {}", this, how);
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
  public void leave(CloseCause cause) {
    endSession(cause);
    close(cause);
  }

  // ---- a session that is asked to leave when it may ----

  /** How the session leaves that is asked to; where there is none, the transport is closed. */
  public Departure departure() {
    return departure;
  }

  /** Nobody calls the session from now on; null where there is none. */
  @Nullable CompletableFuture<?> retire() {
    return state instanceof SessionState.Established established
        ? established.dialogue().retire()
        : null;
  }

  /** The established session; null where there is none. */
  @Nullable Dialogue dialogue() {
    return state instanceof SessionState.Established established ? established.dialogue() : null;
  }

  boolean owesAnswers() {
    return state instanceof SessionState.Established established
        && established.dialogue().session().owesAnswers();
  }

  boolean hasEnded() {
    return state instanceof SessionState.Ended;
  }

  /** Nothing is taken from the client any more. */
  void hearNoMore() {
    transport.readNoMore();
  }

  // ---- GOODBYE of the node ----

  /** The node says GOODBYE: the client shall stay away. Without a session the transport closes. */
  public void leave(Goodbye goodbye, CloseCause cause) {
    if (state instanceof SessionState.Established established) {
      established.dialogue().dismiss(goodbye);
      endSession(cause);
      state = new SessionState.ShuttingDown();
      await(timeouts.goodbye(), () -> close(CloseCause.GOODBYE_TIMEOUT));
    } else if (!(state instanceof SessionState.ShuttingDown)) {
      leave(cause);
    }
  }

  /** Whether the session is one of this realm's. */
  public boolean isIn(String realm) {
    return state instanceof SessionState.Established established
        && established.dialogue().isIn(realm);
  }

  // ---- by state ----

  private void receivedClosed(Evidence evidence, WampMessage message) throws ProtocolViolation {
    if (message instanceof Hello hello) {
      stopTimer();
      hello(hello, evidence);
    } else if (message instanceof Abort abort) {
      aborted(abort, UriSyntax.REALM);
    } else {
      throw new ProtocolViolation(message.code() + " before HELLO");
    }
  }

  private void receivedAuthenticating(Login login, WampMessage message) throws ProtocolViolation {
    if (message instanceof Authenticate proof && login.awaitsProof()) {
      int extra = Options.of(Keys.AUTHEXTRA, proof.extra()).weight();
      Newcomer.check("AUTHENTICATE", extra + proof.signature().length());
      login.prove(proof);
    } else if (message instanceof Abort abort) {
      aborted(abort, login.uriRule());
    } else {
      throw new ProtocolViolation(message.code() + " before WELCOME");
    }
  }

  private void receivedEstablished(Dialogue dialogue, WampMessage message, @Nullable String refusal)
      throws ProtocolViolation {
    if (message instanceof WampMessage.ToBroker
        || message instanceof WampMessage.ToDealer
        || message.code() == MessageCode.ERROR) {
      dialogue.receive((WampMessage.FromClient) message, refusal);
    } else if (message instanceof Goodbye goodbye) {
      if (!dialogue.uriRule().isUri(goodbye.reason())) {
        throw new ProtocolViolation("GOODBYE.Reason must be a URI");
      }
      endedBy = CloseCause.GOODBYE;
      goodbye(dialogue.leave(goodbye.reason()));
    } else if (message instanceof Abort abort) {
      aborted(abort, dialogue.uriRule());
    } else {
      throw new ProtocolViolation(message.code() + " in an established session");
    }
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

  private void hello(Hello hello, Evidence evidence) throws ProtocolViolation {
    Newcomer.check("HELLO.Details", hello.details().weight());
    Newcomer newcomer = new Newcomer(lane, this, transport, HelloRoles.features(hello));
    Login login = new Login(lane, evidence, timeouts.authenticate(), newcomer);
    state = new SessionState.Authenticating(login, hello.realm());
    login.begin(hello.realm(), hello.details());
  }

  /** WELCOME was sent. */
  void established(Realm realm, Session session) {
    Dialogue dialogue = new Dialogue(lane, realm, session, transport, this::treat);
    state = new SessionState.Established(dialogue);
    Goodbye expired = new Goodbye(Options.EMPTY, WampUri.AUTHENTICATION_REQUIRED);
    dialogue.lastsUntil(lane.scheduler(), () -> leave(expired, CloseCause.EXPIRED));
    realm.join(session);
  }

  /** Answers HELLO or a proof with ABORT. */
  void refuse(String reason, String message) {
    String why = Explanation.brief(message);
    tell(Level.INFO, CloseCause.REFUSED, "{} refused: {} {}", this, reason, why);
    abort(reason, why);
    endSession(CloseCause.REFUSED);
    close(CloseCause.REFUSED);
  }

  /** ABORT has exactly three elements (SES-11, QRK-01). */
  private void abort(String reason, String message) {
    transport.send(new Abort(Options.of(Keys.MESSAGE, message), reason, Payload.EMPTY));
  }

  // ---- the end ----

  /** The session, or the attempt at one, is over; the transport may go on. */
  private void endSession(CloseCause cause) {
    if (state instanceof SessionState.Established established) {
      endedBy = cause;
      established.dialogue().leave(cause);
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
    state = new SessionState.Closed(transport.evidence());
    await(timeouts.nextHello(), () -> close(CloseCause.GOODBYE));
  }

  private void close(CloseCause cause) {
    state = new SessionState.Ended();
    stopTimer();
    transport.close(cause);
  }

  private void tell(Level level, CloseCause cause, String format, Object... arguments) {
    lane.clientLog().line(state.subject().endedBy(cause), LOG, level, format, arguments);
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
        ? established.dialogue().toString()
        : "Client " + transport.peer();
  }
}
