package io.tandem.node.router;

import io.tandem.protocol.uri.WampUri;
import org.jspecify.annotations.Nullable;

/** What became of a message on its way out. */
public enum SendResult {
  /** It is in the outbound queue. */
  SENT,
  /** It is longer than the client accepts (TR-04); nothing was sent. */
  TOO_LONG,
  /** Its payload cannot be written in the client's serializer (SER-09); nothing was sent. */
  UNTRANSLATABLE,
  /** Too much waits for the receiver, who is not closed for it; nothing was sent. */
  FULL,
  /** The transport is closed, or was just closed because its queue is full (TR-05). */
  CLOSED;

  /**
   * What the other side is told about a payload that could not be delivered (TR-04, SER-09); null
   * where there is nothing to tell.
   */
  @Nullable String error() {
    return switch (this) {
      case TOO_LONG -> WampUri.PAYLOAD_SIZE_EXCEEDED;
      case UNTRANSLATABLE -> WampUri.INVALID_ARGUMENT;
      case SENT, FULL, CLOSED -> null;
    };
  }
}
