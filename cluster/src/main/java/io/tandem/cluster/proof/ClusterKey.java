package io.tandem.cluster.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** The secret of a cluster as the key that its nodes make their proofs with. Any thread. */
public final class ClusterKey {

  /** Trying secrets against a proof that was overheard takes so many times longer. */
  private static final int ITERATIONS = 50_000;

  private static final int BITS = 256;
  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec key;

  private ClusterKey(SecretKeySpec key) {
    this.key = key;
  }

  /**
   * Derives the key, which takes some 30 ms of a processor.
   *
   * @param secret that all nodes of the cluster know; empty where there is none, which everybody
   *     knows
   */
  public static ClusterKey of(String secret) {
    // One character at least, since an empty password is none to all providers.
    char[] password = ("tandem:" + secret).toCharArray();
    try {
      byte[] octets =
          SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
              .generateSecret(
                  new PBEKeySpec(password, "tandem cluster".getBytes(UTF_8), ITERATIONS, BITS))
              .getEncoded();
      return new ClusterKey(new SecretKeySpec(octets, ALGORITHM));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has these", e);
    }
  }

  /** HMAC-SHA256 over all parts, one after the other. */
  byte[] mac(byte[]... parts) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      for (byte[] part : parts) {
        mac.update(part);
      }
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has these", e);
    }
  }
}
