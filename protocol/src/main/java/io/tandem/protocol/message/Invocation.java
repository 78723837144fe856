package io.tandem.protocol.message;

import io.tandem.protocol.wire.Payload;

/** A call on its way to a callee. */
public record Invocation(long request, long registration, Options details, Payload payload)
    implements WampMessage.FromRouter {
  @Override
  public MessageCode code() {
    return MessageCode.INVOCATION;
  }
}
