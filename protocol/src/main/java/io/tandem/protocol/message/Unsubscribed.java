package io.tandem.protocol.message;

/** The subscription has ended; request 0 with details tells of a revocation (PS-REV-02). */
public record Unsubscribed(long request, Options details) implements WampMessage.FromRouter {
  @Override
  public MessageCode code() {
    return MessageCode.UNSUBSCRIBED;
  }
}
