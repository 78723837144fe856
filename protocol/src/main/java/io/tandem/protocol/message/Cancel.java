package io.tandem.protocol.message;

/** Gives up a call; mirrors the request ID of the CALL (ID-06). */
public record Cancel(long request, Options options) implements WampMessage.ToDealer {
  @Override
  public MessageCode code() {
    return MessageCode.CANCEL;
  }
}
