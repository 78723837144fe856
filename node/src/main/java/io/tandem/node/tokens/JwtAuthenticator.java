package io.tandem.node.tokens;

import io.tandem.node.auth.AuthAnswer;
import io.tandem.node.auth.AuthRequest;
import io.tandem.node.auth.AuthStep;
import io.tandem.node.auth.Authenticator;
import io.tandem.node.auth.Principal;
import io.tandem.node.credentials.VerificationKeys;
import io.tandem.protocol.message.Challenge;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.uri.WampUri;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Admits who shows a token that somebody trusted has signed, as a ticket is shown. Whatever is
 * wrong with a token, the answer is the same. The session lasts as long as the token. Immutable.
 */
public final class JwtAuthenticator implements Authenticator {

  static final AuthStep.Refused DENIED =
      new AuthStep.Refused(WampUri.AUTHENTICATION_DENIED, "the token is not accepted");

  private final String name;
  private final boolean overPlainText;
  private final TokenRules rules;
  private final KeySource source;
  private final InstantSource clock;

  /**
   * @param name under which clients ask for it, and which the challenge repeats
   * @param overPlainText whether tokens are taken although others can read along
   */
  public JwtAuthenticator(
      String name, boolean overPlainText, TokenRules rules, KeySource source, InstantSource clock) {
    this.name = name;
    this.overPlainText = overPlainText;
    this.rules = rules;
    this.source = source;
    this.clock = clock;
  }

  @Override
  public String method() {
    return name;
  }

  @Override
  public AuthAnswer begin(AuthRequest request) {
    if (!request.evidence().secure() && !overPlainText) {
      // Before the token is sent, not after.
      return new AuthStep.Refused(
          WampUri.AUTHENTICATION_DENIED, "tokens are not taken over plain text: use TLS");
    }
    String realm = request.realm(); // and no more of what the client wrote is kept
    String asked = request.details().get(Keys.AUTHID);
    return new AuthStep.Challenged(
        new Challenge(name, Map.of()), proof -> judge(realm, asked, proof.signature()));
  }

  private AuthAnswer judge(String realm, @Nullable String asked, String text) {
    Token token = Token.parse(text);
    if (token == null || !rules.algorithms().contains(token.algorithm())) {
      return DENIED;
    }
    CompletableFuture<VerificationKeys> keys = source.keys(token.keyId()).toCompletableFuture();
    return keys.isDone() && !keys.isCompletedExceptionally()
        ? new AuthAnswer.Blocking(() -> judge(realm, asked, token, keys.join()))
        : new AuthAnswer.Later(keys.thenApply(known -> judge(realm, asked, token, known)));
  }

  private AuthStep judge(String realm, @Nullable String asked, Token token, VerificationKeys keys) {
    Instant now = clock.instant();
    Claims claims = token.provedBy(keys, token.algorithm());
    if (claims == null || !claims.isValid(rules, now)) {
      return DENIED;
    }
    String authid = claims.authid(rules);
    String role = claims.role(rules);
    String joined = claims.realm(rules, realm);
    boolean isWhoItSays = asked == null || asked.equals(authid);
    return authid == null || role == null || joined == null || !isWhoItSays
        ? DENIED
        : new AuthStep.Accepted(
            new Principal(joined, authid, role, name, PROVIDER, null)
                .lasting(claims.left(rules, now)));
  }

  /** The provider of those whom a token names. */
  static final String PROVIDER = "jwt";
}
