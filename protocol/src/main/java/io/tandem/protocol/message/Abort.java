package io.tandem.protocol.message;

import io.tandem.protocol.wire.Payload;

/** Ends a session that was refused or broke the rules; gets no reply (SES-10). */
public record Abort(Options details, String reason, Payload payload)
    implements WampMessage.FromClient, WampMessage.FromRouter {
  @Override
  public MessageCode code() {
    return MessageCode.ABORT;
  }
}
