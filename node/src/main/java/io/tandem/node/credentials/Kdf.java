package io.tandem.node.credentials;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/** How a password is stretched before it is proved by SCRAM (AUTH-SCRAM-06). */
public enum Kdf {
  /** PBKDF2 with HMAC-SHA256. */
  PBKDF2("pbkdf2", 4096, 10_000_000),
  /** Argon2id, version 1.3, without parallelism. */
  ARGON2ID13("argon2id13", 1, 100_000),
  /** The same as Autobahn has it (AUTH-SCRAM-17): what comes out is written in Base64, unpadded. */
  ARGON2ID_13("argon2id-13", 1, 100_000);

  /** What Argon2 may take, in KiB. */
  public static final int LEAST_MEMORY = 8;

  public static final int MOST_MEMORY = 1 << 22;

  private final String wireName;
  private final int leastIterations;
  private final int mostIterations;

  Kdf(String wireName, int leastIterations, int mostIterations) {
    this.wireName = wireName;
    this.leastIterations = leastIterations;
    this.mostIterations = mostIterations;
  }

  public static Optional<Kdf> named(String wireName) {
    return Arrays.stream(values()).filter(kdf -> kdf.wireName.equals(wireName)).findFirst();
  }

  public String wireName() {
    return wireName;
  }

  /** Whether it is the one of Autobahn's dialect, and of no other. */
  public boolean isAutobahns() {
    return this == ARGON2ID_13;
  }

  /**
   * Whether a password may be stretched so.
   *
   * @param memory in KiB; 0 where the function takes none
   */
  public boolean takes(int iterations, int memory) {
    boolean enough = this == PBKDF2 ? memory == 0 : LEAST_MEMORY <= memory && memory <= MOST_MEMORY;
    return enough && leastIterations <= iterations && iterations <= mostIterations;
  }

  /**
   * Stretches a password; takes a second, perhaps, and not to be done on an event loop.
   *
   * @param memory as for {@link #takes}
   * @param length octets of the outcome, before they are written in another way
   */
  public byte[] stretch(String password, byte[] salt, int iterations, int memory, int length) {
    if (this == PBKDF2) {
      try {
        return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
            .generateSecret(
                new PBEKeySpec(password.toCharArray(), salt, iterations, Byte.SIZE * length))
            .getEncoded();
      } catch (GeneralSecurityException e) {
        throw new AssertionError("the JDK has it", e);
      }
    }
    Argon2BytesGenerator argon2 = new Argon2BytesGenerator();
    argon2.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withIterations(iterations)
            .withMemoryAsKB(memory)
            .withParallelism(1)
            .withSalt(salt)
            .build());
    byte[] salted = new byte[length];
    argon2.generateBytes(Hashes.utf8(password), salted);
    return isAutobahns() ? Base64.getEncoder().withoutPadding().encode(salted) : salted;
  }
}
