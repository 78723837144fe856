package io.tandem.node;

import org.jspecify.annotations.Nullable;

/** The node has ended otherwise than it should have; the message says how. */
final class EndedException extends NodeException {

  private static final long serialVersionUID = 1L;

  EndedException(String how, @Nullable Throwable cause) {
    super(cause == null ? how : how + ": " + reason(cause), cause);
  }
}
