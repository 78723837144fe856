package io.tandem.cluster.wire.eventbus;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** Messages as the event bus writes them, and as it would not. */
final class BusMessages {

  private BusMessages() {}

  /**
   * One message, with its length in front.
   *
   * @param reply where an answer is awaited; empty for nowhere
   * @param octets the body, as the codec of octets writes it; null for none
   */
  static byte[] of(int codec, String address, String reply, String from, byte @Nullable [] octets) {
    Buffer message = Buffer.buffer().appendByte((byte) 2).appendByte((byte) codec);
    message.appendByte((byte) 0);
    text(message, address);
    text(message, reply);
    text(message, from);
    message.appendInt(4);
    if (octets != null) {
      message.appendInt(octets.length).appendBytes(octets);
    }
    return Buffer.buffer().appendInt(message.length()).appendBuffer(message).getBytes();
  }

  private static void text(Buffer message, String text) {
    byte[] octets = text.getBytes(UTF_8);
    message.appendInt(octets.length).appendBytes(octets);
  }
}
