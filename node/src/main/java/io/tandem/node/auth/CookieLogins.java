package io.tandem.node.auth;

import io.tandem.node.credentials.Hashes;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.uri.WampUri;
import io.tandem.protocol.wire.Payload;
import io.tandem.protocol.wire.Serializer;
import io.tandem.registry.logins.RememberedLogin;
import io.tandem.registry.logins.RememberedLogins;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of logins by cookie, in a realm. Where it has the method {@code cookie},
 * admits whoever has logged in by another method on a connection with the same cookie, on whatever
 * node, as the principal that it was then. That holds as long as the other method would still take
 * the proof, which the login's seal tells. Immutable; used by all lanes.
 */
public final class CookieLogins {

  private static final int LONGEST_AUTHID = 256;

  /** In characters. A login with more is not remembered. */
  private static final int LONGEST_EXTRA = 4 << 10;

  /** What authenticators tell a client to prove themselves: it was for that one login. */
  private static final Set<String> PROOFS = Set.of("verifier", "scram_server_signature");

  /** Remembers nothing. */
  public static final CookieLogins NONE = forgetting(RememberedLogins.NONE);

  private final RememberedLogins logins;

  /** Zero where the realm does not have the method. */
  private final Duration maxAge;

  private final boolean overPlainText;
  private final InstantSource clock;

  /**
   * @param maxAge how long a login is remembered
   * @param overPlainText whether also where others can read along
   */
  public CookieLogins(
      RememberedLogins logins, Duration maxAge, boolean overPlainText, InstantSource clock) {
    this.logins = logins;
    this.maxAge = maxAge;
    this.overPlainText = overPlainText;
    this.clock = clock;
  }

  /** Of a realm that has not the method: a client can have its login elsewhere forgotten. */
  public static CookieLogins forgetting(RememberedLogins logins) {
    return new CookieLogins(logins, Duration.ZERO, false, InstantSource.system());
  }

  /** Whether the realm has the method. */
  boolean isOffered() {
    return !maxAge.isZero();
  }

  /** The cookie by which the client may come in; null where it may not by any. */
  private @Nullable Cookie cookie(Evidence evidence) {
    return evidence.secure() || overPlainText ? evidence.cookie() : null;
  }

  /**
   * Admits the client if its cookie stands for a login that holds.
   *
   * @param standing what a principal's login rests on now, see {@link Authenticator#standing}
   * @param otherwise begins with the methods that the client wants besides
   */
  AuthAnswer begin(
      AuthRequest request,
      Function<Principal, byte @Nullable []> standing,
      Supplier<AuthAnswer> otherwise) {
    Cookie cookie = cookie(request.evidence());
    return cookie == null
        ? otherwise.get()
        : new AuthAnswer.Lookup<>(
            logins.find(cookie.name()),
            login ->
                login != null && holds(login, cookie, request, standing)
                    ? new AuthStep.Accepted(admitted(login))
                    : otherwise.get());
  }

  private static boolean holds(
      RememberedLogin login,
      Cookie cookie,
      AuthRequest request,
      Function<Principal, byte @Nullable []> standing) {
    String authid = request.details().get(Keys.AUTHID);
    if (!login.asked().equals(request.realm())
        || !(authid == null || authid.equals(login.authid()) || authid.equals(login.claimed()))) {
      return false; // the client wants to be somebody else, or somewhere else
    }
    byte[] now = standing.apply(principal(login, login.authmethod()));
    return now != null && TicketAuthenticator.isSame(login.seal(), cookie.seal(now));
  }

  private static Principal admitted(RememberedLogin login) {
    return principal(login, Cookie.METHOD);
  }

  private static Principal principal(RememberedLogin login, String method) {
    return new Principal(
        login.realm(),
        login.authid(),
        login.authrole(),
        method,
        login.authprovider(),
        login.authextra() == null ? null : decoded(login.authextra()));
  }

  /**
   * Begins to remember that a client has logged in. Completes when every node knows it; fails where
   * that is not known.
   *
   * @param standing what its login rests on, see {@link Authenticator#standing}
   * @return null where there is nothing to be remembered
   */
  @Nullable CompletionStage<?> remember(
      AuthRequest request, Principal principal, byte @Nullable [] standing) {
    Cookie cookie = cookie(request.evidence());
    String claimed = request.details().get(Keys.AUTHID);
    String extra = principal.authextra() == null ? null : encoded(principal.authextra());
    if (cookie == null
        || !isOffered()
        || standing == null
        || principal.lifetime() != null
        || (claimed != null && claimed.length() > LONGEST_AUTHID)
        || (extra != null && extra.length() > LONGEST_EXTRA)) {
      return null;
    }
    return logins.remember(
        cookie.name(),
        new RememberedLogin(
            request.realm(),
            claimed,
            principal.realm(),
            principal.authid(),
            principal.authrole(),
            principal.authmethod(),
            principal.authprovider(),
            extra,
            cookie.seal(standing),
            clock.instant().plus(maxAge)));
  }

  /** The cookie stands for no login any more, on any node, when that completes. */
  CompletionStage<?> forget(Cookie cookie) {
    return logins.forget(cookie.name());
  }

  private static @Nullable String encoded(Map<String, @Nullable Object> extra) {
    Map<String, @Nullable Object> kept = new LinkedHashMap<>(extra);
    kept.keySet().removeAll(PROOFS);
    if (kept.isEmpty()) {
      return null;
    }
    Payload payload = Payload.encode(Serializer.JSON, List.of(), kept);
    return new String(payload.bytes(), payload.offset(), payload.length(), StandardCharsets.UTF_8);
  }

  private static Map<String, @Nullable Object> decoded(String extra) {
    byte[] octets = Hashes.utf8(extra);
    return Payload.slice(Serializer.JSON, Payload.Shape.ARGS_KWARGS, octets, 0, octets.length)
        .kwargs();
  }

  /** What a client is told that wants this method alone. */
  static AuthStep.Refused unknown() {
    return new AuthStep.Refused(
        WampUri.AUTHENTICATION_REQUIRED,
        "no login is remembered for this client: it has to prove who it is by another method");
  }
}
