package io.tandem.protocol.message;

import org.jspecify.annotations.Nullable;

/** Opens a session on a realm; a null realm leaves the choice to the authenticator (SES-05). */
public record Hello(@Nullable String realm, Options details) implements WampMessage.FromClient {
  @Override
  public MessageCode code() {
    return MessageCode.HELLO;
  }
}
