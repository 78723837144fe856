package io.tandem.node.testing;

import io.tandem.node.auth.AuthPool;
import io.tandem.node.auth.Authentication;
import io.tandem.node.auth.Authenticator;
import io.tandem.node.auth.Cookie;
import io.tandem.node.auth.CookieLogins;
import io.tandem.node.auth.Entrance;
import io.tandem.node.auth.Evidence;
import io.tandem.node.auth.FailedLogins;
import io.tandem.node.auth.Opening;
import io.tandem.node.auth.TlsPeer;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Clients of which a test tells only what matters to it. */
public final class Clients {

  private Clients() {}

  /** Of one that shares its origin with nobody and has no cookie. */
  public static Evidence evidence(
      String address, boolean secure, @Nullable TlsPeer tls, @Nullable Opening opening) {
    return evidence(address, secure, tls, opening, null);
  }

  /** Of one that shares its origin with nobody. */
  public static Evidence evidence(
      String address,
      boolean secure,
      @Nullable TlsPeer tls,
      @Nullable Opening opening,
      @Nullable Cookie cookie) {
    return new Evidence(address, address, secure, tls, opening, cookie, Entrance.OPEN);
  }

  /** Judges them, has nobody pause after failed logins, and remembers none. */
  public static Authentication authentication(
      List<? extends Authenticator> authenticators, Set<String> roles, AuthPool pool) {
    return new Authentication(
        authenticators, roles, pool, new FailedLogins(FailedLogins.Policy.NONE), CookieLogins.NONE);
  }
}
