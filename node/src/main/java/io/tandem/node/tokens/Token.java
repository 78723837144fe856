package io.tandem.node.tokens;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.SignedJWT;
import io.tandem.node.credentials.Ed25519;
import io.tandem.node.credentials.VerificationKeys;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A signed token (RFC 7519 in the form of RFC 7515) of which nothing has been checked yet. */
final class Token {

  /** Longer ones are nobody's. */
  static final int LONGEST = 16 << 10;

  /** What else tokens are called that are no proof of who somebody is (RFC 8725, 3.11). */
  private static final Set<String> TYPES =
      Set.of("jwt", "at+jwt", "application/jwt", "application/at+jwt");

  /** Keys that are tried where none is named. */
  private static final int MOST_TRIED = 4;

  private final SignedJWT jwt;

  private Token(SignedJWT jwt) {
    this.jwt = jwt;
  }

  /** Null where the text is none, is not signed, or demands what is not known here. */
  static @Nullable Token parse(String text) {
    if (text.length() > LONGEST) {
      return null;
    }
    try {
      Token token = new Token(SignedJWT.parse(text));
      JWSHeader header = token.jwt.getHeader();
      JOSEObjectType type = header.getType();
      boolean isKnown = type == null || TYPES.contains(type.getType().toLowerCase(Locale.ROOT));
      return isKnown
              && header.isBase64URLEncodePayload()
              && (header.getCriticalParams() == null || header.getCriticalParams().isEmpty())
          ? token
          : null;
    } catch (ParseException | IllegalArgumentException | IllegalStateException none) {
      return null;
    }
  }

  /** As the token says, which decides nothing: what is allowed is configured. */
  String algorithm() {
    return jwt.getHeader().getAlgorithm().getName();
  }

  /** The key that it names; null for none. */
  @Nullable String keyId() {
    return jwt.getHeader().getKeyID();
  }

  /** What it claims, if one of the keys has signed it in this way; null otherwise. */
  @Nullable Claims provedBy(VerificationKeys keys, String algorithm) {
    boolean isGenuine =
        keys.fitting(keyId(), algorithm).stream()
            .limit(MOST_TRIED)
            .anyMatch(key -> isSignedBy(key.key()));
    try {
      return isGenuine ? Claims.of(jwt.getJWTClaimsSet()) : null;
    } catch (ParseException noClaims) {
      return null;
    }
  }

  private boolean isSignedBy(PublicKey key) {
    try {
      if (key instanceof RSAPublicKey rsa) {
        return verifies(new RSASSAVerifier(rsa));
      } else if (key instanceof ECPublicKey ec) {
        return verifies(new ECDSAVerifier(ec));
      }
      return Ed25519.verifies(key, jwt.getSigningInput(), jwt.getSignature().decode());
    } catch (JOSEException | IllegalArgumentException notBy) {
      return false;
    }
  }

  private boolean verifies(JWSVerifier verifier) throws JOSEException {
    return verifier.verify(jwt.getHeader(), jwt.getSigningInput(), jwt.getSignature());
  }

  /** Nothing of it: whoever has it is taken for its holder. */
  @Override
  public String toString() {
    return "Token";
  }
}
