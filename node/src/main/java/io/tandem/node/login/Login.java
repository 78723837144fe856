package io.tandem.node.login;

import io.tandem.node.auth.AuthAnswer;
import io.tandem.node.auth.AuthRequest;
import io.tandem.node.auth.AuthStep;
import io.tandem.node.auth.Cookie;
import io.tandem.node.auth.Evidence;
import io.tandem.node.auth.FailedLogins;
import io.tandem.node.auth.Principal;
import io.tandem.node.router.Lane;
import io.tandem.node.router.LogSubject;
import io.tandem.node.router.Realm;
import io.tandem.node.router.RealmSettings;
import io.tandem.protocol.message.Authenticate;
import io.tandem.protocol.message.Challenge;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.uri.UriRule;
import io.tandem.protocol.uri.UriSyntax;
import io.tandem.protocol.uri.WampUri;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * How a client becomes a session, whatever it speaks: the realm that it wants is found, an ID
 * claimed, and the realm's authenticators judge it by what it says and by what its transport knows
 * of it. One for each attempt; belongs to its lane. Whoever keeps one keeps the evidence: it is to
 * be let go when the attempt is over.
 */
public final class Login {

  private static final Logger LOG = LoggerFactory.getLogger(Login.class);

  /** Who wants to become a session. Told at most one end: accepted or refused. */
  public interface Client {

    /** The proof that the challenge asks for is awaited from now on. */
    void challenged(Challenge challenge);

    /**
     * It is this principal's session, in the realm that the principal names.
     *
     * @param session the ID, which the client's end releases from now on
     */
    void accepted(Realm realm, long session, Principal principal);

    /**
     * It is none.
     *
     * @param reason a URI
     * @param message for the developer of the client
     */
    void refused(String reason, String message);
  }

  private final Lane lane;
  private final Evidence evidence;
  private final Duration patience;
  private final Client client;
  private final Consultations consultations;
  private final Gate gate;
  private final Limit limit;

  /** Of the realm that the client names; null before, and where there is none. */
  private @Nullable Supplier<RealmSettings> rules;

  /** What failures are counted by; null where the client has nothing to guess. */
  private @Nullable Attempts attempts;

  /** What is judged; null before. */
  private @Nullable AuthRequest request;

  /** 0 while none is claimed. */
  private long session;

  /** Who judges the proof that is awaited; null while the node itself is thinking. */
  private AuthStep.@Nullable Verifier verifier;

  /** What an authenticator has still to say; null while it owes nothing. */
  private AuthAnswer.@Nullable Later owed;

  private boolean hasProved;
  private boolean isOver;

  /**
   * @param evidence what the transport knows of the client
   * @param patience how long authenticators may take for each step, and the client for its proof
   */
  public Login(Lane lane, Evidence evidence, Duration patience, Client client) {
    this.lane = lane;
    this.evidence = evidence;
    this.patience = patience;
    this.client = client;
    this.consultations = new Consultations(lane);
    this.gate = new Gate(lane);
    this.limit = new Limit(lane.scheduler());
  }

  /**
   * Begins.
   *
   * @param name of the realm that the client wants; null when it does not say
   * @param details what else it says, such as its authid and the methods that it knows, in the keys
   *     of HELLO; to be trusted in nothing
   */
  public void begin(@Nullable String name, Options details) {
    if (name == null || name.isEmpty()) {
      refuse(WampUri.NO_SUCH_REALM, "HELLO names no realm");
      return;
    }
    if (!UriRule.LOOSE.isUri(name)) {
      refuse(WampUri.INVALID_URI, "the realm is not a valid URI");
      return;
    }
    Supplier<RealmSettings> found = evidence.entrance().leadsTo(name) ? gate.rules(name) : null;
    if (found == null) {
      refuse(WampUri.NO_SUCH_REALM, "this router has no realm " + name);
      return;
    }
    rules = found;
    FailedLogins failed = found.get().authentication().failedLogins(details, evidence.entrance());
    if (failed != null) {
      attempts = new Attempts(lane, failed, name, details, evidence);
    }
    if (isPaused()) {
      return;
    }
    lane.router()
        .sessionIds()
        .claim()
        .whenComplete((id, failure) -> lane.execute(() -> claimed(name, details, id, failure)));
  }

  private void claimed(
      String name, Options details, @Nullable Long id, @Nullable Throwable failure) {
    if (isOver) {
      if (id != null) {
        lane.router().sessionIds().release(id);
      }
    } else if (id == null) {
      lane.clientLog()
          .line(LOG, Level.WARN, "No session ID for {}: {}", evidence, String.valueOf(failure));
      refuse(WampUri.AUTHENTICATION_FAILED, "no session ID could be claimed");
    } else {
      session = id;
      AuthRequest judged = new AuthRequest(name, details, id, evidence);
      request = judged;
      ask(() -> settings().authentication().begin(judged));
    }
  }

  /** Whether the client has to wait, and is refused before anybody is asked (AUTH-11). */
  private boolean isPaused() {
    if (attempts == null || !attempts.arePaused()) {
      return false;
    }
    refuse(WampUri.AUTHENTICATION_DENIED, Attempts.PAUSED);
    return true;
  }

  /** Puts a question to the authenticators, for as long as they may take. */
  private void ask(Supplier<AuthAnswer> question) {
    await("authentication took too long");
    hear(question);
  }

  /** Takes what an authenticator answers, or goes after it. */
  private void hear(Supplier<AuthAnswer> question) {
    AuthAnswer answer;
    try {
      answer = question.get();
      if (answer instanceof AuthAnswer.Blocking blocking) {
        answer = consultations.ask(settings().authentication(), blocking);
        within(blocking.timeout());
      }
      if (answer instanceof AuthAnswer.Lookup<?> lookup) {
        look(lookup);
        return;
      } else if (answer instanceof AuthAnswer.Later later) {
        owed = later;
        whenKnown(later.step(), this::take, this::failed);
        return;
      } else if (answer instanceof AuthAnswer.Consult consult) {
        whenKnown(
            consultations.ask(consult),
            result -> hear(() -> consult.heard().apply(result)),
            this::unheard);
        return;
      }
    } catch (RuntimeException failure) {
      failed(failure);
      return;
    }
    take((AuthStep) answer);
  }

  private <T extends @Nullable Object> void look(AuthAnswer.Lookup<T> lookup) {
    whenKnown(lookup.found(), found -> hear(() -> lookup.heard().apply(found)), this::failed);
  }

  /** Goes on when what is owed is there, or never will be, if somebody still waits for it. */
  private <T extends @Nullable Object> void whenKnown(
      CompletionStage<T> later, Consumer<T> then, Consumer<Throwable> otherwise) {
    later.whenComplete(
        (known, failure) ->
            lane.execute(
                () -> {
                  if (isOver) {
                    return;
                  }
                  owed = null;
                  if (failure == null) {
                    then.accept(known);
                  } else {
                    otherwise.accept(failure);
                  }
                }));
  }

  /** A procedure has not told who the client is. */
  private void unheard(Throwable failure) {
    AuthStep.Refused refused = Consultations.refusal(failure);
    if (refused == null) {
      failed(failure);
    } else {
      deny(refused);
    }
  }

  private void await(String expired) {
    limit.start(patience, () -> refuse(WampUri.AUTHENTICATION_FAILED, expired));
  }

  /** Somebody has less time than authenticators have. */
  private void within(@Nullable Duration timeout) {
    if (timeout != null && timeout.compareTo(patience) < 0) {
      limit.start(timeout, () -> failed(new TimeoutException("no answer in " + timeout)));
    }
  }

  private void take(@Nullable AuthStep step) {
    limit.stop();
    if (step instanceof AuthStep.Accepted accepted) {
      accept(accepted.principal());
    } else if (step instanceof AuthStep.Challenged challenged) {
      verifier = challenged.verifier();
      await("no AUTHENTICATE in time");
      client.challenged(challenged.message()); // who may have its proof at hand, and give it now
    } else if (step instanceof AuthStep.Refused refused && hasProved) {
      deny(refused);
    } else if (step instanceof AuthStep.Refused refused) {
      refuse(refused); // before it could guess anything
    } else {
      failed(new IllegalStateException("the authenticator said nothing"));
    }
  }

  /** What the client has shown is wrong. */
  private void deny(AuthStep.Refused refused) {
    if (attempts != null) {
      attempts.failed(refused.reason());
    }
    refuse(refused);
  }

  /** A client that is remembered knows of it by WELCOME; one that is not proves itself again. */
  private void accept(Principal principal) {
    AuthRequest judged = Objects.requireNonNull(request);
    CompletionStage<?> remembered =
        gate.refusal(principal) == null
            ? settings().authentication().remember(judged, principal)
            : null;
    if (remembered == null) {
      admit(principal);
    } else {
      remembered.whenComplete((done, failure) -> lane.execute(() -> noted(principal, failure)));
    }
  }

  private void noted(Principal principal, @Nullable Throwable failure) {
    if (failure != null) {
      lane.clientLog().line(LOG, Level.WARN, "Login not remembered: {}: {}", evidence, failure);
    }
    if (!isOver) {
      admit(principal);
    }
  }

  private void admit(Principal principal) {
    AuthStep.Refused refusal = gate.refusal(principal);
    if (refusal == null && attempts != null && !principal.authmethod().equals(Cookie.METHOD)) {
      attempts.succeeded();
    }
    enter(principal, refusal);
  }

  private void enter(Principal principal, AuthStep.@Nullable Refused refusal) {
    if (refusal != null) {
      refuse(refusal);
      return;
    }
    switch (gate.admit(principal, realm -> join(realm, principal))) {
      case JOINED -> {}
      case FULL -> refuse(WampUri.UNAVAILABLE, "there are as many sessions as there may be");
      case CLOSED -> open(principal);
    }
  }

  private void join(Realm joined, Principal principal) {
    limit.stop();
    isOver = true;
    client.accepted(joined, session, principal.showing(evidence.certificate()));
  }

  /** It is who may join, so the realm is made for it. */
  private void open(Principal principal) {
    if (!limit.isRunning()) { // not again for a realm that was closed again meanwhile
      limit.start(patience, () -> refuse(WampUri.UNAVAILABLE, "opening the realm took too long"));
    }
    whenKnown(
        gate.open(principal.realm(), evidence),
        refusal -> enter(principal, refusal == null ? gate.refusal(principal) : refusal),
        this::failed);
  }

  /** Nothing of it is for the client (AUTH-05). */
  private void failed(Throwable failure) {
    lane.clientLog()
        .line(
            LogSubject.of(settings().name()),
            LOG,
            Level.ERROR,
            "Authentication failed in realm {}: {}",
            settings().name(),
            evidence,
            failure);
    refuse(WampUri.AUTHENTICATION_FAILED, "authentication could not be done");
  }

  private void refuse(AuthStep.Refused refused) {
    refuse(refused.reason(), refused.message());
  }

  private void refuse(String reason, String message) {
    lane.router()
        .audit()
        .refused(rules == null ? null : settings().name(), evidence.address(), reason, message);
    abandon();
    client.refused(reason, message);
  }

  /** Whether a proof of the client is awaited, rather than anything of the node. */
  public boolean awaitsProof() {
    return verifier != null;
  }

  /** The client answers the challenge; only while {@link #awaitsProof}. */
  public void prove(Authenticate proof) {
    AuthStep.Verifier judge = Objects.requireNonNull(verifier, "no proof is awaited");
    verifier = null;
    hasProved = true;
    if (!isPaused()) {
      ask(() -> judge.verify(proof));
    }
  }

  /** Nobody wants to become a session any more; without an effect when this is over. */
  public void abandon() {
    if (!isOver) {
      isOver = true;
      verifier = null;
      limit.stop();
      if (session != 0) {
        lane.router().sessionIds().release(session);
      }
      if (owed != null) {
        AuthAnswer.Later later = owed;
        owed = null;
        later.abandoned().run();
      }
    }
  }

  private RealmSettings settings() {
    return Objects.requireNonNull(rules, "begun").get();
  }

  /** Which URIs the client may use. */
  public UriSyntax uriRule() {
    return rules == null ? UriSyntax.REALM : settings().uriRule();
  }
}
