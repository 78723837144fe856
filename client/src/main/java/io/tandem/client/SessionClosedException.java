package io.tandem.client;

/** The session ended before the answer came, or had ended before the request was made. */
public final class SessionClosedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient CloseReason reason;

  SessionClosedException(CloseReason reason) {
    super("session closed: " + reason, null, false, false);
    this.reason = reason;
  }

  /** Why the session ended. */
  public CloseReason reason() {
    return reason;
  }
}
