package io.tandem.protocol.message;

/** The registration has ended; request 0 with details tells of a revocation (RPC-REV-02). */
public record Unregistered(long request, Options details) implements WampMessage.FromRouter {
  @Override
  public MessageCode code() {
    return MessageCode.UNREGISTERED;
  }
}
