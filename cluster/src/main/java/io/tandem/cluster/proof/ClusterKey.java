package io.tandem.cluster.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What a node proves to others: that it knows the secret of the cluster, as the key that proofs are
 * made with, and, where there is TLS, that the cluster's authority has signed its certificate. Any
 * thread.
 */
public final class ClusterKey {

  /** Trying secrets against a proof that was overheard takes so many times longer. */
  private static final int ITERATIONS = 50_000;

  private static final int BITS = 256;
  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec key;

  private final @Nullable NodeTls tls;

  private ClusterKey(SecretKeySpec key, @Nullable NodeTls tls) {
    this.key = key;
    this.tls = tls;
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
      return new ClusterKey(new SecretKeySpec(octets, ALGORITHM), null);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has these", e);
    }
  }

  /** The same, proved within TLS; null for without. */
  public ClusterKey within(@Nullable NodeTls changed) {
    return new ClusterKey(key, changed);
  }

  /** What all connections begin with; null for none. */
  @Nullable NodeTls tls() {
    return tls;
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
