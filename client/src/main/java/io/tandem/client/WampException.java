package io.tandem.client;

import io.tandem.protocol.message.ErrorMessage;
import java.util.Objects;

/**
 * An ERROR or ABORT of WAMP: its URI and its arguments. Futures of a session fail with it, and a
 * procedure fails its own future with it to answer with an error of its choice. Has no stack trace:
 * the cause is on the other side.
 */
public final class WampException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String error;
  private final transient Arguments arguments;

  /** An error without arguments. */
  public WampException(String error) {
    this(error, Arguments.none());
  }

  /** An error; by convention its first argument is a sentence for humans. */
  public WampException(String error, Arguments arguments) {
    super(text(error, arguments), null, false, false);
    this.error = error;
    this.arguments = arguments;
  }

  static WampException received(ErrorMessage message) {
    return new WampException(message.error(), Arguments.received(message.payload()));
  }

  /** The error URI, such as {@code wamp.error.no_such_procedure}. */
  public String error() {
    return error;
  }

  /** What came with it. */
  public Arguments arguments() {
    return Objects.requireNonNullElse(arguments, Arguments.none());
  }

  private static String text(String error, Arguments arguments) {
    if (arguments.args().isEmpty()) {
      return error;
    }
    return error + ": " + arguments.args().get(0);
  }
}
