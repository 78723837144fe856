package io.tandem.node.transport;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.ReferenceCountUtil;
import io.tandem.node.router.CloseCause;
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
  private final Flusher flusher;
  private final long bound;
  private @Nullable ChannelHandlerContext ctx;

  /** Octets written since the last flush. */
  private int unflushed;

  /** Octets that the last flush has left behind. */
  private long waiting;

  /** Whether the flusher has this transport on its list. */
  private boolean listed;

  /**
   * @param bound in octets
   */
  OutboundQueue(ClientTransport transport, Flusher flusher, long bound) {
    this.transport = transport;
    this.flusher = flusher;
    this.bound = bound;
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

  /** Octets that the client has not taken. */
  long waiting() {
    return waiting;
  }

  /** Whether half of it is full. */
  boolean isCrowded() {
    return ctx().channel().bytesBeforeUnwritable() < bound / 2;
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
    if (!listed) {
      listed = true;
      flusher.add(transport);
    }
    unflushed += octets;
    ctx().write(frame, ctx().voidPromise());
    if (unflushed >= FLUSH_AT) {
      flush();
    }
    return true;
  }

  /** Whether the queue takes another frame; the end of the transport otherwise (TR-05). */
  private boolean hasRoom() {
    if (ctx().channel().isWritable()) {
      return true;
    }
    // Nothing can be written either to a client that has hung up, which is another thing.
    transport.tooMuch(
        ClientSockets.isConnected(ctx().channel())
            ? CloseCause.SLOW_READER
            : CloseCause.TRANSPORT_LOST);
    return false;
  }

  /**
   * Writes a frame, and flushes it.
   *
   * @param last whether the transport ends with it, so that it need not have room
   */
  void writeNow(Object frame, boolean last) {
    if (last || hasRoom()) {
      ctx().write(frame, ctx().voidPromise());
      flush();
    } else {
      ReferenceCountUtil.release(frame);
    }
  }

  void flush() {
    unflushed = 0;
    ctx().flush();
    waiting = bound - ctx().channel().bytesBeforeUnwritable();
    transport.noteHeld();
  }

  /** The flusher has forgotten this transport until it is added again. */
  void flushTurn() {
    listed = false;
  }
}
