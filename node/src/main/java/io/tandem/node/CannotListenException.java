package io.tandem.node;

import io.tandem.node.config.Endpoint;
import java.io.IOException;

/** A port could not be opened; the message says which. */
public final class CannotListenException extends NodeException {

  private static final long serialVersionUID = 1L;

  /** What the port is for. */
  public enum Purpose {
    CLIENTS,
    MANAGEMENT,
    CLUSTER
  }

  private final Purpose purpose;
  private final transient Endpoint endpoint;

  CannotListenException(Purpose purpose, Endpoint endpoint, Throwable cause) {
    super("cannot listen on " + endpoint + ": " + why(cause), cause);
    this.purpose = purpose;
    this.endpoint = endpoint;
  }

  Purpose purpose() {
    return purpose;
  }

  private static String why(Throwable cause) {
    String message = cause.getMessage();
    return cause instanceof IOException && message != null ? message : cause.toString();
  }

  Endpoint endpoint() {
    return endpoint;
  }
}
