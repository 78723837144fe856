package io.tandem.client;

import org.jspecify.annotations.Nullable;

/** A transport could not be opened, or ended before the session was. */
public final class TransportException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public TransportException(String message) {
    super(message);
  }

  public TransportException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  static TransportException cannotConnect(RouterAddress address, Throwable failure) {
    String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    return new TransportException(
        "cannot connect to " + address.socket() + ": " + message, failure);
  }
}
