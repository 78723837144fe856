package io.tandem.protocol.message;

import io.tandem.protocol.wire.Payload;

/** The failure of a request; from a client only with request type INVOCATION (MSG-04). */
public record ErrorMessage(
    MessageCode requestType, long request, Options details, String error, Payload payload)
    implements WampMessage.FromClient, WampMessage.FromRouter {
  @Override
  public MessageCode code() {
    return MessageCode.ERROR;
  }
}
