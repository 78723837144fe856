package io.tandem.node.router;

import io.tandem.node.credentials.Hashes;
import io.tandem.node.credentials.Kdf;
import io.tandem.protocol.message.Authenticate;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What clients answer to challenges. */
final class Proofs {

  /** What a client of SCRAM has sent in HELLO. */
  static final String NONCE = "egVDf3DMJh0=";

  private static final Base64.Encoder BASE64 = Base64.getEncoder();
  private static final HexFormat HEX = HexFormat.of();

  private Proofs() {}

  static Authenticate cra(String password, Map<String, @Nullable Object> extra) {
    byte[] key = Hashes.utf8(password);
    if (extra.get("salt") instanceof String salt) {
      int iterations = ((Long) extra.get("iterations")).intValue();
      int length = ((Long) extra.get("keylen")).intValue();
      byte[] derived = Kdf.PBKDF2.stretch(password, Hashes.utf8(salt), iterations, 0, length);
      key = Hashes.utf8(BASE64.encodeToString(derived));
    }
    byte[] signature = Hashes.hmac(key, (String) extra.get("challenge"));
    return new Authenticate(BASE64.encodeToString(signature), Map.of());
  }

  static Authenticate scram(String authid, String password, Map<String, @Nullable Object> extra) {
    String nonce = (String) extra.get("nonce");
    String salt = (String) extra.get("salt");
    int iterations = ((Long) extra.get("iterations")).intValue();
    byte[] salted =
        Kdf.PBKDF2.stretch(
            password, Base64.getDecoder().decode(salt), iterations, 0, Hashes.LENGTH);
    String message =
        "n=%s,r=%s,r=%s,s=%s,i=%d,c=biws,r=%s"
            .formatted(authid, NONCE, nonce, salt, iterations, nonce);
    byte[] clientKey = Hashes.hmac(salted, "Client Key");
    byte[] signature = Hashes.hmac(Hashes.sha256(clientKey), message);
    for (int i = 0; i < clientKey.length; i++) {
      clientKey[i] ^= signature[i];
    }
    return new Authenticate(BASE64.encodeToString(clientKey), Map.of("nonce", nonce));
  }

  /**
   * @param seed the private key in hex
   */
  static Authenticate cryptosign(String seed, Map<String, @Nullable Object> extra) {
    byte[] challenge = HEX.parseHex((String) extra.get("challenge"));
    try {
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(
          KeyFactory.getInstance("Ed25519")
              .generatePrivate(
                  new EdECPrivateKeySpec(NamedParameterSpec.ED25519, HEX.parseHex(seed))));
      signature.update(challenge);
      return new Authenticate(HEX.formatHex(signature.sign()) + HEX.formatHex(challenge), Map.of());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
