package io.tandem.node.auth;

import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.regex.Pattern;

/** Which SCRAM it is: the specification's, or the one that Autobahn and Crossbar have. */
public enum ScramDialect {
  /** Of the specification (AUTH-SCRAM-01 to AUTH-SCRAM-16). */
  WAMP("wamp-scram", "verifier"),

  /**
   * Of Autobahn (AUTH-SCRAM-17): nonces are octets, which are joined before they are written in
   * Base64; there is no channel binding, and nothing for it in what is signed; authids are signed
   * as they are; the proof comes without what the challenge said.
   */
  AUTOBAHN("scram", "scram_server_signature");

  /** Printable, without the comma, which ends it in the message that is signed. */
  private static final Pattern NONCE = Pattern.compile("[!-+\\--~]{8,256}");

  private final String method;
  private final String verifier;

  ScramDialect(String method, String verifier) {
    this.method = method;
    this.verifier = verifier;
  }

  /** Its name in {@code authmethods}. */
  String method() {
    return method;
  }

  /** Under which WELCOME proves that the router knows of the password. */
  String verifier() {
    return verifier;
  }

  /** Whether a client may have sent it as its nonce. */
  boolean isNonce(String text) {
    return NONCE.matcher(text).matches() && (this == WAMP || isBase64(text));
  }

  /** What a nonce is, for the developer of a client. */
  String nonce() {
    return this == WAMP
        ? "text of 8 to 256 printable characters without comma"
        : "text of 8 to 256 characters in Base64";
  }

  private static boolean isBase64(String text) {
    try {
      return Base64.getEncoder().encodeToString(Base64.getDecoder().decode(text)).equals(text);
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
  }

  /** Both nonces in one. */
  String joined(String client, String router) {
    if (this == WAMP) {
      return client + router;
    }
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.writeBytes(Base64.getDecoder().decode(client));
    both.writeBytes(Base64.getDecoder().decode(router));
    return Base64.getEncoder().encodeToString(both.toByteArray());
  }

  /** An authid that is prepared, as it stands in what is signed. */
  String inMessage(String authid) {
    return this == WAMP ? authid.replace("=", "=3D").replace(",", "=2C") : authid;
  }
}
