package io.tandem.protocol.message;

/** The session is open. */
public record Welcome(long session, Options details) implements WampMessage.FromRouter {
  @Override
  public MessageCode code() {
    return MessageCode.WELCOME;
  }
}
