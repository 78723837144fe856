package io.tandem.node.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the frames of a client, which must be masked, and knows whether one has begun that is not
 * whole yet. Stops where the client has had its share of a turn. What breaks the rules comes out as
 * an exception; closing is the transport's affair.
 */
final class WebSocketFrames extends WebSocket13FrameDecoder {

  /** Who is told what would come through the pipeline, where that is gone. */
  interface Heir {
    void read(Object frame);

    void failed(Throwable failure);

    /** All of it is read. */
    void ended();
  }

  /** The bit that tells control frames from those of messages. */
  private static final int CONTROL = 0x08;

  private final BooleanSupplier mayReadOn;
  private final BooleanSupplier mayTakeMessage;
  private final Heir heir;
  private @Nullable ChannelHandlerContext context;
  private boolean insideFrame;

  /** What had come when the channel closed, and waits for the client's turn; or null. */
  private @Nullable ByteBuf left;

  /**
   * @param mayExtend whether the client may set reserved bits, which is for others to judge
   * @param mayReadOn whether the client may be read in this turn
   * @param mayTakeMessage whether it may send another message, or a part of one, now
   * @param heir is told of what is left when the channel has closed
   */
  WebSocketFrames(
      int maxFrameSize,
      boolean mayExtend,
      BooleanSupplier mayReadOn,
      BooleanSupplier mayTakeMessage,
      Heir heir) {
    super(
        WebSocketDecoderConfig.newBuilder()
            .maxFramePayloadLength(maxFrameSize)
            .allowExtensions(mayExtend)
            .closeOnProtocolViolation(false)
            .build());
    this.mayReadOn = mayReadOn;
    this.mayTakeMessage = mayTakeMessage;
    this.heir = heir;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  /** Called while octets are left: none comes out of them when they are less than a frame. */
  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf input, List<Object> out)
      throws Exception {
    if (!mayReadOn.getAsBoolean()) {
      return;
    }
    boolean begins = !insideFrame && (input.getByte(input.readerIndex()) & CONTROL) == 0;
    if (begins && !mayTakeMessage.getAsBoolean()) {
      return;
    }
    int before = out.size();
    super.decode(context, input, out);
    insideFrame = out.size() == before;
  }

  /** Goes on with what has come. */
  void readRest() {
    ChannelHandlerContext here = Objects.requireNonNull(context, "in a pipeline");
    ByteBuf rest = left;
    if (rest != null) {
      readLeft(here, rest);
    } else if (!here.isRemoved()) {
      try {
        channelRead(here, Unpooled.EMPTY_BUFFER);
      } catch (Exception broken) {
        here.fireExceptionCaught(broken);
      }
    }
  }

  /** The channel has closed: nothing in the pipeline passes frames on any more. */
  private void readLeft(ChannelHandlerContext here, ByteBuf rest) {
    List<Object> frames = new ArrayList<>(1);
    boolean goesOn = true;
    while (goesOn && rest.isReadable() && mayReadOn.getAsBoolean()) {
      int before = rest.readerIndex();
      try {
        decode(here, rest, frames);
      } catch (Exception broken) {
        heir.failed(broken);
      }
      goesOn = rest.readerIndex() > before;
      frames.forEach(heir::read);
      frames.clear();
    }
    if (mayReadOn.getAsBoolean()) {
      left = null;
      rest.release();
      heir.ended();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext here) throws Exception {
    if (mayReadOn.getAsBoolean()) {
      super.channelReadComplete(here);
    } else {
      // The decoder would ask for more, since none came out of what it has.
      here.fireChannelReadComplete();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext here) throws Exception {
    if (mayReadOn.getAsBoolean()) {
      super.channelInactive(here);
      return;
    }
    // The pipeline falls apart before the client may be read on.
    ByteBuf input = internalBuffer();
    left = input.readRetainedSlice(input.readableBytes());
  }

  /** Octets of the buffer that holds what is no whole frame yet, or not the client's turn. */
  long begunOctets() {
    return (left == null ? internalBuffer() : left).capacity();
  }

  boolean isInsideFrame() {
    return insideFrame;
  }
}
