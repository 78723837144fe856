package io.tandem.node.router;

/** What became of a message on its way out. */
public enum Delivery {
  /** It is in the outbound queue. */
  SENT,
  /** It is longer than the client accepts (TR-04); nothing was sent. */
  TOO_LONG,
  /** Its payload cannot be written in the client's serializer (SER-09); nothing was sent. */
  UNTRANSLATABLE,
  /** The transport is closed, or was just closed because its queue is full (TR-05). */
  CLOSED
}
