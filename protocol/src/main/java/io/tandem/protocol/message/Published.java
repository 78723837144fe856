package io.tandem.protocol.message;

/** The broker accepted a publication (PS-08). */
public record Published(long request, long publication) implements WampMessage.FromRouter {
  @Override
  public MessageCode code() {
    return MessageCode.PUBLISHED;
  }
}
