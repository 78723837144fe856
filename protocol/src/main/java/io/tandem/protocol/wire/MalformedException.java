package io.tandem.protocol.wire;

/**
 * Bytes which are not what their serializer allows, or which the reader does not go on reading. The
 * message may be shown to whoever sent them. Has no stack trace: strangers cause it at will.
 */
public sealed class MalformedException extends Exception permits LimitException {

  private static final long serialVersionUID = 1L;

  private final String message;

  public MalformedException(String message) {
    super(message, null, false, false);
    this.message = message;
  }

  @Override
  public String getMessage() {
    return message;
  }
}
