package io.tandem.node.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
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

  private final BooleanSupplier mayReadOn;
  private @Nullable ChannelHandlerContext context;
  private boolean insideFrame;

  /** The channel has closed, and frames are left that came before. */
  private boolean ending;

  WebSocketFrames(int maxFrameSize, BooleanSupplier mayReadOn) {
    super(
        WebSocketDecoderConfig.newBuilder()
            .maxFramePayloadLength(maxFrameSize)
            .allowExtensions(false)
            .closeOnProtocolViolation(false)
            .build());
    this.mayReadOn = mayReadOn;
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
    int before = out.size();
    super.decode(context, input, out);
    insideFrame = out.size() == before;
  }

  /** Goes on with what has come. */
  void readRest() {
    ChannelHandlerContext here = Objects.requireNonNull(context, "in a pipeline");
    if (here.isRemoved()) {
      return;
    }
    try {
      channelRead(here, Unpooled.EMPTY_BUFFER);
      if (ending && mayReadOn.getAsBoolean()) {
        ending = false;
        super.channelInactive(here);
      }
    } catch (Exception broken) {
      here.fireExceptionCaught(broken);
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
    ending = !mayReadOn.getAsBoolean();
    if (!ending) {
      super.channelInactive(here);
    }
  }

  /** Octets of the buffer that holds what is no whole frame yet, or not the client's turn. */
  long begunOctets() {
    return internalBuffer().capacity();
  }

  boolean isInsideFrame() {
    return insideFrame;
  }
}
