package io.tandem.protocol.message;

import io.tandem.protocol.wire.Payload;

/** Calls a procedure. */
public record Call(long request, Options options, String procedure, Payload payload)
    implements WampMessage.ToDealer, WampMessage.Request {
  @Override
  public MessageCode code() {
    return MessageCode.CALL;
  }
}
