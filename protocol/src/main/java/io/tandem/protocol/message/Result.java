package io.tandem.protocol.message;

import io.tandem.protocol.wire.Payload;

/** The outcome of a call, or a part of it. */
public record Result(long request, Options details, Payload payload)
    implements WampMessage.FromRouter {
  @Override
  public MessageCode code() {
    return MessageCode.RESULT;
  }
}
