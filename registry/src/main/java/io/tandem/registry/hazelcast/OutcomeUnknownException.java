package io.tandem.registry.hazelcast;

/**
 * The shared record did not answer in time, or answered with a failure: whether the change was made
 * is not known. It is not begun any more.
 */
public final class OutcomeUnknownException extends RuntimeException {

  private static final long serialVersionUID = 1;

  OutcomeUnknownException(String message, Throwable cause) {
    super(message, cause);
  }

  OutcomeUnknownException(String message) {
    super(message);
  }
}
