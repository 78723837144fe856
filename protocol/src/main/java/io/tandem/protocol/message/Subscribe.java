package io.tandem.protocol.message;

/** Asks for the events of a topic or pattern. */
public record Subscribe(long request, Options options, String topic)
    implements WampMessage.ToBroker, WampMessage.Request {
  @Override
  public MessageCode code() {
    return MessageCode.SUBSCRIBE;
  }
}
