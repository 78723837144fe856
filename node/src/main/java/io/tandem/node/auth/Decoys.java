package io.tandem.node.auth;

import io.tandem.node.credentials.Hashes;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Says what the unknown are told in place of what is kept of them, so that they look like somebody
 * known (AUTH-06, AUTH-SCRAM-04): each of them takes after one of those who are known, and is told
 * the same whenever it asks. Immutable.
 *
 * @param <T> what is kept of those who are known
 */
final class Decoys<T> {

  /** For as long as the process lives, whatever is reloaded meanwhile. */
  private static final byte[] RANDOM = nobodysKey();

  private final byte[] key;
  private final List<T> models;

  /**
   * @param secret what decoys are made of, the same on all nodes that are to tell the same; null
   *     has this process make up one
   * @param known by authid, at least one
   */
  Decoys(@Nullable String secret, Map<String, T> known) {
    this.key = secret == null ? RANDOM : Hashes.utf8(secret);
    this.models = new ArrayList<>();
    known.keySet().stream().sorted().forEach(authid -> models.add(known.get(authid)));
  }

  /** Whom of those who are known the authid takes after. */
  T model(String realm, String authid) {
    byte[] drawn = octets(realm, authid, "model", Integer.BYTES);
    int number = 0;
    for (byte octet : drawn) {
      number = (number << Byte.SIZE) | (octet & 0xff);
    }
    return models.get(Math.floorMod(number, models.size()));
  }

  /** So many octets that nobody can tell from random ones, and always the same. */
  byte[] octets(String realm, String authid, String use, int length) {
    byte[] octets = new byte[length];
    for (int filled = 0; filled < length; filled += Hashes.LENGTH) {
      // No URI has a line break, so no two questions are the same text.
      String question = use + "\n" + filled + "\n" + realm + "\n" + authid;
      byte[] more = Hashes.hmac(key, question);
      System.arraycopy(more, 0, octets, filled, Math.min(more.length, length - filled));
    }
    return octets;
  }

  /**
   * A text that could be made in the way of the given one: of as many octets where it is Base64.
   */
  String likeText(String realm, String authid, String use, String text) {
    Base64.Encoder base64 = Base64.getEncoder();
    try {
      byte[] meant = Base64.getDecoder().decode(text);
      if (base64.encodeToString(meant).equals(text)) {
        return base64.encodeToString(octets(realm, authid, use, meant.length));
      }
    } catch (IllegalArgumentException notBase64) {
      // Some other text.
    }
    return base64
        .encodeToString(octets(realm, authid, use, text.length()))
        .substring(0, text.length());
  }

  /** A key that belongs to nobody. */
  static byte[] nobodysKey() {
    byte[] key = new byte[Hashes.LENGTH];
    new SecureRandom().nextBytes(key);
    return key;
  }
}
