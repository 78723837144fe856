package io.tandem.protocol.codec;

import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.wire.DecodeLimits;

/**
 * A message whose payload crosses {@link DecodeLimits} while all that the protocol itself needs of
 * it could be read. A router may answer it with an ERROR instead of ending the session; what comes
 * after the limit was not looked at.
 */
public final class PayloadBeyondLimits extends ProtocolViolation {

  private static final long serialVersionUID = 1L;

  private final transient WampMessage received;

  PayloadBeyondLimits(WampMessage received, String message) {
    super(message);
    this.received = received;
  }

  /** The message, without its payload. */
  public WampMessage received() {
    return received;
  }
}
