package io.tandem.cluster.link;

/** Bytes from a peer that are no frame or record of the link format. Carries no stack trace. */
public final class MalformedFrameException extends Exception {

  private static final long serialVersionUID = 1L;

  MalformedFrameException(String message) {
    super(message, null, false, false);
  }
}
