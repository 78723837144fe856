package io.tandem.node;

import org.jspecify.annotations.Nullable;

/** A failure that its message says all of, for people who run nodes and read no code. */
public abstract class NodeException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  NodeException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** A failure in one line. */
  static String reason(Throwable failure) {
    return failure instanceof NodeException known
        ? String.valueOf(known.getMessage())
        : failure.toString();
  }
}
