package io.tandem.node.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.tandem.node.config.ListenerConfig;
import io.tandem.node.router.CloseCause;
import io.tandem.protocol.wire.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * WAMP over WebSocket: one WAMP message for each WebSocket message, text for JSON and binary for
 * the others (WS-04, WS-05). Sits behind the frame decoder that the opening handshake left, and
 * treats control frames itself.
 */
final class WebSocketTransport extends ClientTransport {

  private final int maxMessageSize;

  /** The parts of a fragmented message that is not whole yet. */
  private @Nullable CompositeByteBuf parts;

  private boolean frameSeen;
  private boolean insideFrame;

  WebSocketTransport(LaneIo io, ListenerConfig config, Serializer serializer) {
    super(io, config, Framing.WEBSOCKET, serializer);
    this.maxMessageSize = config.limits().maxMessageSize();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    WebSocketFrame frame = (WebSocketFrame) message;
    frameSeen = true;
    try {
      if (frame instanceof CloseWebSocketFrame close) {
        closedByClient(close);
      } else if (isClosing()) {
        return;
      } else if (frame instanceof PingWebSocketFrame ping) {
        control(new PongWebSocketFrame(ping.content().retain()));
      } else if (!(frame instanceof PongWebSocketFrame)) {
        data(frame);
      }
    } finally {
      frame.release();
    }
  }

  private void data(WebSocketFrame frame) {
    boolean isText = frame instanceof TextWebSocketFrame;
    boolean begins = isText || frame instanceof BinaryWebSocketFrame;
    if (begins && isText != serializer().isText()) {
      violated(
          serializer().isText()
              ? "JSON travels in text messages"
              : "this serializer travels in binary messages");
    } else if (begins && frame.isFinalFragment()) {
      // The decoder turns a new message inside a fragmented one away.
      received(frame.content());
    } else if (begins || frame instanceof ContinuationWebSocketFrame) {
      append(frame);
    }
  }

  private void append(WebSocketFrame frame) {
    CompositeByteBuf message = parts == null ? Unpooled.compositeBuffer() : parts;
    parts = message;
    if (message.readableBytes() + frame.content().readableBytes() > maxMessageSize) {
      dropParts();
      fail(CloseCause.MESSAGE_TOO_LONG);
      return;
    }
    message.addComponent(true, frame.content().retain());
    if (frame.isFinalFragment()) {
      parts = null;
      try {
        received(message);
      } finally {
        message.release();
      }
    }
  }

  private void dropParts() {
    if (parts != null) {
      parts.release();
      parts = null;
    }
  }

  private void closedByClient(CloseWebSocketFrame close) {
    ChannelHandlerContext context = ctx();
    if (isClosing()) {
      context.close();
      return;
    }
    int code = close.statusCode();
    context
        .writeAndFlush(
            code < 0
                ? new CloseWebSocketFrame()
                : new CloseWebSocketFrame(
                    WebSocketCloseStatus.isValidStatusCode(code)
                        ? new WebSocketCloseStatus(code, "")
                        : WebSocketCloseStatus.PROTOCOL_ERROR))
        .addListener(written -> context.close());
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    insideFrame = !frameSeen;
    frameSeen = false;
    super.channelReadComplete(context);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    dropParts();
    super.channelInactive(context);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
    if (failure instanceof CorruptedWebSocketFrameException corrupted) {
      // The decoder has sent the close frame with this code already.
      fail(
          corrupted.closeStatus().equals(WebSocketCloseStatus.MESSAGE_TOO_BIG)
              ? CloseCause.MESSAGE_TOO_LONG
              : CloseCause.BAD_FRAME);
    } else if (failure instanceof CorruptedFrameException) {
      fail(CloseCause.BAD_FRAME);
    } else {
      super.exceptionCaught(context, failure);
    }
  }

  /**
   * Inside a fragmented message, or inside a frame: bytes came last time, and no frame came of
   * them.
   */
  @Override
  boolean isInsideMessage() {
    return parts != null || insideFrame;
  }

  @Override
  boolean canPing() {
    return true;
  }

  @Override
  void ping() {
    ByteBuf nothing = Unpooled.EMPTY_BUFFER;
    control(new PingWebSocketFrame(nothing));
  }

  @Override
  protected void sayClose(CloseCause why) {
    control(new CloseWebSocketFrame(why.closeCode(), why.label()));
  }
}
