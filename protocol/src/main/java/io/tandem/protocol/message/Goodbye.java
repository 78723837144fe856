package io.tandem.protocol.message;

/** Closes a session; the peer answers with its own (SES-12). */
public record Goodbye(Options details, String reason)
    implements WampMessage.FromClient, WampMessage.FromRouter {
  @Override
  public MessageCode code() {
    return MessageCode.GOODBYE;
  }
}
