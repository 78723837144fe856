package io.tandem.protocol.message;

/** Withdraws a procedure. */
public record Unregister(long request, long registration)
    implements WampMessage.ToDealer, WampMessage.Request {
  @Override
  public MessageCode code() {
    return MessageCode.UNREGISTER;
  }
}
