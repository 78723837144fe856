package io.tandem.node.auth;

import io.tandem.node.credentials.Hashes;
import io.tandem.node.credentials.Kdf;
import io.tandem.node.credentials.ScramRecord;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What an authenticator procedure tells of a client's secret, under the names that procedures have
 * used for long (AUTH-12). All of it throws {@link IllegalArgumentException} where that is not what
 * the method takes, and says nothing of the secret.
 */
final class ToldSecrets {

  private static final int MOST_KEYS = 100;
  private static final int LONGEST_SALT = 100;

  private ToldSecrets() {}

  /**
   * {@code secret} is the password, or, with {@code salt}, the key derived from it in Base64; then
   * {@code iterations}, 1,000 unless told, and {@code keylen}, 32 unless told, tell how.
   */
  static CraAuthenticator.Holder wampCra(Profile profile) {
    String secret = profile.required("secret");
    if (secret.isEmpty()) {
      throw new IllegalArgumentException("an empty secret");
    }
    String salt = profile.text("salt");
    int iterations = profile.number("iterations", 1, 10_000_000, 1_000);
    int keyLength = profile.number("keylen", 16, 64, 32);
    if (salt == null) {
      return new CraAuthenticator.Holder(profile.role(), secret, null);
    } else if (salt.isEmpty() || salt.length() > LONGEST_SALT) {
      throw new IllegalArgumentException("a salt has 1 to " + LONGEST_SALT + " characters");
    } else if (base64("secret", secret).length != keyLength) {
      throw new IllegalArgumentException("with a salt, secret is a key of keylen octets in Base64");
    }
    return new CraAuthenticator.Holder(
        profile.role(), secret, new CraAuthenticator.Salting(salt, iterations, keyLength));
  }

  /**
   * {@code record} is the text of a record; or its fields are told one by one, the octets in hex or
   * in Base64.
   */
  static ScramAuthenticator.Holder scram(Profile profile) {
    String text = profile.text("record");
    ScramRecord record = text == null ? scramFields(profile) : ScramRecord.parse(text);
    if (record == null || !record.isWhole()) {
      throw new IllegalArgumentException("no record of a password for SCRAM");
    }
    return new ScramAuthenticator.Holder(profile.role(), record);
  }

  private static ScramRecord scramFields(Profile profile) {
    String storedKey = spelled(profile, "stored-key", "stored_key");
    String serverKey = spelled(profile, "server-key", "server_key");
    // A key in hex is Base64 as well, but then of another length.
    boolean hex = storedKey.length() == 2 * Hashes.LENGTH;
    Kdf kdf =
        Kdf.named(profile.required("kdf"))
            .orElseThrow(() -> new IllegalArgumentException("kdf is none that is known here"));
    return new ScramRecord(
        kdf,
        profile.number("iterations", 1, Integer.MAX_VALUE, 0),
        profile.number("memory", 0, Kdf.MOST_MEMORY, 0),
        octets("salt", profile.required("salt"), hex),
        octets("stored-key", storedKey, hex),
        octets("server-key", serverKey, hex));
  }

  /** {@code pubkey} is a key; {@code authorized_keys} several, any of which will do. */
  static CryptosignAuthenticator.Holder cryptosign(Profile profile) {
    List<String> keys = new ArrayList<>();
    String one = profile.text("pubkey");
    if (one != null) {
      keys.add(one.toLowerCase(Locale.ROOT));
    }
    Object several = profile.said().get("authorized_keys");
    if (several instanceof List<?> list && list.size() <= MOST_KEYS) {
      for (Object key : list) {
        if (!(key instanceof String text)) {
          throw new IllegalArgumentException("authorized_keys holds what is no text");
        }
        keys.add(text.toLowerCase(Locale.ROOT));
      }
    } else if (several != null) {
      throw new IllegalArgumentException("authorized_keys is no list of " + MOST_KEYS + " at most");
    }
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("neither pubkey nor authorized_keys");
    }
    return new CryptosignAuthenticator.Holder(profile.role(), keys.stream().distinct().toList());
  }

  private static String spelled(Profile profile, String key, String other) {
    @Nullable String value = profile.text(key);
    return value == null ? profile.required(other) : value;
  }

  private static byte[] octets(String key, String text, boolean hex) {
    if (!hex) {
      return base64(key, text);
    }
    try {
      return HexFormat.of().parseHex(text);
    } catch (IllegalArgumentException notHex) {
      throw new IllegalArgumentException(key + " is no hex"); // theirs would show a part of it
    }
  }

  private static byte[] base64(String key, String text) {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException notBase64) {
      throw new IllegalArgumentException(key + " is no Base64");
    }
  }
}
