package io.tandem.protocol.message;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Asks the client to prove who it is. */
public record Challenge(String method, Map<String, @Nullable Object> extra)
    implements WampMessage.FromRouter {
  @Override
  public MessageCode code() {
    return MessageCode.CHALLENGE;
  }
}
