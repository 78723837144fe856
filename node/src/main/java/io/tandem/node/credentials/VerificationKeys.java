package io.tandem.node.credentials;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Public keys by which tokens of somebody else are known, as RFC 7517 or PEM writes them. Keys of
 * other kinds are left out, above all symmetric ones: whoever can check with such a key can sign.
 * Immutable.
 */
public final class VerificationKeys {

  /** How tokens may be signed, by the names of RFC 7518, RFC 8037 and RFC 9864. */
  public static final Set<String> ALGORITHMS =
      Collections.unmodifiableSet(
          new LinkedHashSet<>(
              List.of(
                  "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512",
                  "EdDSA", "Ed25519")));

  /** More are no set of keys of an issuer. */
  private static final int MOST_KEYS = 100;

  private static final int LEAST_RSA_BITS = 2_048;
  private static final int MOST_RSA_BITS = 8_192;
  private static final int MOST_EXPONENT_BITS = 64;

  private static final Pattern PEM =
      Pattern.compile(
          "-----BEGIN (PUBLIC KEY|CERTIFICATE)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");

  /**
   * One of them.
   *
   * @param id the {@code kid}; null where it has none, and then tokens of any may be signed by it
   * @param algorithm the only one that it is meant for; null for any that takes such a key
   */
  public record Key(@Nullable String id, @Nullable String algorithm, PublicKey key) {

    /** Whether a token that says this may be signed by it, as far as names and kinds tell. */
    boolean fits(@Nullable String wanted, String by) {
      return (id == null || wanted == null || id.equals(wanted))
          && (algorithm == null || algorithm.equals(by))
          && takes(by);
    }

    private boolean takes(String by) {
      return switch (by.substring(0, 2)) {
        case "RS", "PS" -> key instanceof RSAPublicKey;
        case "ES" -> key instanceof ECPublicKey ec && bits(ec) == curve(by);
        default -> key instanceof EdECPublicKey;
      };
    }

    private static int bits(ECPublicKey key) {
      return key.getParams().getCurve().getField().getFieldSize();
    }

    private static int curve(String by) {
      return by.equals("ES256") ? 256 : by.equals("ES384") ? 384 : 521;
    }
  }

  private final List<Key> keys;

  private VerificationKeys(List<Key> keys) {
    this.keys = List.copyOf(keys);
  }

  /** Reads a JWKS or PEM; null where that is none, or has no key that could be used. */
  public static @Nullable VerificationKeys parse(String text) {
    try {
      List<Key> keys = text.contains("-----BEGIN ") ? pem(text) : jwks(text);
      return keys.isEmpty() || keys.size() > MOST_KEYS ? null : new VerificationKeys(keys);
    } catch (ParseException | GeneralSecurityException | IllegalArgumentException notKeys) {
      return null;
    }
  }

  /** Whether one has this {@code kid}, or has none and may be meant. */
  public boolean has(String id) {
    return keys.stream().anyMatch(key -> key.id() == null || key.id().equals(id));
  }

  /**
   * Those by which a token may be signed.
   *
   * @param id its {@code kid}, or null
   * @param algorithm one of {@link #ALGORITHMS}
   */
  public List<Key> fitting(@Nullable String id, String algorithm) {
    return keys.stream().filter(key -> key.fits(id, algorithm)).toList();
  }

  // ---- how they are written ----

  private static List<Key> jwks(String text) throws ParseException {
    List<Key> keys = new ArrayList<>();
    List<JWK> all = JWKSet.parse(text).getKeys();
    if (all.size() > MOST_KEYS) {
      return List.of();
    }
    for (JWK jwk : all) {
      PublicKey key = isForSignatures(jwk) ? publicKey(jwk) : null;
      if (key != null && isStrong(key)) {
        String algorithm = jwk.getAlgorithm() == null ? null : jwk.getAlgorithm().getName();
        keys.add(new Key(jwk.getKeyID(), algorithm, key));
      }
    }
    return keys;
  }

  private static boolean isForSignatures(JWK jwk) {
    return (jwk.getKeyUse() == null || jwk.getKeyUse().equals(KeyUse.SIGNATURE))
        && (jwk.getKeyOperations() == null || jwk.getKeyOperations().contains(KeyOperation.VERIFY));
  }

  /** Null for kinds that are not used here. */
  private static @Nullable PublicKey publicKey(JWK jwk) {
    try {
      if (jwk instanceof RSAKey rsa) {
        return rsa.toRSAPublicKey();
      } else if (jwk instanceof ECKey ec) {
        return ec.toECPublicKey();
      } else if (jwk instanceof OctetKeyPair pair && pair.getCurve().getName().equals("Ed25519")) {
        return Ed25519.key(pair.getDecodedX());
      }
      return null;
    } catch (JOSEException unusable) {
      return null;
    }
  }

  private static List<Key> pem(String text) throws GeneralSecurityException {
    List<Key> keys = new ArrayList<>();
    Matcher block = PEM.matcher(text);
    while (block.find()) {
      byte[] octets = Base64.getMimeDecoder().decode(block.group(2));
      PublicKey key =
          block.group(1).equals("CERTIFICATE")
              ? CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(octets))
                  .getPublicKey()
              : publicKey(octets);
      if (isStrong(key)) {
        keys.add(new Key(null, null, key));
      }
    }
    return keys;
  }

  private static PublicKey publicKey(byte[] encoded) throws GeneralSecurityException {
    for (String kind : List.of("RSA", "EC")) {
      try {
        return KeyFactory.getInstance(kind).generatePublic(new X509EncodedKeySpec(encoded));
      } catch (GeneralSecurityException another) {
        // The next kind, perhaps.
      }
    }
    return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
  }

  /** Whether nobody else can sign for it, and a signature does not take too long to check. */
  private static boolean isStrong(PublicKey key) {
    if (key instanceof RSAPublicKey rsa) {
      int bits = rsa.getModulus().bitLength();
      return LEAST_RSA_BITS <= bits
          && bits <= MOST_RSA_BITS
          && rsa.getPublicExponent().bitLength() <= MOST_EXPONENT_BITS;
    } else if (key instanceof EdECPublicKey) {
      byte[] encoded = key.getEncoded();
      byte[] octets = new byte[Ed25519.KEY_LENGTH];
      System.arraycopy(
          encoded, encoded.length - octets.length, octets, 0, octets.length); // RFC 8410
      return Ed25519.key(octets) != null;
    }
    return key instanceof ECPublicKey;
  }

  @Override
  public String toString() {
    return keys.size() + " keys";
  }
}
