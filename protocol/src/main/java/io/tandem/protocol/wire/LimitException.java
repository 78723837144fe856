package io.tandem.protocol.wire;

/** Bytes that may well be in order, but cross a {@link DecodeLimits limit}. */
public final class LimitException extends MalformedException {

  private static final long serialVersionUID = 1L;

  LimitException(String message) {
    super(message);
  }
}
