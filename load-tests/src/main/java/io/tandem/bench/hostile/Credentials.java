package io.tandem.bench.hostile;

import io.tandem.bench.BenchException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** What joe, whom a node knows, proves himself with: one secret, and one pair of keys. */
public final class Credentials {

  public static final String AUTHID = "joe";

  /** As few turns as a record may have: guessing has to be cheap for those who guess. */
  private static final int ITERATIONS = 4_096;

  private static final int OCTETS = 32;
  private static final HexFormat HEX = HexFormat.of();

  private final String secret = HEX.formatHex(random(OCTETS));
  private final byte[] salt = random(16);
  private final KeyPair keys;

  /** The password, stretched: clients keep that. */
  private final byte[] salted = salted();

  public Credentials() {
    try {
      keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (GeneralSecurityException missing) {
      throw new BenchException("no Ed25519: " + missing.getMessage(), missing);
    }
  }

  private static byte[] random(int length) {
    byte[] octets = new byte[length];
    new SecureRandom().nextBytes(octets);
    return octets;
  }

  /** The ticket, and what signs for WAMP-CRA. */
  public String secret() {
    return secret;
  }

  /** The public key as a configuration has it. */
  public String publicKey() {
    byte[] encoded = keys.getPublic().getEncoded();
    // The key is the end of its envelope.
    return HEX.formatHex(Arrays.copyOfRange(encoded, encoded.length - OCTETS, encoded.length));
  }

  /** What a node keeps for WAMP-SCRAM. */
  public String scramRecord() {
    Base64.Encoder base64 = Base64.getEncoder();
    return "kdf=pbkdf2,iterations=%d,salt=%s,storedKey=%s,serverKey=%s"
        .formatted(
            ITERATIONS,
            base64.encodeToString(salt),
            base64.encodeToString(sha256(hmac(salted, "Client Key"))),
            base64.encodeToString(hmac(salted, "Server Key")));
  }

  private byte[] salted() {
    try {
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
          .generateSecret(
              new PBEKeySpec(secret.toCharArray(), salt, ITERATIONS, OCTETS * Byte.SIZE))
          .getEncoded();
    } catch (GeneralSecurityException missing) {
      throw new BenchException("no PBKDF2: " + missing.getMessage(), missing);
    }
  }

  /** The answer to a challenge of WAMP-CRA. */
  public String signed(String challenge) {
    return Base64.getEncoder()
        .encodeToString(hmac(secret.getBytes(StandardCharsets.UTF_8), challenge));
  }

  /** The answer to a challenge of WAMP-Cryptosign, in hexadecimal digits. */
  public String signedWithKey(String challenge) {
    try {
      byte[] octets = HEX.parseHex(challenge);
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(keys.getPrivate());
      signature.update(octets);
      return HEX.formatHex(signature.sign()) + challenge;
    } catch (GeneralSecurityException | IllegalArgumentException notSigned) {
      throw new BenchException("cannot sign: " + notSigned.getMessage(), notSigned);
    }
  }

  /**
   * The proof of WAMP-SCRAM without channel binding, in Base64.
   *
   * @param clientNonce what HELLO said
   * @param nonce what CHALLENGE says
   * @param challengeSalt and iterations, likewise
   */
  public String proof(String clientNonce, String nonce, String challengeSalt, long iterations) {
    byte[] clientKey = hmac(salted, "Client Key");
    String message =
        "n=%s,r=%s,r=%s,s=%s,i=%d,c=biws,r=%s"
            .formatted(AUTHID, clientNonce, nonce, challengeSalt, iterations, nonce);
    byte[] signature = hmac(sha256(clientKey), message);
    for (int i = 0; i < signature.length; i++) {
      signature[i] ^= clientKey[i];
    }
    return Base64.getEncoder().encodeToString(signature);
  }

  private static byte[] hmac(byte[] key, String message) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(message.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException missing) {
      throw new BenchException("no HMAC: " + missing.getMessage(), missing);
    }
  }

  private static byte[] sha256(byte[] octets) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(octets);
    } catch (GeneralSecurityException missing) {
      throw new BenchException("no SHA-256: " + missing.getMessage(), missing);
    }
  }
}
