package io.tandem.protocol.message;

import io.tandem.protocol.wire.Payload;

/** An event for a topic. */
public record Publish(long request, Options options, String topic, Payload payload)
    implements WampMessage.ToBroker, WampMessage.Request {
  @Override
  public MessageCode code() {
    return MessageCode.PUBLISH;
  }
}
