package io.tandem.node;

import org.jspecify.annotations.Nullable;

/** The node has ended otherwise than it should have; the message says how. */
final class EndedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  EndedException(String how, @Nullable Throwable cause) {
    super(cause == null ? how : how + ": " + reason(cause), cause);
  }

  /** A failure in one line. */
  static String reason(Throwable failure) {
    boolean ours =
        failure instanceof CannotListenException
            || failure instanceof CannotJoinException
            || failure instanceof EndedException;
    return ours ? String.valueOf(failure.getMessage()) : failure.toString();
  }
}
