package io.tandem.node.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import java.util.List;

/**
 * Reads the frames of a client, which must be masked, and knows whether one has begun that is not
 * whole yet. What breaks the rules comes out as an exception; closing is the transport's affair.
 */
final class WebSocketFrames extends WebSocket13FrameDecoder {

  private boolean insideFrame;

  WebSocketFrames(int maxFrameSize) {
    super(
        WebSocketDecoderConfig.newBuilder()
            .maxFramePayloadLength(maxFrameSize)
            .allowExtensions(false)
            .closeOnProtocolViolation(false)
            .build());
  }

  /** Called while octets are left: none comes out of them when they are less than a frame. */
  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf input, List<Object> out)
      throws Exception {
    int before = out.size();
    super.decode(context, input, out);
    insideFrame = out.size() == before;
  }

  boolean isInsideFrame() {
    return insideFrame;
  }
}
