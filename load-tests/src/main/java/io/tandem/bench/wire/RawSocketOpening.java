package io.tandem.bench.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.tandem.bench.BenchException;
import io.tandem.protocol.rawsocket.FrameHead;
import io.tandem.protocol.rawsocket.RawSocketHandshake;
import io.tandem.protocol.wire.Serializer;
import io.vertx.core.Promise;
import java.util.List;

/**
 * The four octets that open a RawSocket, for either side: awaits the peer's, and then puts a frame
 * decoder and the wire in its place.
 */
final class RawSocketOpening extends ByteToMessageDecoder {

  private static final int MAX_FRAME = FrameHead.LONGEST + FrameHead.LENGTH;

  private final Wire wire;
  private final boolean client;
  private final Promise<Wire> open = Promise.promise();

  private RawSocketOpening(Wire wire, boolean client) {
    this.wire = wire;
    this.client = client;
  }

  /** Asks the router for messages in this serializer; completes when it agreed. */
  static Promise<Wire> ask(ChannelHandlerContext socket, Serializer serializer, Wire wire) {
    RawSocketOpening opening = new RawSocketOpening(wire, true);
    socket.pipeline().addBefore(socket.name(), "handshake", opening);
    RawSocketHandshake request = RawSocketHandshake.of(serializer, FrameHead.LONGEST);
    socket.writeAndFlush(Unpooled.copyInt(request.octets()));
    return opening.open;
  }

  /** Agrees to whatever the client asks for. */
  static void answer(ChannelHandlerContext socket, Wire wire) {
    socket.pipeline().addBefore(socket.name(), "handshake", new RawSocketOpening(wire, false));
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf input, List<Object> out) {
    if (input.readableBytes() < RawSocketHandshake.LENGTH) {
      return;
    }
    RawSocketHandshake heard = new RawSocketHandshake(input.readInt());
    if (!heard.isRawSocket() || heard.serializerNumber() == 0) {
      input.skipBytes(input.readableBytes());
      open.tryFail(new BenchException("the router refused RawSocket"));
      context.close();
      return;
    }
    if (!client) {
      context.writeAndFlush(Unpooled.copyInt(heard.octets()));
    }
    ChannelPipeline pipeline = context.pipeline();
    pipeline.addAfter(context.name(), "wire", wire);
    pipeline.addAfter(
        context.name(), "frames", new LengthFieldBasedFrameDecoder(MAX_FRAME, 1, 3, 0, 0));
    // What follows the handshake goes on to the frame decoder.
    pipeline.remove(this);
    open.tryComplete(wire);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    open.tryFail(new BenchException("the router closed the connection during the handshake"));
    super.channelInactive(context);
  }
}
