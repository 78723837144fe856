package io.tandem.node.login;

import io.tandem.node.auth.Evidence;
import io.tandem.node.auth.FailedLogins;
import io.tandem.node.router.Lane;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.uri.WampUri;
import java.util.Set;

/** One client's share of a node's failed logins (AUTH-11). Belongs to its lane. */
final class Attempts {

  /** What who has to pause is told, whoever it says it is. */
  static final String PAUSED = "too many attempts have failed: try again later";

  /** Reasons that say nothing of what the client has shown. */
  private static final Set<String> NOT_ITS_FAULT =
      Set.of(
          WampUri.AUTHENTICATION_FAILED,
          WampUri.AUTHENTICATION_REQUIRED,
          WampUri.NO_MATCHING_AUTH_METHOD,
          WampUri.NO_SUCH_REALM,
          WampUri.NO_SUCH_ROLE);

  private final Lane lane;
  private final FailedLogins all;
  private final Evidence evidence;
  private final FailedLogins.Attempt attempt;

  Attempts(Lane lane, FailedLogins all, String realm, Options details, Evidence evidence) {
    this.lane = lane;
    this.all = all;
    this.evidence = evidence;
    this.attempt = new FailedLogins.Attempt(realm, details.get(Keys.AUTHID), evidence.network());
  }

  /** Whether the next one is refused. */
  boolean arePaused() {
    boolean paused = all.isPaused(attempt, lane.scheduler().nanoTime());
    if (paused) {
      lane.router().metrics().loginsPaused.increment();
    }
    return paused;
  }

  /**
   * This one is refused.
   *
   * @param reason a URI, by which it may count for nothing
   */
  void failed(String reason) {
    if (NOT_ITS_FAULT.contains(reason)) {
      return;
    }
    lane.router().metrics().loginsFailed.increment();
    FailedLogins.Pause pause = all.failed(attempt, lane.scheduler().nanoTime());
    if (pause != null) {
      lane.router()
          .audit()
          .paused(
              attempt.realm(),
              attempt.authid(),
              evidence.address(),
              pause.ofAddress() ? "address" : "authid",
              pause.failures(),
              pause.length());
    }
  }

  void succeeded() {
    all.succeeded(attempt);
  }
}
