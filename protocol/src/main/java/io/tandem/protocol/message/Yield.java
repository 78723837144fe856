package io.tandem.protocol.message;

import io.tandem.protocol.wire.Payload;

/** A callee's result, or a part of it. */
public record Yield(long request, Options options, Payload payload)
    implements WampMessage.ToDealer {
  @Override
  public MessageCode code() {
    return MessageCode.YIELD;
  }
}
