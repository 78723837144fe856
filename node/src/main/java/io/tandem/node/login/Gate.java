package io.tandem.node.login;

import io.tandem.node.auth.AuthStep;
import io.tandem.node.auth.Evidence;
import io.tandem.node.auth.Principal;
import io.tandem.node.router.Lane;
import io.tandem.node.router.LogSubject;
import io.tandem.node.router.OnDemand;
import io.tandem.node.router.Realm;
import io.tandem.node.router.RealmSettings;
import io.tandem.protocol.uri.WampUri;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Realms as somebody sees them who is not in yet: those that are open, and those that are made when
 * somebody joins them. Belongs to its lane.
 */
final class Gate {

  /** What becomes of a principal that knocks. */
  enum Outcome {
    JOINED,
    /** There are as many sessions as there may be. */
    FULL,
    /** The realm has to be opened first. */
    CLOSED
  }

  private static final Logger LOG = LoggerFactory.getLogger(Gate.class);

  private final Lane lane;

  Gate(Lane lane) {
    this.lane = lane;
  }

  /** By what those are judged who want to join a realm; null where there is no such realm. */
  @Nullable Supplier<RealmSettings> rules(String name) {
    Realm open = lane.realm(name);
    if (open != null) {
      return open::settings;
    }
    RealmSettings closed = lane.router().onDemand().settings(name);
    return closed == null ? null : () -> closed;
  }

  /** What the realm that it is to join has against the principal; or null. */
  AuthStep.@Nullable Refused refusal(Principal principal) {
    Supplier<RealmSettings> rules = rules(principal.realm());
    if (rules == null) {
      return new AuthStep.Refused(
          WampUri.NO_SUCH_REALM, "this router has no realm " + principal.realm());
    }
    return rules.get().authentication().hasRole(principal.authrole())
        ? null
        : new AuthStep.Refused(WampUri.NO_SUCH_ROLE, "the realm does not have the role assigned");
  }

  /** Has the principal join, if the realm is open and has a place for it. */
  Outcome admit(Principal principal, Consumer<Realm> joining) {
    Realm open = lane.realm(principal.realm());
    if (open == null || open.isClosing()) {
      return Outcome.CLOSED;
    } else if (open.admit(principal.authrole(), () -> joining.accept(open))) {
      return Outcome.JOINED;
    }
    return open.isClosing() ? Outcome.CLOSED : Outcome.FULL; // which another thread may decide
  }

  /**
   * Has the realm opened for somebody who may join it.
   *
   * @return completes on any thread: with null when it is open, else with how whoever wanted to
   *     join is refused
   */
  CompletionStage<AuthStep.@Nullable Refused> open(String realm, Evidence evidence) {
    return lane.router()
        .onDemand()
        .open(realm)
        .handle(
            (outcome, failure) -> {
              if (outcome == OnDemand.Outcome.OPEN) {
                return null;
              } else if (outcome == OnDemand.Outcome.UNKNOWN) {
                return new AuthStep.Refused(
                    WampUri.NO_SUCH_REALM, "this router has no realm " + realm);
              }
              Object why = failure == null ? "its template has all that it may have" : failure;
              lane.execute(
                  () ->
                      lane.clientLog()
                          .line(
                              LogSubject.of(realm),
                              LOG,
                              Level.WARN,
                              "No realm {} for {}: {}",
                              realm,
                              evidence,
                              why));
              // Another node may have it, or this one later: the realm as such does exist.
              return new AuthStep.Refused(
                  WampUri.UNAVAILABLE,
                  failure == null
                      ? "this node has as many realms of this kind as it may"
                      : "the realm could not be opened");
            });
  }
}
