package io.tandem.node.auth;

import io.tandem.node.auth.AuthStep.Refused;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.uri.WampUri;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
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
  private final CookieLogins cookies;

  /**
   * @param authenticators one per method; none at all admits nobody
   * @param roles the roles of the realm
   * @param pool does what must not be done on a lane
   * @param failed who has to pause before the next attempt
   * @param cookies what is remembered of logins
   */
  public Authentication(
      List<? extends Authenticator> authenticators,
      Set<String> roles,
      AuthPool pool,
      FailedLogins failed,
      CookieLogins cookies) {
    for (Authenticator authenticator : authenticators) {
      if (methods.put(authenticator.method(), authenticator) != null) {
        throw new IllegalArgumentException("two authenticators for " + authenticator.method());
      }
    }
    this.roles = Set.copyOf(roles);
    this.pool = pool;
    this.failed = failed;
    this.cookies = cookies;
  }

  /**
   * Begins with the first method in the client's order that the realm has (AUTH-02), as {@link
   * Authenticator#begin} does. Where the client names {@code cookie}, wherever in its list, and its
   * cookie stands for a login, that is enough; where it stands for none, the others count.
   */
  public AuthAnswer begin(AuthRequest request) {
    List<String> wanted = wanted(request.details(), request.evidence().entrance());
    if (cookies.isOffered() && wanted.contains(Cookie.METHOD)) {
      List<String> others = wanted.stream().filter(name -> !name.equals(Cookie.METHOD)).toList();
      return cookies.begin(
          request,
          this::standing,
          () -> others.isEmpty() ? CookieLogins.unknown() : begin(request, others));
    }
    return begin(request, wanted);
  }

  private AuthAnswer begin(AuthRequest request, List<String> wanted) {
    Authenticator authenticator = choose(wanted);
    return authenticator == null
        ? noMethod(offered(request.details()))
        : authenticator.begin(request);
  }

  /** What the client offers and may use where it came in. */
  private static List<String> wanted(Options details, Entrance entrance) {
    return offered(details).stream().filter(entrance::takes).toList();
  }

  private static List<String> offered(Options details) {
    List<String> offered = details.get(Keys.AUTHMETHODS, List.of());
    return offered.isEmpty() ? List.of(AnonymousAuthenticator.METHOD) : offered;
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
  public @Nullable FailedLogins failedLogins(Options details, Entrance entrance) {
    Authenticator authenticator = choose(wanted(details, entrance));
    return authenticator == null || authenticator.admitsEverybody() ? null : failed;
  }

  private byte @Nullable [] standing(Principal principal) {
    Authenticator authenticator = methods.get(principal.authmethod());
    return authenticator == null ? null : authenticator.standing(principal);
  }

  /**
   * Begins to remember, by the client's cookie, that it has logged in: every node knows it when
   * that completes.
   *
   * @return null where there is nothing to be remembered
   */
  public @Nullable CompletionStage<?> remember(AuthRequest request, Principal principal) {
    return cookies.remember(request, principal, standing(principal));
  }

  /**
   * Begins to log a client out: its cookie stands for nobody any more, on any node, when that
   * completes.
   */
  public CompletionStage<?> forget(Cookie cookie) {
    return cookies.forget(cookie);
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
