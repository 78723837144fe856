package io.tandem.node.transport;

import io.netty.buffer.ByteBuf;
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
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.zip.DataFormatException;
import org.jspecify.annotations.Nullable;

/**
 * WAMP over WebSocket: one WAMP message for each WebSocket message, or a batch of them; text for
 * JSON and binary for the others (WS-04, WS-05). Sits behind the frame decoder that the opening
 * handshake left, and treats control frames itself.
 */
final class WebSocketTransport extends ClientTransport {

  /** Octets of the code at the beginning of a close frame. */
  private static final int CLOSE_CODE = 2;

  /** RFC 6455, 7.4.2: nobody has any use for those above. */
  private static final int LARGEST_CLOSE_CODE = 4999;

  /** Netty's three reserved bits, of which this is the first. */
  private static final int RSV1 = 4;

  private final int maxMessageSize;

  private final WebSocketFrames frames;

  /** The beginning of a fragmented message; copied, since fragments may be tiny and many. */
  private @Nullable ByteBuf begun;

  /** What is left of a batch; null where each message comes alone. */
  private final @Nullable IncomingBatch batch;

  /** Frames that came behind a batch that is not read to its end. */
  private final Deque<WebSocketFrame> behind = new ArrayDeque<>(0);

  /** Null where messages are not compressed. */
  private final @Nullable Compression compression;

  /** Whether the fragmented message is. */
  private boolean isCompressed;

  /** Whether the client has shown how it separates messages. */
  private boolean hasBegun;

  private boolean corrupted;

  WebSocketTransport(LaneIo io, ListenerConfig config, WebSocketRequest.Granted grant) {
    super(io, config, framing(grant), grant.subprotocol().serializer(), grant.opening());
    this.compression = grant.compression() == null ? null : io.compression();
    this.maxMessageSize = config.limits().maxMessageSize();
    this.frames =
        new WebSocketFrames(
            config.limits().maxFrameSize(),
            compression != null,
            this::mayReadFrame,
            turns()::mayTakeMessage,
            heir());
    this.batch = grant.subprotocol().isBatched() ? new IncomingBatch(serializer().isText()) : null;
  }

  /** A batch is one client's own, and so not compressed for it alone. */
  private static Framing framing(WebSocketRequest.Granted grant) {
    if (grant.subprotocol().isBatched()) {
      return Framing.BATCHED;
    }
    return grant.compression() == null ? Framing.WEBSOCKET : Framing.DEFLATED;
  }

  private boolean mayReadFrame() {
    return turns().mayReadOn() && !isInsideBatch() && behind.isEmpty();
  }

  private boolean isInsideBatch() {
    return batch != null && !batch.isEmpty();
  }

  /** What had come when the channel closed is read by turns like everything else. */
  private WebSocketFrames.Heir heir() {
    return new WebSocketFrames.Heir() {
      @Override
      public void read(Object frame) {
        WebSocketTransport.this.read(frame);
      }

      @Override
      public void failed(Throwable failure) {
        exceptionCaught(ctx(), failure);
      }

      @Override
      public void ended() {
        channelInactive(ctx());
      }
    };
  }

  /** What must stand before this transport in the pipeline. */
  WebSocketFrames frames() {
    return frames;
  }

  @Override
  public void read(Object message) {
    WebSocketFrame frame = (WebSocketFrame) message;
    if (isInsideBatch() || !behind.isEmpty()) {
      // Of those that the freeze watch kept, which do not come one by one.
      behind.add(frame);
    } else {
      treat(frame);
    }
  }

  private void treat(WebSocketFrame frame) {
    try {
      if (carriesNothing(frame)) {
        turns().tookControl(frame.content().readableBytes());
      } else {
        turns().took();
      }
      if (frame instanceof CloseWebSocketFrame close) {
        closedByClient(close);
      } else if (isClosing()) {
        return;
      } else if (!keepsBits(frame)) {
        corrupted = true;
        fail(CloseCause.BAD_FRAME);
      } else if (frame instanceof PingWebSocketFrame ping) {
        ByteBuf echo = ping.content().retain();
        answer(new PongWebSocketFrame(echo), echo.readableBytes());
      } else if (!(frame instanceof PongWebSocketFrame)) {
        data(frame);
      }
    } finally {
      frame.release();
    }
  }

  /** Only the first frame of a message says that it is compressed (RFC 7692, 6). */
  private static boolean keepsBits(WebSocketFrame frame) {
    return frame.rsv() == 0
        || (frame.rsv() == RSV1
            && (frame instanceof TextWebSocketFrame || frame instanceof BinaryWebSocketFrame));
  }

  private static boolean carriesNothing(WebSocketFrame frame) {
    return frame instanceof PingWebSocketFrame
        || frame instanceof PongWebSocketFrame
        || !(frame.content().isReadable() || frame.isFinalFragment());
  }

  @Override
  public void readRest() {
    readBatch();
    while (!behind.isEmpty() && !isInsideBatch() && turns().mayReadOn()) {
      treat(behind.remove());
    }
    if (mayReadFrame()) {
      frames.readRest();
    }
  }

  /** A whole WebSocket message has come, perhaps compressed. */
  private void whole(ByteBuf content, boolean compressed) {
    if (!compressed || compression == null || isClosing()) {
      whole(content);
      return;
    }
    ByteBuf message;
    try {
      // To inflate is work: so much of it counts as a frame.
      message =
          compression.inflate(ctx().alloc(), content, maxMessageSize, octets -> turns().took());
    } catch (Compression.TooLongException tooLong) {
      fail(CloseCause.MESSAGE_TOO_LONG);
      return;
    } catch (DataFormatException broken) {
      fail(CloseCause.BAD_FRAME);
      return;
    }
    try {
      whole(message);
    } finally {
      message.release();
    }
  }

  private void whole(ByteBuf content) {
    if (batch == null) {
      received(content);
    } else if (!isClosing()) {
      if (!batch.begin(content)) {
        fail(CloseCause.BAD_FRAME);
        return;
      }
      if (!hasBegun) {
        hasBegun = true;
        queue().frame(batch.framing());
      }
      readBatch();
    }
  }

  /** Each message of a batch counts as one that came alone. */
  private void readBatch() {
    if (batch != null) {
      batch.read(
          message -> {
            turns().took();
            received(message);
          },
          () -> isClosing() || (turns().mayReadOn() && turns().mayTakeMessage()));
    }
  }

  @Override
  protected boolean isWellFormed(byte[] message) {
    return !serializer().isText() || isUtf8(message);
  }

  static boolean isUtf8(byte[] text) {
    return isUtf8(ByteBuffer.wrap(text));
  }

  private static boolean isUtf8(ByteBuffer text) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(text);
      return true;
    } catch (CharacterCodingException malformed) {
      return false;
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
      whole(frame.content(), frame.rsv() == RSV1);
    } else if (begins || frame instanceof ContinuationWebSocketFrame) {
      append(frame);
    }
  }

  private void append(WebSocketFrame frame) {
    if (begun == null) {
      isCompressed = frame.rsv() == RSV1;
    }
    ByteBuf message = begun == null ? ctx().alloc().buffer() : begun;
    begun = message;
    if (message.readableBytes() + frame.content().readableBytes() > maxMessageSize) {
      dropBegun();
      fail(CloseCause.MESSAGE_TOO_LONG);
      return;
    }
    message.writeBytes(frame.content());
    if (frame.isFinalFragment()) {
      whole(message, isCompressed);
      dropFragments();
    }
  }

  @Override
  long begunOctets() {
    return (begun == null ? 0 : begun.capacity())
        + (batch == null ? 0 : batch.octets())
        + frames.begunOctets();
  }

  @Override
  void dropBegun() {
    dropFragments();
    if (batch != null) {
      batch.drop();
    }
    behind.forEach(WebSocketFrame::release);
    behind.clear();
  }

  private void dropFragments() {
    if (begun != null) {
      begun.release();
      begun = null;
    }
  }

  private void closedByClient(CloseWebSocketFrame close) {
    ChannelHandlerContext context = ctx();
    if (isClosing()) {
      context.close();
      return;
    }
    if (close.statusCode() > LARGEST_CLOSE_CODE) {
      fail(CloseCause.BAD_FRAME);
      return;
    }
    if (!isUtf8(reason(close))) {
      fail(CloseCause.NOT_UTF8);
      return;
    }
    endedByClient(CloseCause.CLOSED_BY_CLIENT);
    queue().writeBatch();
    context.writeAndFlush(answer(close)).addListener(written -> context.close());
    LastWords.closeLater(ctx().channel());
  }

  private static ByteBuffer reason(CloseWebSocketFrame close) {
    ByteBuf content = close.content();
    int code = Math.min(CLOSE_CODE, content.readableBytes());
    return content.nioBuffer(content.readerIndex() + code, content.readableBytes() - code);
  }

  private static CloseWebSocketFrame answer(CloseWebSocketFrame close) {
    int code = close.statusCode();
    return code < 0
        ? new CloseWebSocketFrame()
        // The decoder lets no other code through that may not be used.
        : new CloseWebSocketFrame(code, "");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
    corrupted |= failure instanceof CorruptedFrameException;
    if (failure instanceof CorruptedWebSocketFrameException frame) {
      fail(causeOf(frame.closeStatus()));
    } else if (failure instanceof CorruptedFrameException) {
      fail(CloseCause.BAD_FRAME);
    } else {
      super.exceptionCaught(context, failure);
    }
  }

  private static CloseCause causeOf(WebSocketCloseStatus status) {
    if (status.equals(WebSocketCloseStatus.MESSAGE_TOO_BIG)) {
      return CloseCause.MESSAGE_TOO_LONG;
    }
    return status.equals(WebSocketCloseStatus.INVALID_PAYLOAD_DATA)
        ? CloseCause.NOT_UTF8
        : CloseCause.BAD_FRAME;
  }

  @Override
  boolean isInsideMessage() {
    return begun != null || frames.isInsideFrame();
  }

  @Override
  boolean canPing() {
    return true;
  }

  @Override
  String wireName() {
    return "websocket";
  }

  @Override
  void ping() {
    ByteBuf nothing = Unpooled.EMPTY_BUFFER;
    control(new PingWebSocketFrame(nothing));
  }

  @Override
  protected void sayClose(CloseCause why) {
    CloseWebSocketFrame close = new CloseWebSocketFrame(why.closeCode(), why.label());
    if (corrupted || frames.isInsideFrame()) {
      // No close frame of the client's can be made out.
      endAfter(close);
    } else {
      control(close);
    }
  }
}
