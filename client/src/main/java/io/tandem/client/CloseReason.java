package io.tandem.client;

/**
 * Why a session ended.
 *
 * @param kind who or what ended it
 * @param uri the WAMP reason, such as {@code wamp.close.system_shutdown}
 * @param message a sentence for humans; may be empty
 */
public record CloseReason(Kind kind, String uri, String message) {

  /** Who or what ended the session. */
  public enum Kind {
    /** {@link ClientSession#close} was called. */
    CLOSED,
    /** The router said GOODBYE. */
    GOODBYE,
    /** The router sent ABORT. */
    ABORT,
    /** The transport ended without a farewell. */
    TRANSPORT_LOST,
    /** The router broke the protocol; it was sent ABORT. */
    PROTOCOL_VIOLATION
  }

  @Override
  public String toString() {
    return kind + " " + uri + (message.isEmpty() ? "" : ": " + message);
  }
}
