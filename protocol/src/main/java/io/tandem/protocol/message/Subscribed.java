package io.tandem.protocol.message;

/** The subscription is in force (PS-01). */
public record Subscribed(long request, long subscription) implements WampMessage.FromRouter {
  @Override
  public MessageCode code() {
    return MessageCode.SUBSCRIBED;
  }
}
