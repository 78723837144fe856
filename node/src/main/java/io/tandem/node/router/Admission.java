package io.tandem.node.router;

import io.tandem.cluster.kept.KeptPublications;
import io.tandem.node.auth.Action;
import io.tandem.node.auth.Answer;
import io.tandem.node.auth.Decision;
import io.tandem.protocol.message.Call;
import io.tandem.protocol.message.Key;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.Publish;
import io.tandem.protocol.message.Register;
import io.tandem.protocol.message.Subscribe;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.protocol.uri.WampUri;
import io.tandem.registry.Scheduler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Stands before broker and dealer, and decides whether a session gets what it asks for: whether the
 * URI is one, the options are not too many, what shall be retained can be, the realm's authorizer
 * allows it, and nobody is disclosed where the realm discloses nobody. What the session holds
 * already counts later, when it is known what is new. Belongs to its lane.
 */
final class Admission {

  /** How long an authorizer may take; then the answer is no, and says that it failed (AZ-03). */
  static final Duration LONGEST_DECISION = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(Admission.class);

  private static final Verdict.Refused TOO_MANY_OPTIONS =
      new Verdict.Refused(WampUri.OPTION_NOT_ALLOWED, "the options are too many, or too long");

  private static final Verdict.Refused NOT_RETAINED =
      new Verdict.Refused(WampUri.OPTION_NOT_ALLOWED, "nothing of this topic is retained");

  private final LiveSettings settings;
  private final AuthorizerProcedures procedures;
  private final LaneContext lane;
  private final Scheduler scheduler;

  Admission(LaneContext lane, LiveSettings settings, AuthorizerProcedures procedures) {
    this.settings = settings;
    this.procedures = procedures;
    this.lane = lane;
    this.scheduler = lane.scheduler();
  }

  /** The verdict on a message of the session; null for one that needs none (AZ-06). */
  @Nullable Verdict on(Session session, WampMessage message) {
    if (message instanceof Call call) {
      return on(session, Action.CALL, call.procedure(), MatchPolicy.EXACT, call.options());
    } else if (message instanceof Publish publish) {
      return on(session, Action.PUBLISH, publish.topic(), MatchPolicy.EXACT, publish.options());
    } else if (message instanceof Subscribe subscribe) {
      Options options = subscribe.options();
      return on(session, Action.SUBSCRIBE, subscribe.topic(), match(options), options);
    } else if (message instanceof Register register) {
      Options options = register.options();
      return on(session, Action.REGISTER, register.procedure(), match(options), options);
    }
    return null;
  }

  /** Whether the session may do it. Completes on the lane. */
  CompletionStage<Boolean> allows(Session session, Action action, String uri, MatchPolicy match) {
    Verdict verdict = on(session, action, uri, match, Options.EMPTY);
    CompletionStage<Verdict.Final> known =
        verdict instanceof Verdict.Pending pending
            ? pending.verdict()
            : CompletableFuture.completedFuture((Verdict.Final) verdict);
    return known.thenApply(outcome -> outcome instanceof Verdict.Admitted);
  }

  private static MatchPolicy match(Options options) {
    return MatchPolicy.of(options.get(Keys.MATCH, "exact"));
  }

  private Verdict on(
      Session session, Action action, String uri, MatchPolicy match, Options options) {
    if (session.isOfRouter() && (action == Action.CALL || WampUri.isReserved(uri))) {
      return Verdict.Admitted.PLAIN;
    }
    String invalid = invalid(action, uri, match);
    if (invalid != null) {
      return new Verdict.Refused(
          WampUri.INVALID_URI, settings.now().uriRule().whyNot(uri, invalid));
    }
    if (!settings.now().admits(options)) {
      return TOO_MANY_OPTIONS;
    }
    if (action == Action.PUBLISH && options.is(Keys.RETAIN) && !retains(uri)) {
      return NOT_RETAINED;
    }
    // Where something is kept no rule decides, and none will before a reload.
    Decision kept = session.kept(action, uri, match);
    if (kept != null) {
      return decided(action, uri, options, kept);
    }
    try {
      Answer answer =
          settings.now().authorizer().authorize(session.principal(), action, uri, match);
      if (answer instanceof Decision decision) {
        return decided(action, uri, options, decision);
      } else if (answer instanceof Answer.Ask ask) {
        return pending(
            action, uri, options, procedures.ask(session, ask, action, uri, match, options));
      }
      return pending(action, uri, options, ((Answer.Later) answer).decision());
    } catch (RuntimeException failure) {
      return failed(action, uri, failure);
    }
  }

  /** Whether the realm retains events of the topic. */
  private boolean retains(String topic) {
    KeptPublications kept = lane.router().keeping().realm(settings.now().name());
    return kept != null && kept.mayRetain(topic);
  }

  /** What is wrong with the URI, in words; null when nothing is. */
  private @Nullable String invalid(Action action, String uri, MatchPolicy match) {
    return switch (action) {
      case CALL -> settings.now().uriRule().isUri(uri) ? null : "not a valid procedure URI";
      case PUBLISH ->
          settings.now().uriRule().isUri(uri) && !WampUri.isReserved(uri)
              ? null
              : "not a topic to publish to: " + uri;
      case REGISTER ->
          settings.now().uriRule().isPattern(uri, match) && !WampUri.isReserved(uri)
              ? null
              : "not a procedure to register: " + uri;
      case SUBSCRIBE ->
          settings.now().uriRule().isPattern(uri, match)
              ? null
              : "not a valid " + match.wireName() + " topic";
    };
  }

  private Verdict.Final decided(Action action, String uri, Options options, Decision decision) {
    return decision.allowed()
        ? admitted(action, options, decision.disclose())
        : denied(action, uri, WampUri.NOT_AUTHORIZED);
  }

  /** The authorizer has no objection. */
  private Verdict.Final admitted(Action action, Options options, boolean disclose) {
    Key<Boolean> key = action == Action.REGISTER ? Keys.DISCLOSE_CALLER : Keys.DISCLOSE_ME;
    boolean asks = action != Action.SUBSCRIBE && options.is(key);
    if (asks && !settings.now().allowDiscloseMe()) {
      return new Verdict.Refused(
          WampUri.OPTION_DISALLOWED_DISCLOSE_ME,
          action == Action.PUBLISH
              ? "this realm does not disclose publishers"
              : "this realm does not disclose callers");
    }
    return asks || disclose ? Verdict.Admitted.DISCLOSED : Verdict.Admitted.PLAIN;
  }

  private static Verdict.Final denied(Action action, String uri, String error) {
    String what =
        switch (action) {
          case CALL -> "call ";
          case PUBLISH -> "publish to ";
          case REGISTER -> "register ";
          case SUBSCRIBE -> "subscribe to ";
        };
    return new Verdict.Refused(error, "not allowed to " + what + uri);
  }

  private Verdict.Final failed(Action action, String uri, @Nullable Throwable failure) {
    lane.router().metrics().authorizerFailures.increment();
    lane.clientLog()
        .line(
            LogSubject.of(settings.now().name()),
            LOG,
            Level.ERROR,
            "Authorizer of realm {} failed on {} {}",
            settings.now().name(),
            action,
            uri,
            failure);
    return denied(action, uri, WampUri.AUTHORIZATION_FAILED);
  }

  private Verdict pending(
      Action action, String uri, Options options, CompletionStage<Decision> later) {
    CompletableFuture<Verdict.Final> verdict = new CompletableFuture<>();
    lane.measured(Latency.AUTHORIZER, verdict);
    later.whenComplete(
        (decision, failure) ->
            lane.execute(
                () -> {
                  if (!verdict.isDone()) {
                    verdict.complete(
                        decision == null
                            ? failed(action, uri, failure)
                            : decided(action, uri, options, decision));
                  }
                }));
    Scheduler.Timer limit =
        scheduler.schedule(
            LONGEST_DECISION,
            () -> {
              verdict.complete(
                  failed(
                      action,
                      uri,
                      new TimeoutException(
                          "undecided for " + LONGEST_DECISION.toSeconds() + " s")));
            });
    verdict.whenComplete((known, cancelled) -> limit.cancel());
    return new Verdict.Pending(verdict);
  }
}
