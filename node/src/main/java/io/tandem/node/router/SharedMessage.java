package io.tandem.node.router;

import io.tandem.protocol.message.WampMessage;

/**
 * One message for many clients of a lane. Outboxes keep its encoded frames in it, so that the
 * second client of a kind gets the bytes of the first. Close it after the last send.
 */
public interface SharedMessage extends AutoCloseable {

  WampMessage message();

  /** Lets go of the encoded frames; channels that still write them keep their own hold. */
  @Override
  void close();

  /** Makes shared messages; belongs to one lane. */
  interface Factory {
    SharedMessage share(WampMessage message);
  }
}
