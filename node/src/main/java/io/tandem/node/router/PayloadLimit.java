package io.tandem.node.router;

import io.tandem.protocol.message.Call;
import io.tandem.protocol.message.ErrorMessage;
import io.tandem.protocol.message.Publish;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.message.Yield;
import io.tandem.protocol.uri.WampUri;
import io.tandem.protocol.wire.Payload;
import org.jspecify.annotations.Nullable;

/** How long the payloads of a session may be. */
final class PayloadLimit {

  private PayloadLimit() {}

  /** Why nobody may have the payload of the message; null where it may go on. */
  static Verdict.@Nullable Refused excess(Session session, WampMessage message) {
    int most = session.limits().maxPayloadSize();
    return payload(message).length() <= most
        ? null
        : new Verdict.Refused(
            WampUri.PAYLOAD_SIZE_EXCEEDED, "a payload may have " + most + " octets");
  }

  private static Payload payload(WampMessage message) {
    if (message instanceof Publish publish) {
      return publish.payload();
    } else if (message instanceof Call call) {
      return call.payload();
    } else if (message instanceof Yield yield) {
      return yield.payload();
    }
    return message instanceof ErrorMessage error ? error.payload() : Payload.EMPTY;
  }
}
