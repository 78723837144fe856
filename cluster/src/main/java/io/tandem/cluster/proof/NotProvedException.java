package io.tandem.cluster.proof;

/** The other side of a connection does not know the secret of this cluster. */
public final class NotProvedException extends Exception {
  private static final long serialVersionUID = 1L;

  NotProvedException(String message) {
    super(message);
  }
}
