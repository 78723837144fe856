package io.tandem.node.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import io.tandem.node.auth.AuthAnswer;
import io.tandem.node.auth.AuthRequest;
import io.tandem.node.auth.AuthStep;
import io.tandem.node.auth.AuthStep.Accepted;
import io.tandem.node.auth.AuthStep.Challenged;
import io.tandem.node.auth.Principal;
import io.tandem.node.credentials.VerificationKeys;
import io.tandem.protocol.message.Authenticate;
import io.tandem.protocol.message.Options;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that show tokens, right ones. */
class JwtAuthenticatorTest extends OneToken {

  @Test
  void tokenSaysWhoItIsInWhichRoleAndForHowLong() {
    Principal joe = who(show(Issuer.claims()));
    assertThat(joe.lasting(null))
        .isEqualTo(new Principal("realm1", "joe", "operator", "jwt", "jwt", null));
    assertThat(joe.lifetime()).isEqualTo(Duration.ofSeconds(60).plus(LEEWAY).minusNanos(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"RS256", "PS256"})
  void rsaKeySignsInAnyWayThatIsAllowed(String algorithm) {
    assertThat(show(Issuer.token(Issuer.RSA, algorithm, Issuer.claims().build())))
        .isInstanceOf(Accepted.class);
  }

  @Test
  void keysOfEllipticCurvesSignAsWell() {
    JWK large = Issuer.ec("ec-2", Curve.P_384);
    KeyPair ed = Issuer.ed25519();
    byte[] encoded = ed.getPublic().getEncoded();
    byte[] x = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
    JWK okp = new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(x)).keyID("ed-1").build();
    published = Issuer.jwks(Issuer.EC, large, okp);
    String claims = Issuer.claims().build().toString();
    assertThat(show(Issuer.token(Issuer.EC, "ES256", Issuer.claims().build())))
        .isInstanceOf(Accepted.class);
    assertThat(show(Issuer.token(large, "ES384", Issuer.claims().build())))
        .isInstanceOf(Accepted.class);
    String header = "{\"alg\":\"EdDSA\",\"kid\":\"ed-1\"}";
    assertThat(show(Issuer.crafted(header, claims, Issuer.by(ed)))).isInstanceOf(Accepted.class);
    assertThat(show(Issuer.crafted(header, claims, Issuer.by(Issuer.ed25519()))))
        .isEqualTo(JwtAuthenticator.DENIED);
  }

  @Test
  void keysAsPemHaveNoNames() {
    byte[] encoded;
    try {
      encoded = Issuer.RSA.toPublicKey().getEncoded();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    published =
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(encoded)
            + "\n-----END PUBLIC KEY-----\n";
    assertThat(show(Issuer.claims())).isInstanceOf(Accepted.class);
    assertThat(show(Issuer.token(Issuer.OTHER_RSA, "RS256", Issuer.claims().build())))
        .isEqualTo(JwtAuthenticator.DENIED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"JWT", "at+jwt", "application/at+JWT"})
  void typesOfTokensThatTellWhoSomebodyIsAreKnown(String type) {
    assertThat(
            show(
                Issuer.token(
                    Issuer.RSA,
                    "RS256",
                    Issuer.claims().build(),
                    header -> header.type(new JOSEObjectType(type)))))
        .isInstanceOf(Accepted.class);
  }

  @Test
  void clocksMayDifferByTheLeewayAndNoMore() {
    Date before = Date.from(Issuer.NOW.minus(LEEWAY));
    Date after = Date.from(Issuer.NOW.plus(LEEWAY));
    Date afterwards = Date.from(Issuer.NOW.plus(LEEWAY).plusSeconds(1));
    assertThat(show(Issuer.claims().notBeforeTime(after))).isInstanceOf(Accepted.class);
    assertThat(show(Issuer.claims().notBeforeTime(afterwards))).isEqualTo(JwtAuthenticator.DENIED);
    assertThat(show(Issuer.claims().expirationTime(before))).isEqualTo(JwtAuthenticator.DENIED);
    assertThat(who(show(Issuer.claims().expirationTime(Date.from(Issuer.NOW)))).lifetime())
        .isEqualTo(LEEWAY.minusNanos(1));
  }

  @Test
  void lifetimeHasABound() {
    Date far = Date.from(Instant.parse("9999-12-31T00:00:00Z"));
    assertThat(who(show(Issuer.claims().expirationTime(far))).lifetime())
        .isEqualTo(Principal.LONGEST_LIFETIME);
  }

  @Test
  void firstRoleOfTheConfigurationCountsThatTheTokenHas() {
    assertThat(who(show(Issuer.claims().claim("groups", "users"))).authrole()).isEqualTo("visitor");
    assertThat(show(Issuer.claims().claim("groups", List.of("guests", 1))))
        .isEqualTo(JwtAuthenticator.DENIED);
    assertThat(show(Issuer.claims().claim("groups", null))).isEqualTo(JwtAuthenticator.DENIED);
  }

  @Test
  void claimsMayBeInsideOthersAndHaveADefault() {
    rules =
        new TokenRules(
            Issuer.NAME,
            Set.of("tandem"),
            ALGORITHMS,
            LEEWAY,
            "user.name",
            "realm_access.roles",
            List.of(Map.entry("boss", "operator")),
            "visitor",
            "tenant");
    JWTClaimsSet.Builder claims =
        Issuer.claims()
            .claim("user", Map.of("name", "jo"))
            .claim("realm_access", Issuer.realmAccess("boss"))
            .claim("tenant", "realm2");
    assertThat(who(show(claims)).lasting(null))
        .isEqualTo(new Principal("realm2", "jo", "operator", "jwt", "jwt", null));
    claims.claim("realm_access", null).claim("tenant", List.of("realm7", "realm1"));
    assertThat(who(show(claims)).lasting(null))
        .isEqualTo(new Principal("realm1", "jo", "visitor", "jwt", "jwt", null));
    assertThat(show(claims.claim("tenant", List.of("realm7")))).isEqualTo(JwtAuthenticator.DENIED);
    assertThat(show(claims.claim("tenant", null))).isEqualTo(JwtAuthenticator.DENIED);
  }

  @Test
  void authidThatTheClientNamesHasToBeTheTokens() {
    String token = Issuer.token(Issuer.RSA, "RS256", Issuer.claims().build());
    assertThat(show(token, "joe")).isInstanceOf(Accepted.class);
    assertThat(show(token, "ann")).isEqualTo(JwtAuthenticator.DENIED);
  }

  // ---- keys that come later, or never ----

  @Test
  void tokenWaitsForItsKeysAndFailsWithoutThem() {
    CompletableFuture<VerificationKeys> keys = new CompletableFuture<>();
    CompletableFuture<VerificationKeys> none = CompletableFuture.failedFuture(new Exception("no"));
    AuthStep.Verifier waits = verifier(id -> keys);
    AuthStep.Verifier fails = verifier(id -> none);
    Authenticate token =
        new Authenticate(Issuer.token(Issuer.RSA, "RS256", Issuer.claims().build()), Map.of());
    AuthAnswer.Later later = (AuthAnswer.Later) waits.verify(token);
    CompletableFuture<? extends AuthStep> step = later.step().toCompletableFuture();
    assertThat(step).isNotDone();
    keys.complete(Objects.requireNonNull(VerificationKeys.parse(published)));
    assertThat(step.join()).isInstanceOf(Accepted.class);
    assertThat(((AuthAnswer.Later) fails.verify(token)).step().toCompletableFuture())
        .isCompletedExceptionally();
  }

  private AuthStep.Verifier verifier(KeySource source) {
    JwtAuthenticator method =
        new JwtAuthenticator("ticket", false, rules, source, () -> Issuer.NOW);
    return ((Challenged) method.begin(new AuthRequest("realm1", Options.EMPTY, 7, SAFE)))
        .verifier();
  }
}
