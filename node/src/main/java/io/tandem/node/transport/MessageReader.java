package io.tandem.node.transport;

import io.netty.buffer.ByteBuf;
import io.tandem.node.session.SessionMachine;
import io.tandem.protocol.codec.MessageDecoder;
import io.tandem.protocol.codec.PayloadBeyondLimits;
import io.tandem.protocol.codec.ProtocolViolation;
import io.tandem.protocol.message.WampMessage;
import java.util.function.Predicate;

/** The bytes of whole messages, as the session understands them. Belongs to its lane's loop. */
final class MessageReader {

  private final MessageDecoder decoder;
  private final SessionMachine machine;
  private final Predicate<byte[]> isWellFormed;

  /**
   * @param isWellFormed whether a message that makes no sense keeps at least the transport's rules
   */
  MessageReader(MessageDecoder decoder, SessionMachine machine, Predicate<byte[]> isWellFormed) {
    this.decoder = decoder;
    this.machine = machine;
    this.isWellFormed = isWellFormed;
  }

  /**
   * Hands a message to the session, or what is wrong with it; the buffer stays the caller's.
   *
   * @return false when it breaks the transport's rules, of which no session has to know
   */
  boolean read(ByteBuf buffer) {
    byte[] bytes = new byte[buffer.readableBytes()];
    buffer.readBytes(bytes);
    WampMessage message;
    try {
      message = decoder.decode(bytes, 0, bytes.length);
    } catch (ProtocolViolation violation) {
      return violated(bytes, violation);
    }
    machine.received(message);
    return true;
  }

  private boolean violated(byte[] bytes, ProtocolViolation violation) {
    if (!isWellFormed.test(bytes)) {
      return false;
    }
    if (violation instanceof PayloadBeyondLimits beyond) {
      machine.received(beyond);
    } else {
      machine.violated(violation);
    }
    return true;
  }
}
