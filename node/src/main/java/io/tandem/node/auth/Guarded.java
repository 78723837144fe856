package io.tandem.node.auth;

import io.tandem.protocol.uri.WampUri;
import java.util.Set;

/**
 * Procedures of the router by which a session does something to others, or has them do something
 * (META-04). A permission allows to call them only if it speaks of the router's own names: its URI
 * begins with {@code wamp}. One for everything does not.
 */
final class Guarded {

  private static final Set<String> PROCEDURES =
      Set.of(
          "wamp.session.kill",
          "wamp.session.kill_by_authid",
          "wamp.session.kill_by_authrole",
          "wamp.session.kill_all",
          "wamp.session.modify_details",
          "wamp.session.add_testament",
          "wamp.subscription.get_events",
          "wamp.subscription.remove_subscriber",
          "wamp.registration.remove_callee",
          "wamp.tandem.retained.remove");

  private Guarded() {}

  /** Whether the permission, though it covers the URI, does not speak of it. */
  static boolean isFrom(Permission rule, Action action, String uri) {
    return action == Action.CALL
        && WampUri.isReserved(uri)
        && !WampUri.isReserved(rule.uri())
        && PROCEDURES.contains(uri);
  }
}
