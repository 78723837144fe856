package io.tandem.node.tokens;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Who signs tokens. */
final class Issuer {

  static final String NAME = "https://id.example.com";
  static final Instant NOW = Instant.parse("2026-05-04T10:00:00Z");

  static final RSAKey RSA = rsa("rsa-1", 2_048);
  static final RSAKey OTHER_RSA = rsa("rsa-2", 2_048);
  static final ECKey EC = ec("ec-1", Curve.P_256);

  private Issuer() {}

  static RSAKey rsa(String id, int bits) {
    try {
      return new RSAKeyGenerator(bits, true).keyID(id).generate();
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  static ECKey ec(String id, Curve curve) {
    try {
      return new ECKeyGenerator(curve).keyID(id).generate();
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  static KeyPair ed25519() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** The public halves, as an issuer publishes them. */
  static String jwks(JWK... keys) {
    return Stream.of(keys)
        .map(key -> key.toPublicJWK().toJSONString())
        .collect(Collectors.joining(",", "{\"keys\":[", "]}"));
  }

  /** What is right about a token, and holds for a minute. */
  static JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder()
        .issuer(NAME)
        .audience("tandem")
        .subject("joe")
        .claim("groups", List.of("users", "admins"))
        .expirationTime(Date.from(NOW.plusSeconds(60)));
  }

  static String token(JWK key, String algorithm, JWTClaimsSet claims) {
    return token(key, algorithm, claims, header -> {});
  }

  static String token(
      JWK key, String algorithm, JWTClaimsSet claims, Consumer<JWSHeader.Builder> more) {
    JWSHeader.Builder header =
        new JWSHeader.Builder(JWSAlgorithm.parse(algorithm)).keyID(key.getKeyID());
    more.accept(header);
    SignedJWT jwt = new SignedJWT(header.build(), claims);
    try {
      JWSSigner signer =
          key instanceof RSAKey rsa ? new RSASSASigner(rsa) : new ECDSASigner((ECKey) key);
      jwt.sign(signer);
      return jwt.serialize();
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  /** One signed by hand, in ways that no library takes part in. */
  static String crafted(String header, String claims, Signing signing) {
    String said = Base64URL.encode(header) + "." + Base64URL.encode(claims);
    try {
      return said + "." + Base64URL.encode(signing.sign(said.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  @FunctionalInterface
  interface Signing {
    byte[] sign(byte[] said) throws GeneralSecurityException;
  }

  static Signing by(KeyPair ed25519) {
    return said -> {
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(ed25519.getPrivate());
      signature.update(said);
      return signature.sign();
    };
  }

  static Map<String, Object> realmAccess(String... roles) {
    return Map.of("roles", List.of(roles));
  }
}
