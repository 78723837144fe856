package io.tandem.node.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import io.tandem.node.auth.AuthAnswer;
import io.tandem.node.auth.AuthRequest;
import io.tandem.node.auth.AuthStep;
import io.tandem.node.auth.AuthStep.Accepted;
import io.tandem.node.auth.AuthStep.Challenged;
import io.tandem.node.auth.Evidence;
import io.tandem.node.auth.Principal;
import io.tandem.node.credentials.VerificationKeys;
import io.tandem.node.testing.Clients;
import io.tandem.protocol.message.Authenticate;
import io.tandem.protocol.message.Challenge;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A client that shows a token to a node that knows the {@link Issuer}. */
abstract class OneToken {

  static final Duration LEEWAY = Duration.ofSeconds(5);
  static final Evidence SAFE = Clients.evidence("10.0.0.1:4711", true, null, null);
  static final Evidence PLAIN = Clients.evidence("10.0.0.1:4711", false, null, null);
  static final Set<String> ALGORITHMS = Set.of("RS256", "PS256", "ES256", "ES384", "EdDSA");

  static final TokenRules RULES =
      new TokenRules(
          Issuer.NAME,
          Set.of("tandem", "https://router.example.com"),
          ALGORITHMS,
          LEEWAY,
          "sub",
          "groups",
          List.of(Map.entry("admins", "operator"), Map.entry("users", "visitor")),
          null,
          null);

  String published = Issuer.jwks(Issuer.RSA, Issuer.EC);
  TokenRules rules = RULES;

  AuthAnswer begin(Evidence evidence, boolean overPlainText, @Nullable String authid) {
    Options details = authid == null ? Options.EMPTY : Options.of(Keys.AUTHID, authid);
    VerificationKeys keys = Objects.requireNonNull(VerificationKeys.parse(published));
    return new JwtAuthenticator("jwt", overPlainText, rules, KeySource.of(keys), () -> Issuer.NOW)
        .begin(new AuthRequest("realm1", details, 7, evidence));
  }

  AuthStep show(String token, @Nullable String authid) {
    Challenged challenged = (Challenged) begin(SAFE, false, authid);
    assertThat(challenged.message()).isEqualTo(new Challenge("jwt", Map.of()));
    return step(challenged.verifier().verify(new Authenticate(token, Map.of())));
  }

  AuthStep show(String token) {
    return show(token, null);
  }

  AuthStep show(JWTClaimsSet.Builder claims) {
    return show(Issuer.token(Issuer.RSA, "RS256", claims.build()));
  }

  static AuthStep step(AuthAnswer answer) {
    try {
      return answer instanceof AuthAnswer.Blocking blocking
          ? blocking.work().call()
          : (AuthStep) answer;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  static Principal who(AuthStep step) {
    return ((Accepted) step).principal();
  }
}
