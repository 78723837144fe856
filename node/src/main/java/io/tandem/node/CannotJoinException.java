package io.tandem.node;

import io.tandem.cluster.membership.EmbeddedHazelcast;
import java.net.BindException;
import java.util.function.UnaryOperator;

/** The cluster that was found is none for a node with this configuration; the message says why. */
final class CannotJoinException extends NodeException {

  private static final long serialVersionUID = 1L;

  CannotJoinException(Throwable cause) {
    super("cannot join the cluster: " + cause.getMessage(), cause);
  }

  /**
   * What is told of a member that could not start.
   *
   * @param taken what is told when its port is another's
   */
  static Throwable reason(Throwable failure, UnaryOperator<Throwable> taken) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof EmbeddedHazelcast.DifferingTermsException) {
        return new CannotJoinException(cause);
      }
      if (cause instanceof CannotJoinException) {
        return cause;
      }
      if (cause instanceof BindException) {
        return taken.apply(cause);
      }
    }
    return failure;
  }
}
