package io.tandem.protocol.message;

/** Asks a callee to stop an invocation. */
public record Interrupt(long request, Options options) implements WampMessage.FromRouter {
  @Override
  public MessageCode code() {
    return MessageCode.INTERRUPT;
  }
}
