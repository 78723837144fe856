package io.tandem.node.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tandem.node.auth.AuthStep.Accepted;
import io.tandem.node.auth.AuthStep.Challenged;
import io.tandem.node.auth.AuthStep.Refused;
import io.tandem.node.auth.ScramAuthenticator.Holder;
import io.tandem.node.credentials.Kdf;
import io.tandem.node.credentials.ScramRecord;
import io.tandem.node.testing.Clients;
import io.tandem.protocol.message.Authenticate;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.testing.Conformance;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SCRAM as Autobahn computes it; proofs and signatures are what Autobahn-Python 26.10.2 gave. */
class AutobahnScramTest {

  /** The octets 0 to 15 are the client's, those to 31 the router's. */
  private static final String CLIENT_NONCE = "AAECAwQFBgcICQoLDA0ODw==";

  private static final String NONCE = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
  private static final String SALT = "W22ZaJ0SNY7soEsUEjb6gQ==";
  private static final String PROOF = "7Heodon5drb1oOD/2GxtOMDw4VXFWXgZEhPX2VY/5/Q=";

  private final ScramAuthenticator method =
      new ScramAuthenticator(
          Map.of("user", holder("pencil"), "a,b=c", holder("pen\u00adcil")),
          null,
          ScramDialect.AUTOBAHN,
          () -> "EBESExQVFhcYGRobHB0eHw==");

  private static Holder holder(String password) {
    byte[] salt = Base64.getDecoder().decode(SALT);
    Kdf kdf = Objects.requireNonNull(Kdf.named("argon2id-13").orElse(null));
    return new Holder(
        "guest", ScramRecord.of(kdf, 1, 64, salt, kdf.stretch(password, salt, 1, 64, 32)));
  }

  private AuthAnswer begin(@Nullable String authid, @Nullable String nonce) {
    Options details =
        nonce == null ? Options.EMPTY : Options.of(Keys.AUTHEXTRA, Map.of("nonce", nonce));
    return method.begin(
        new AuthRequest(
            "realm1",
            authid == null ? details : details.with(Keys.AUTHID, authid),
            7,
            Clients.evidence("10.0.0.1:4711", false, null, null)));
  }

  private AuthAnswer prove(String authid, String proof) {
    return ((Challenged) begin(authid, CLIENT_NONCE))
        .verifier()
        .verify(new Authenticate(proof, Map.of()));
  }

  /** SASLprep would drop a character of the second password, and SCRAM escape two of the authid. */
  @ParameterizedTest
  @Conformance("AUTH-SCRAM-17")
  @CsvSource(
      delimiter = '|',
      value = {
        "user|" + PROOF + "|2Tqr3x9NMIWSB6hRkc8YdaC60g0K3LduBV5ufqyGEf0=",
        "a,b=c|GYBak7D9PQv1F2rPtKIv48ufyMzqmSVtCyHsU0CQuBs=|"
            + "8QhtHoD1aheRTEO18hSzi9pfYNPHXfj+xPZ21PkCncs=",
      })
  void knownProofIsAcceptedWithTheKnownSignature(String authid, String proof, String signature) {
    assertThat(prove(authid, proof))
        .isEqualTo(
            new Accepted(
                new Principal(
                    "realm1",
                    authid,
                    "guest",
                    "scram",
                    "static",
                    Map.of("scram_server_signature", signature))));
  }

  @Test
  @Conformance({"AUTH-SCRAM-01", "AUTH-SCRAM-17"})
  void challengeIsThatOfAutobahn() {
    Challenged challenged = (Challenged) begin("user", CLIENT_NONCE);
    assertThat(challenged.message().method()).isEqualTo(method.method()).isEqualTo("scram");
    assertThat(challenged.message().extra())
        .isEqualTo(
            Map.of(
                "nonce",
                NONCE,
                "kdf",
                "argon2id-13",
                "salt",
                SALT,
                "iterations",
                1L,
                "memory",
                64L));
  }

  @Test
  void unknownAreChallengedAndDeniedLikeOthers() {
    Refused denied =
        new Refused("wamp.error.authentication_denied", "the authid or the password is wrong");
    assertThat(prove("user", PROOF.replace("7H", "7G"))).isEqualTo(denied);
    assertThat(prove("user", "")).isEqualTo(denied);
    assertThat(prove("jane", PROOF)).isEqualTo(denied);
    Challenged unknown = (Challenged) begin("jane", CLIENT_NONCE);
    assertThat(unknown.message().extra())
        .containsEntry("kdf", "argon2id-13")
        .containsEntry("memory", 64L)
        .doesNotContainEntry("salt", SALT);
    assertThat(begin("jane", CLIENT_NONCE))
        .isInstanceOfSatisfying(
            Challenged.class,
            again -> assertThat(again.message().extra()).isEqualTo(unknown.message().extra()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "AAEC",
        "not Base64!",
        "AAECAwQFBgcICQoLDA0ODx==", // with bits that belong to no octet
        "AAECAwQFBgcICQoLDA0ODw"
      })
  void nonceHasToBeCanonicalBase64(String nonce) {
    assertThat(begin("user", nonce)).isInstanceOf(Refused.class);
  }

  @Test
  void recordsOfOneDialectAreNoneOfTheOther() {
    Map<String, Holder> autobahns = Map.of("user", holder("pencil"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ScramAuthenticator(autobahns, null, ScramDialect.WAMP));
    Map<String, Holder> wamps =
        Map.of(
            "user",
            new Holder("guest", ScramRecord.of(Kdf.PBKDF2, 4096, 0, new byte[16], new byte[32])));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ScramAuthenticator(wamps, null, ScramDialect.AUTOBAHN));
  }

  @Test
  void withoutNonceOrAuthidNothingBegins() {
    assertThat(begin("user", null)).isInstanceOf(Refused.class);
    assertThat(begin(null, CLIENT_NONCE)).isInstanceOf(Refused.class);
  }
}
