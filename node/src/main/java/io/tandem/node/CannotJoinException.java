package io.tandem.node;

/** The cluster that was found is none for a node with this configuration; the message says why. */
final class CannotJoinException extends NodeException {

  private static final long serialVersionUID = 1L;

  CannotJoinException(Throwable cause) {
    super("cannot join the cluster: " + cause.getMessage(), cause);
  }
}
