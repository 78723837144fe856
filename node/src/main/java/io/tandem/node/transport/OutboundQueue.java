package io.tandem.node.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.ReferenceCountUtil;
import io.tandem.node.config.ListenerConfig;
import io.tandem.node.router.CloseCause;
import io.tandem.node.router.SendResult;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.wire.Serializer;
import io.tandem.protocol.wire.UntranslatableException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is written to one client and not sent yet. The queue is Netty's own, bounded by its high
 * water mark: a channel that is above the mark when the next message comes is closed (TR-05). It is
 * flushed once in a turn. Belongs to its lane's event loop.
 */
final class OutboundQueue {

  /** Octets written before a flush, where a turn writes that many: keeps the queue from filling. */
  private static final int FLUSH_AT = 64 << 10;

  private final ClientTransport transport;
  private final LaneIo io;
  private final Serializer serializer;
  private final long bound;

  /** Where messages of a turn leave together; null where each is a frame of its own. */
  private final @Nullable OutgoingBatch batch;

  private Framing framing;

  /** In octets; the client takes no longer messages. */
  private long longest;

  private @Nullable ChannelHandlerContext ctx;

  /** Octets written since the last flush. */
  private int unflushed;

  /** Octets that the last flush has left behind. */
  private long waiting;

  /** Whether the flusher has this transport on its list. */
  private boolean listed;

  OutboundQueue(
      ClientTransport transport,
      LaneIo io,
      ListenerConfig config,
      Framing framing,
      Serializer serializer) {
    this.transport = transport;
    this.io = io;
    this.framing = framing;
    this.serializer = serializer;
    this.bound = config.limits().outboundQueue();
    this.longest = bound;
    this.batch =
        framing == Framing.BATCHED
            ? new OutgoingBatch(serializer, Math.min(FLUSH_AT, config.limits().maxMessageSize()))
            : null;
  }

  void begin(ChannelHandlerContext context) {
    ctx = context;
    // One mark: what has fallen below the bound may be written to again.
    int mark = (int) bound;
    context.channel().config().setWriteBufferWaterMark(new WriteBufferWaterMark(mark, mark));
  }

  private ChannelHandlerContext ctx() {
    return Objects.requireNonNull(ctx, "begun");
  }

  /** Messages of a batch are framed in this way from now on. */
  void frame(Framing other) {
    framing = other;
  }

  /** The client announced that it takes no longer messages (RS-04). */
  void limitPeer(long octets) {
    longest = Math.min(longest, octets);
  }

  /** Queues a message, with what else is written in this turn. */
  SendResult send(WampMessage message) {
    try {
      ByteBuf frame = io.frame(ctx().alloc(), framing, serializer, message, longest);
      return frame == null ? SendResult.TOO_LONG : queue(frame);
    } catch (UntranslatableException untranslatable) {
      return SendResult.UNTRANSLATABLE;
    }
  }

  /** The same for one that others get too. */
  SendResult send(SharedFrames message) {
    try {
      ByteBuf frame = message.frame(ctx().alloc(), framing, serializer);
      return framing.messageLength(frame, serializer) > longest
          ? SendResult.TOO_LONG
          : queue(frame.retainedDuplicate());
    } catch (UntranslatableException untranslatable) {
      return SendResult.UNTRANSLATABLE;
    }
  }

  private SendResult queue(ByteBuf frame) {
    int octets = frame.readableBytes();
    if (batch == null) {
      return write(frame, octets) ? SendResult.SENT : SendResult.CLOSED;
    }
    if (!hasRoom()) {
      frame.release();
      return SendResult.CLOSED;
    }
    if (!batch.fits(octets)) {
      flush();
    }
    batch.add(frame);
    flushLater();
    return SendResult.SENT;
  }

  /** Octets that the client has not taken. */
  long waiting() {
    return waiting;
  }

  /** Whether half of it is full. */
  boolean isCrowded() {
    return ctx().channel().bytesBeforeUnwritable() - inBatch() < bound / 2;
  }

  private int inBatch() {
    return batch == null ? 0 : batch.octets();
  }

  /**
   * Writes a frame with what else is written in this turn.
   *
   * @return whether it had room; if not the transport ends, and the frame is released
   */
  boolean write(Object frame, int octets) {
    if (!hasRoom()) {
      ReferenceCountUtil.release(frame);
      return false;
    }
    flushLater();
    unflushed += octets;
    ctx().write(frame, ctx().voidPromise());
    if (unflushed >= FLUSH_AT) {
      flush();
    }
    return true;
  }

  private void flushLater() {
    if (!listed) {
      listed = true;
      io.flusher().add(transport);
    }
  }

  /** Whether the queue takes another frame; the end of the transport otherwise (TR-05). */
  private boolean hasRoom() {
    Channel channel = ctx().channel();
    if (channel.isWritable()
        && (batch == null || channel.bytesBeforeUnwritable() > batch.octets())) {
      return true;
    }
    // Nothing can be written either to a client that has hung up, which is another thing.
    transport.tooMuch(
        ClientSockets.isConnected(channel) ? CloseCause.SLOW_READER : CloseCause.TRANSPORT_LOST);
    return false;
  }

  /**
   * Writes a frame, and flushes it.
   *
   * @param last whether the transport ends with it, so that it need not have room
   */
  void writeNow(Object frame, boolean last) {
    if (last || hasRoom()) {
      writeBatch();
      ctx().write(frame, ctx().voidPromise());
      flush();
    } else {
      ReferenceCountUtil.release(frame);
    }
  }

  /** Has nothing wait any more for what else the turn brings. */
  void writeBatch() {
    if (batch != null) {
      batch.write(ctx());
    }
  }

  /** The channel is closed, or about to be. */
  void drop() {
    if (batch != null) {
      batch.drop();
    }
  }

  void flush() {
    writeBatch();
    unflushed = 0;
    ctx().flush();
    // One octet more than the mark makes a channel unwritable.
    waiting = bound + 1 - ctx().channel().bytesBeforeUnwritable();
    transport.noteHeld();
  }

  /** The flusher has forgotten this transport until it is added again. */
  void flushTurn() {
    listed = false;
  }
}
