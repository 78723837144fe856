package io.tandem.protocol.message;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The client's proof. */
public record Authenticate(String signature, Map<String, @Nullable Object> extra)
    implements WampMessage.FromClient {
  @Override
  public MessageCode code() {
    return MessageCode.AUTHENTICATE;
  }
}
