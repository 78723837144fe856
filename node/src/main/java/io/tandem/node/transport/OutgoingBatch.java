package io.tandem.node.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.tandem.protocol.wire.Serializer;
import java.util.ArrayList;
import java.util.List;

/**
 * Messages to one client that will leave as one WebSocket message: those of a turn, unless they are
 * more than a batch holds (BAT-06). Belongs to its lane's event loop.
 */
final class OutgoingBatch {

  private static final int LONGEST_HEAD = 10;

  private final Serializer serializer;
  private final int limit;
  private final List<ByteBuf> messages = new ArrayList<>(1);
  private int octets;

  /**
   * @param limit in octets; a message that is longer goes alone
   */
  OutgoingBatch(Serializer serializer, int limit) {
    this.serializer = serializer;
    this.limit = limit;
  }

  /** Octets of the messages in it. */
  int octets() {
    return octets;
  }

  boolean fits(int more) {
    return octets == 0 || octets + more <= limit;
  }

  /** Adds a message, framed as an element of a batch. */
  void add(ByteBuf message) {
    messages.add(message);
    octets += message.readableBytes();
  }

  /** Writes what is in it as one frame, of which the messages stay the shared buffers they are. */
  void write(ChannelHandlerContext ctx) {
    if (octets == 0) {
      return;
    }
    ByteBuf head = ctx.alloc().directBuffer(LONGEST_HEAD);
    Framing.WEBSOCKET.header(head, serializer, octets);
    ctx.write(head, ctx.voidPromise());
    messages.forEach(message -> ctx.write(message, ctx.voidPromise()));
    messages.clear();
    octets = 0;
  }

  void drop() {
    messages.forEach(ByteBuf::release);
    messages.clear();
    octets = 0;
  }
}
