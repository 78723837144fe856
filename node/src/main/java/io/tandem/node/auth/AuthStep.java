package io.tandem.node.auth;

import io.tandem.protocol.message.Authenticate;
import io.tandem.protocol.message.Challenge;

/** What an {@link Authenticator} wants done next. */
public sealed interface AuthStep extends AuthAnswer {

  /** Send the CHALLENGE; its AUTHENTICATE goes to {@code verifier}. */
  record Challenged(Challenge message, Verifier verifier) implements AuthStep {}

  /** Send WELCOME: the session is this principal's. */
  record Accepted(Principal principal) implements AuthStep {}

  /**
   * Send ABORT and close.
   *
   * @param reason a URI, see AUTH-05
   * @param message a sentence for the developer of the client, without anything secret
   */
  record Refused(String reason, String message) implements AuthStep {}

  /** Judges the proof for one challenge; the duties are those of {@link Authenticator#begin}. */
  @FunctionalInterface
  interface Verifier {
    AuthAnswer verify(Authenticate proof);
  }
}
