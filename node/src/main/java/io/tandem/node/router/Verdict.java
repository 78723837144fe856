package io.tandem.node.router;

import io.tandem.node.auth.Action;
import io.tandem.node.auth.Decision;
import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.protocol.uri.WampUri;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the realm's authorizer said to a request.
 *
 * @param refusal the error that the request is answered with, or null where it is allowed
 * @param disclose whether the session is disclosed although it did not ask for it
 */
record Verdict(@Nullable String refusal, boolean disclose) {

  private static final Logger LOG = LoggerFactory.getLogger(Verdict.class);

  /** Asks the authorizer; where it fails the answer is no, and says that it failed (AZ-03). */
  static Verdict on(
      RealmSettings realm, Session session, Action action, String uri, MatchPolicy match) {
    try {
      Decision decision = realm.authorizer().authorize(session.principal(), action, uri, match);
      return new Verdict(decision.allowed() ? null : WampUri.NOT_AUTHORIZED, decision.disclose());
    } catch (RuntimeException failure) {
      LOG.error("Authorizer of realm {} failed on {} {}", realm.name(), action, uri, failure);
      return new Verdict(WampUri.AUTHORIZATION_FAILED, false);
    }
  }
}
