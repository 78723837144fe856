package io.tandem.node.credentials;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a node keeps of a password that is proved by SCRAM (AUTH-SCRAM-07): enough to know its
 * holder again, not enough to be taken for it. As a text it is one line: {@code
 * kdf=argon2id13,iterations=3,memory=65536,salt=...,storedKey=...,serverKey=...}, octets in Base64.
 *
 * @param memory in KiB; 0 where the function takes none
 * @param salt at least {@link #LEAST_SALT} octets
 */
@SuppressWarnings("ArrayRecordComponent") // compared as texts
public record ScramRecord(
    Kdf kdf, int iterations, int memory, byte[] salt, byte[] storedKey, byte[] serverKey) {

  public static final int LEAST_SALT = 8;
  private static final int MOST_SALT = 64;

  private static final List<String> FIELDS =
      List.of("kdf", "iterations", "memory", "salt", "storedKey", "serverKey");

  /** The record of a password that has been prepared and stretched (AUTH-SCRAM-08). */
  public static ScramRecord of(
      Kdf kdf, int iterations, int memory, byte[] salt, byte[] saltedPassword) {
    return new ScramRecord(
        kdf,
        iterations,
        memory,
        salt,
        Hashes.sha256(Hashes.hmac(saltedPassword, "Client Key")),
        Hashes.hmac(saltedPassword, "Server Key"));
  }

  /** Reads the text; null where it is none. */
  public static @Nullable ScramRecord parse(String text) {
    Map<String, String> fields = new HashMap<>();
    for (String field : text.strip().split(",", -1)) {
      int equals = field.indexOf('=');
      String name = equals < 0 ? "" : field.substring(0, equals);
      if (!FIELDS.contains(name) || fields.put(name, field.substring(equals + 1)) != null) {
        return null;
      }
    }
    Kdf kdf = Kdf.named(fields.getOrDefault("kdf", "")).orElse(null);
    if (kdf == null) {
      return null;
    }
    try {
      int iterations = Integer.parseInt(fields.getOrDefault("iterations", ""));
      int memory = Integer.parseInt(fields.getOrDefault("memory", "0"));
      ScramRecord record =
          new ScramRecord(
              kdf,
              iterations,
              memory,
              octets(fields, "salt"),
              octets(fields, "storedKey"),
              octets(fields, "serverKey"));
      return record.isWhole() ? record : null;
    } catch (IllegalArgumentException wrong) { // a number or Base64
      return null;
    }
  }

  /** Whether a password may be stretched so, and the octets are as many as they have to be. */
  public boolean isWhole() {
    return kdf.takes(iterations, memory)
        && LEAST_SALT <= salt.length
        && salt.length <= MOST_SALT
        && storedKey.length == Hashes.LENGTH
        && serverKey.length == Hashes.LENGTH;
  }

  private static byte[] octets(Map<String, String> fields, String name) {
    return Base64.getDecoder().decode(fields.getOrDefault(name, ""));
  }

  /**
   * Whether the octets prove knowledge of the password for this message (AUTH-SCRAM-12): whichever
   * they are, it takes the same time.
   */
  public boolean isProvedBy(byte[] proof, String message) {
    byte[] clientKey = Hashes.hmac(storedKey, message);
    for (int i = 0; i < clientKey.length; i++) {
      clientKey[i] ^= i < proof.length ? proof[i] : 0;
    }
    return MessageDigest.isEqual(storedKey, Hashes.sha256(clientKey))
        && proof.length == clientKey.length;
  }

  /** What proves to the client that this is the record of its password (AUTH-SCRAM-13). */
  public String verifier(String message) {
    return Base64.getEncoder().encodeToString(Hashes.hmac(serverKey, message));
  }

  /** As it is written to a file. */
  public String text() {
    Base64.Encoder base64 = Base64.getEncoder();
    return "kdf="
        + kdf.wireName()
        + ",iterations="
        + iterations
        + (memory == 0 ? "" : ",memory=" + memory)
        + ",salt="
        + base64.encodeToString(salt)
        + ",storedKey="
        + base64.encodeToString(storedKey)
        + ",serverKey="
        + base64.encodeToString(serverKey);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ScramRecord record && text().equals(record.text());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(storedKey);
  }

  /** Nothing of it: passwords can be tried against it. */
  @Override
  public String toString() {
    return "ScramRecord";
  }
}
