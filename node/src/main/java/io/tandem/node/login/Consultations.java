package io.tandem.node.login;

import io.tandem.node.auth.AuthAnswer;
import io.tandem.node.auth.AuthStep;
import io.tandem.node.auth.Authentication;
import io.tandem.node.local.WampFailure;
import io.tandem.node.router.Lane;
import io.tandem.node.router.Latency;
import io.tandem.node.router.Realm;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.uri.WampUri;
import io.tandem.protocol.wire.Payload;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Asks procedures who a client is, on whatever node they are (AUTH-12). Belongs to its lane. */
final class Consultations {

  /**
   * What a procedure may say under {@code wamp.}; the rest there tells that it failed (AUTH-05).
   */
  private static final Set<String> REASONS =
      Set.of(
          WampUri.AUTHENTICATION_DENIED,
          WampUri.AUTHENTICATION_FAILED,
          WampUri.AUTHENTICATION_REQUIRED,
          WampUri.NO_MATCHING_AUTH_METHOD,
          WampUri.NO_SUCH_PRINCIPAL,
          WampUri.NO_SUCH_REALM,
          WampUri.NO_SUCH_ROLE,
          WampUri.NOT_AUTHORIZED);

  private final Lane lane;

  Consultations(Lane lane) {
    this.lane = lane;
  }

  /** What the procedure says. */
  CompletionStage<Payload> ask(AuthAnswer.Consult consult) {
    Realm realm = lane.realm(consult.realm());
    if (realm == null) {
      throw new IllegalStateException("this node does not serve " + consult.realm());
    }
    return measured(
        realm
            .inquiry()
            .call(
                consult.procedure(),
                Options.of(Keys.TIMEOUT, consult.timeout().toMillis()),
                consult.arguments()));
  }

  /** What work that blocks comes to. */
  AuthAnswer ask(Authentication authentication, AuthAnswer.Blocking question) {
    AuthAnswer answer = authentication.ask(question);
    if (answer instanceof AuthAnswer.Later later) {
      measured(later.step());
    }
    return answer;
  }

  private <T> CompletionStage<T> measured(CompletionStage<T> answer) {
    return lane.router().metrics().measured(Latency.AUTHENTICATOR, lane.scheduler(), answer);
  }

  /**
   * How the procedure has refused the client; null where it has not, but failed itself: is not
   * there, took too long, died or broke.
   */
  static AuthStep.@Nullable Refused refusal(@Nullable Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (!(cause instanceof WampFailure said)
        || (WampUri.isReserved(said.error()) && !REASONS.contains(said.error()))) {
      return null;
    }
    List<@Nullable Object> args = said.payload().args();
    return new AuthStep.Refused(
        said.error(),
        !args.isEmpty() && args.get(0) instanceof String why
            ? why
            : "the authenticator refuses the client");
  }
}
