package io.tandem.protocol.wire;

/**
 * A payload holds a value that the target serializer cannot carry: a CBOR tag or a MessagePack
 * extension on its way elsewhere, NaN or an infinity on its way to JSON (SER-09). The sender gets
 * {@code wamp.error.invalid_argument}; an event is dropped and counted.
 *
 * <p>Immutable and without a stack trace, so that one instance can be remembered and thrown again.
 */
public final class UntranslatableException extends Exception {

  private static final long serialVersionUID = 1L;

  private final String message;

  public UntranslatableException(String message) {
    super(message, null, false, false);
    this.message = message;
  }

  @Override
  public String getMessage() {
    return message;
  }
}
