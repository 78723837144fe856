package io.tandem.bench.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import io.tandem.protocol.rawsocket.FrameHead;
import io.tandem.protocol.rawsocket.FrameType;
import org.jspecify.annotations.Nullable;

/**
 * One end of a connection that carries whole messages: the last handler before Vert.x's own, which
 * keeps treating WebSocket's control frames. Belongs to its event loop: everything is called there.
 */
public final class Wire extends ChannelInboundHandlerAdapter {

  /** Whom messages are handed to. */
  public interface Receiver {
    /** The message is valid during this call. */
    void onMessage(ByteBuf message);

    /** The connection ended, or had to be ended: nothing follows. */
    void onEnd(String why);
  }

  /** Octets that may wait to be written; a peer further behind loses the connection. */
  private static final int MAX_WAITING = 32 << 20;

  private final Framing framing;
  private final boolean text;
  private final TurnFlusher flusher;
  private @Nullable ChannelHandlerContext context;
  private Receiver receiver;
  private boolean dirty;
  private boolean ended;

  Wire(Framing framing, boolean text, TurnFlusher flusher, Receiver receiver) {
    this.framing = framing;
    this.text = text;
    this.flusher = flusher;
    this.receiver = receiver;
  }

  public void setReceiver(Receiver other) {
    receiver = other;
  }

  public TurnFlusher flusher() {
    return flusher;
  }

  /** The message as this wire sends it: a buffer that may be shared by wires of the same kind. */
  public ByteBuf frame(ByteBuf message) {
    return framing.frame(context().alloc(), text, message);
  }

  /** Sends a message, which stays with the caller; flushed at the end of the turn. */
  public void send(ByteBuf message) {
    sendFrame(frame(message));
  }

  /** Sends a frame made by {@link #frame}, and gives it up. */
  public void sendFrame(ByteBuf frame) {
    ChannelHandlerContext open = context();
    if (!open.channel().isWritable()) {
      frame.release();
      end("the other side does not read as fast as it is sent to");
      return;
    }
    open.write(frame, open.voidPromise());
    if (!dirty) {
      dirty = true;
      flusher.add(this);
    }
  }

  void flush() {
    dirty = false;
    context().flush();
  }

  public void close() {
    context().close();
  }

  private ChannelHandlerContext context() {
    if (context == null) {
      throw new IllegalStateException("not connected");
    }
    return context;
  }

  private void end(String why) {
    if (!ended) {
      ended = true;
      receiver.onEnd(why);
      context().close();
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
    added
        .channel()
        .config()
        .setWriteBufferWaterMark(new WriteBufferWaterMark(MAX_WAITING / 2, MAX_WAITING));
  }

  @Override
  public void channelRead(ChannelHandlerContext from, Object message) {
    if (message instanceof TextWebSocketFrame || message instanceof BinaryWebSocketFrame) {
      try {
        receiver.onMessage(((ByteBufHolder) message).content());
      } finally {
        ReferenceCountUtil.release(message);
      }
    } else if (framing == Framing.RAWSOCKET) {
      ByteBuf frame = (ByteBuf) message;
      try {
        rawSocketFrame(frame);
      } finally {
        frame.release();
      }
    } else {
      from.fireChannelRead(message);
    }
  }

  private void rawSocketFrame(ByteBuf frame) {
    int head = frame.readInt();
    if (!FrameHead.isValid(head)) {
      end("octets that are no RawSocket frame");
      return;
    }
    FrameType type = FrameHead.type(head);
    if (type == FrameType.MESSAGE) {
      receiver.onMessage(frame);
    } else if (type == FrameType.PING) {
      int length = frame.readableBytes();
      ByteBuf pong = context().alloc().buffer(FrameHead.LENGTH + length);
      sendFrame(pong.writeInt(FrameHead.of(FrameType.PONG, length)).writeBytes(frame));
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext from) {
    end("the connection was closed by the other side");
    from.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext from, Throwable failure) {
    end(String.valueOf(failure.getMessage()));
  }
}
