package io.tandem.node.credentials;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The one hash of all methods, and its HMAC. Any thread. */
public final class Hashes {

  private static final String HMAC = "HmacSHA256";

  /** Octets of either. */
  public static final int LENGTH = 32;

  private Hashes() {}

  public static byte[] sha256(byte[] octets) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(octets);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every JVM has SHA-256", e);
    }
  }

  /**
   * HMAC-SHA256.
   *
   * @param key not empty
   */
  public static byte[] hmac(byte[] key, byte[] octets) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key, HMAC));
      return mac.doFinal(octets);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every JVM has " + HMAC, e);
    }
  }

  /** The same of a text's UTF-8 octets. */
  public static byte[] hmac(byte[] key, String text) {
    return hmac(key, utf8(text));
  }

  public static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
