package io.tandem.protocol.message;

/** Ends a subscription. */
public record Unsubscribe(long request, long subscription)
    implements WampMessage.ToBroker, WampMessage.Request {
  @Override
  public MessageCode code() {
    return MessageCode.UNSUBSCRIBE;
  }
}
