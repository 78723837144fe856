package io.tandem.node.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.tandem.node.router.SendResult;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.wire.Serializer;
import io.tandem.protocol.wire.UntranslatableException;
import java.util.ArrayDeque;
import java.util.Deque;

/** What waits for a long-poll client to ask for it. Belongs to its lane's event loop. */
final class LongPollQueue {

  private final LaneIo io;
  private final Serializer serializer;
  private final boolean isBatched;
  private final long bound;
  private final Deque<ByteBuf> messages = new ArrayDeque<>();
  private Framing framing;
  private long octets;

  /**
   * @param bound in octets; what comes when so many wait is refused
   */
  LongPollQueue(LaneIo io, Subprotocol subprotocol, long bound) {
    this.io = io;
    this.serializer = subprotocol.serializer();
    this.isBatched = subprotocol.isBatched();
    this.framing = isBatched ? Framing.BATCHED : Framing.BARE;
    this.bound = bound;
  }

  /** Messages of a batch are framed in this way from now on. */
  void frame(Framing other) {
    framing = other;
  }

  /** What an answer is said to hold. */
  String type() {
    return serializer.isText() ? "application/json" : "application/octet-stream";
  }

  /** Octets that wait. */
  long octets() {
    return octets;
  }

  boolean isEmpty() {
    return messages.isEmpty();
  }

  boolean isFull() {
    return octets >= bound;
  }

  boolean isCrowded() {
    return octets > bound / 2;
  }

  SendResult send(WampMessage message) {
    try {
      ByteBuf frame = io.frame(ByteBufAllocator.DEFAULT, framing, serializer, message, bound);
      return frame == null ? SendResult.TOO_LONG : add(frame);
    } catch (UntranslatableException untranslatable) {
      return SendResult.UNTRANSLATABLE;
    }
  }

  SendResult send(SharedFrames message) {
    try {
      ByteBuf frame = message.frame(ByteBufAllocator.DEFAULT, framing, serializer);
      return framing.messageLength(frame, serializer) > bound
          ? SendResult.TOO_LONG
          : add(frame.retainedDuplicate());
    } catch (UntranslatableException untranslatable) {
      return SendResult.UNTRANSLATABLE;
    }
  }

  private SendResult add(ByteBuf frame) {
    messages.add(frame);
    octets += frame.readableBytes();
    return SendResult.SENT;
  }

  /** What one request is answered with: all that waits as one batch, or one message (LP-04). */
  byte[] take() {
    if (!isBatched) {
      ByteBuf next = messages.remove();
      byte[] message = new byte[next.readableBytes()];
      next.readBytes(message).release();
      octets -= message.length;
      return message;
    }
    byte[] batch = new byte[(int) octets];
    int at = 0;
    for (ByteBuf message : messages) {
      int length = message.readableBytes();
      message.readBytes(batch, at, length).release();
      at += length;
    }
    messages.clear();
    octets = 0;
    return batch;
  }

  void drop() {
    messages.forEach(ByteBuf::release);
    messages.clear();
    octets = 0;
  }
}
