package io.tandem.protocol.message;

/** The registration is in force (RPC-01). */
public record Registered(long request, long registration) implements WampMessage.FromRouter {
  @Override
  public MessageCode code() {
    return MessageCode.REGISTERED;
  }
}
