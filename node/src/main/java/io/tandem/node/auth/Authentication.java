package io.tandem.node.auth;

import io.tandem.node.auth.AuthStep.Refused;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.uri.WampUri;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a realm decides who may join: its authenticators, of which the client's list chooses one.
 * Immutable; used by all lanes.
 */
public final class Authentication {

  private final Map<String, Authenticator> methods = new LinkedHashMap<>();
  private final Set<String> roles;
  private final AuthPool pool;
  private final FailedLogins failed;

  /** Has nobody pause after failed logins. */
  public Authentication(
      List<? extends Authenticator> authenticators, Set<String> roles, AuthPool pool) {
    this(authenticators, roles, pool, new FailedLogins(FailedLogins.Policy.NONE));
  }

  /**
   * @param authenticators one per method; none at all admits nobody
   * @param roles the roles of the realm
   * @param pool does what must not be done on a lane
   * @param failed who has to pause before the next attempt
   */
  public Authentication(
      List<? extends Authenticator> authenticators,
      Set<String> roles,
      AuthPool pool,
      FailedLogins failed) {
    for (Authenticator authenticator : authenticators) {
      if (methods.put(authenticator.method(), authenticator) != null) {
        throw new IllegalArgumentException("two authenticators for " + authenticator.method());
      }
    }
    this.roles = Set.copyOf(roles);
    this.pool = pool;
    this.failed = failed;
  }

  /**
   * Begins with the first method in the client's order that the realm has (AUTH-02), as {@link
   * Authenticator#begin} does.
   */
  public AuthAnswer begin(AuthRequest request) {
    List<String> wanted = wanted(request.details());
    Authenticator authenticator = choose(wanted);
    return authenticator == null ? noMethod(wanted) : authenticator.begin(request);
  }

  private static List<String> wanted(Options details) {
    List<String> wanted = details.get(Keys.AUTHMETHODS, List.of());
    return wanted.isEmpty() ? List.of(AnonymousAuthenticator.METHOD) : wanted;
  }

  private @Nullable Authenticator choose(List<String> wanted) {
    for (String method : wanted) {
      Authenticator authenticator = methods.get(method);
      if (authenticator != null) {
        return authenticator;
      }
    }
    return null;
  }

  /**
   * Who has to pause before the next attempt; null where a client like this has nothing to guess.
   */
  public @Nullable FailedLogins failedLogins(Options details) {
    Authenticator authenticator = choose(wanted(details));
    return authenticator == null || authenticator.admitsEverybody() ? null : failed;
  }

  /** Has the work done by others than the lane. */
  public AuthAnswer ask(AuthAnswer.Blocking question) {
    return pool.ask(question.work());
  }

  /** Whether the realm has this role. */
  public boolean hasRole(String role) {
    return roles.contains(role);
  }

  private static Refused noMethod(List<String> wanted) {
    return wanted.contains(AnonymousAuthenticator.METHOD)
        ? new Refused(WampUri.AUTHENTICATION_REQUIRED, "anonymous sessions are not allowed here")
        : new Refused(
            WampUri.NO_MATCHING_AUTH_METHOD, "none of the authmethods is configured for the realm");
  }
}
