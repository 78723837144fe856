package io.tandem.protocol.codec;

/**
 * What arrived is not a WAMP message: the session has to end with ABORT {@code
 * wamp.error.protocol_violation} (SES-20). The message may be shown to the client; it names the
 * offending key (MSG-07) and holds nothing of our own insides (ERR-02). Has no stack trace.
 */
public sealed class ProtocolViolation extends Exception permits PayloadBeyondLimits {

  private static final long serialVersionUID = 1L;

  private final String message;

  public ProtocolViolation(String message) {
    super(message, null, false, false);
    this.message = message;
  }

  @Override
  public String getMessage() {
    return message;
  }
}
