package io.tandem.node.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import io.tandem.node.auth.AuthStep;
import io.tandem.node.auth.AuthStep.Accepted;
import io.tandem.node.auth.AuthStep.Challenged;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that show tokens, wrong ones: all get the same answer. */
class WrongTokensTest extends OneToken {

  @Test
  void plainTextIsRefusedBeforeTheTokenIsSentUnlessAllowed() {
    assertThat(begin(PLAIN, false, null))
        .isEqualTo(
            new AuthStep.Refused(
                "wamp.error.authentication_denied",
                "tokens are not taken over plain text: use TLS"));
    assertThat(begin(PLAIN, true, null)).isInstanceOf(Challenged.class);
  }

  @Test
  void tokenForOthersOrOfOthersIsDenied() {
    assertThat(
            List.of(
                show(Issuer.claims().audience("elsewhere")),
                show(Issuer.claims().audience((String) null)),
                show(Issuer.claims().issuer("https://id.example.com/")),
                show(Issuer.claims().issuer(null)),
                show(Issuer.claims().expirationTime(null)),
                show(Issuer.claims().subject(null)),
                show(Issuer.claims().subject(" ")),
                show(Issuer.claims().subject("x".repeat(257))),
                show(Issuer.claims().claim("sub", List.of("joe")))))
        .containsOnly(JwtAuthenticator.DENIED);
    assertThat(show(Issuer.claims().audience(List.of("elsewhere", "tandem"))))
        .isInstanceOf(Accepted.class);
  }

  @Test
  void keyThatIsUnknownOrNotForThisIsDenied() {
    String right = Issuer.token(Issuer.RSA, "RS256", Issuer.claims().build());
    String unknown = Issuer.token(Issuer.OTHER_RSA, "RS256", Issuer.claims().build());
    String underItsName =
        Issuer.token(
            Issuer.OTHER_RSA,
            "RS256",
            Issuer.claims().build(),
            header -> header.keyID(Issuer.RSA.getKeyID()));
    String underAnother =
        Issuer.token(
            Issuer.RSA,
            "RS256",
            Issuer.claims().build(),
            header -> header.keyID(Issuer.EC.getKeyID()));
    assertThat(List.of(show(unknown), show(underItsName), show(underAnother)))
        .containsOnly(JwtAuthenticator.DENIED);
    assertThat(show(right)).isInstanceOf(Accepted.class);

    String alone = Issuer.RSA.toPublicJWK().toJSONString();
    for (String member :
        List.of("\"use\":\"enc\"", "\"alg\":\"PS256\"", "\"key_ops\":[\"sign\"]")) {
      published =
          "{\"keys\":["
              + alone.replace("{\"kty\"", "{" + member + ",\"kty\"")
              + ","
              + Issuer.jwks(Issuer.EC).substring("{\"keys\":[".length());
      assertThat(published).contains(member);
      assertThat(show(right)).as(member).isEqualTo(JwtAuthenticator.DENIED);
    }
  }

  /** A public key is known to all, so it must never be taken for a secret one. */
  @Test
  void publicKeyIsNoSecretOfHmac() throws Exception {
    String claims = Issuer.claims().build().toString();
    List<byte[]> secrets =
        List.of(
            Issuer.RSA.toPublicKey().getEncoded(),
            Issuer.RSA.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8),
            published.getBytes(StandardCharsets.UTF_8));
    for (byte[] secret : secrets) {
      String token =
          Issuer.crafted(
              "{\"alg\":\"HS256\",\"kid\":\"rsa-1\"}",
              claims,
              said -> {
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(secret, "HmacSHA256"));
                return mac.doFinal(said);
              });
      assertThat(show(token)).isEqualTo(JwtAuthenticator.DENIED);
    }
  }

  @Test
  void algorithmThatIsNotAllowedIsDeniedWhateverTheSignature() {
    assertThat(show(Issuer.token(Issuer.RSA, "RS512", Issuer.claims().build())))
        .isEqualTo(JwtAuthenticator.DENIED);
    String claims = Issuer.claims().build().toString();
    for (String algorithm : List.of("none", "None", "", "RS256 ", "ES256")) {
      String header = "{\"alg\":\"" + algorithm + "\",\"kid\":\"rsa-1\"}";
      assertThat(show(Issuer.crafted(header, claims, said -> new byte[0])))
          .as(algorithm)
          .isEqualTo(JwtAuthenticator.DENIED);
    }
  }

  @Test
  void tokenThatWasTamperedWithIsDenied() {
    String[] parts = Issuer.token(Issuer.RSA, "RS256", Issuer.claims().build()).split("\\.", -1);
    String claims = Base64URL.encode(Issuer.claims().subject("root").build().toString()).toString();
    assertThat(
            List.of(
                show(parts[0] + "." + claims + "." + parts[2]),
                show(parts[0] + "." + parts[1] + "."),
                show(parts[0] + "." + parts[1] + "." + parts[2].substring(4)),
                show(parts[0] + "." + parts[1])))
        .containsOnly(JwtAuthenticator.DENIED);
  }

  /** A signature of zeros is genuine for every key where nobody looks (CVE-2022-21449). */
  @Test
  void signatureOfZerosIsDenied() {
    String header = "{\"alg\":\"ES256\",\"kid\":\"ec-1\"}";
    String claims = Issuer.claims().build().toString();
    assertThat(show(Issuer.crafted(header, claims, said -> new byte[64])))
        .isEqualTo(JwtAuthenticator.DENIED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"alg\":\"EdDSA\",\"crit\":[\"exp\"],\"exp\":1}",
        "{\"alg\":\"EdDSA\",\"crit\":[\"b64\"],\"b64\":false}",
        "{\"alg\":\"EdDSA\",\"typ\":\"logout+jwt\"}",
        "{\"alg\":\"EdDSA\",\"typ\":7}",
        "{\"alg\":7}",
        "{}",
        "[]",
        "no JSON"
      })
  void headerThatDemandsOrIsSomethingElseIsDenied(String header) {
    KeyPair ed = Issuer.ed25519();
    byte[] encoded = ed.getPublic().getEncoded();
    published =
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getEncoder().encodeToString(encoded)
            + "\n-----END PUBLIC KEY-----\n";
    String claims = Issuer.claims().build().toString();
    assertThat(show(Issuer.crafted("{\"alg\":\"EdDSA\"}", claims, Issuer.by(ed))))
        .isInstanceOf(Accepted.class);
    assertThat(show(Issuer.crafted(header, claims, Issuer.by(ed))))
        .isEqualTo(JwtAuthenticator.DENIED);
    for (String nonsense : List.of("[]", "7", "{\"exp\":\"soon\"}", "{\"aud\":{}}", "no JSON")) {
      assertThat(show(Issuer.crafted("{\"alg\":\"EdDSA\"}", nonsense, Issuer.by(ed))))
          .as(nonsense)
          .isEqualTo(JwtAuthenticator.DENIED);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "...", "a.b.c", "a.b.c.d.e", "\u0000", "secret1"})
  void whatIsNoTokenIsDenied(String text) {
    assertThat(show(text)).isEqualTo(JwtAuthenticator.DENIED);
  }

  @Test
  void tokenHasALongestLength() {
    JWTClaimsSet.Builder claims = Issuer.claims();
    assertThat(show(claims.claim("fill", "x".repeat(8_000)))).isInstanceOf(Accepted.class);
    assertThat(show(claims.claim("fill", "x".repeat(Token.LONGEST))))
        .isEqualTo(JwtAuthenticator.DENIED);
    String nested = "[".repeat(6_000);
    assertThat(show(Issuer.crafted(nested, nested, said -> said)))
        .isEqualTo(JwtAuthenticator.DENIED);
  }
}
