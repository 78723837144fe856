package io.tandem.protocol.message;

/** Offers a procedure. */
public record Register(long request, Options options, String procedure)
    implements WampMessage.ToDealer, WampMessage.Request {
  @Override
  public MessageCode code() {
    return MessageCode.REGISTER;
  }
}
