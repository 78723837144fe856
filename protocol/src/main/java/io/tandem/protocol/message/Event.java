package io.tandem.protocol.message;

import io.tandem.protocol.wire.Payload;

/** A publication on its way to a subscriber. */
public record Event(long subscription, long publication, Options details, Payload payload)
    implements WampMessage.FromRouter {
  @Override
  public MessageCode code() {
    return MessageCode.EVENT;
  }
}
