package io.tandem.bench.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.tandem.bench.BenchException;
import io.tandem.protocol.wire.Serializer;
import io.vertx.core.Promise;
import java.util.List;

/**
 * The four octets that open a RawSocket, for either side: awaits the peer's, and then puts a frame
 * decoder and the wire in its place.
 */
final class RawSocketHandshake extends ByteToMessageDecoder {

  private static final int LENGTH = 4;
  private static final int MAGIC = 0x7F;
  private static final int LARGEST = 0xF0;
  private static final int MAX_FRAME = (1 << 24) + LENGTH;

  private final Wire wire;
  private final boolean client;
  private final Promise<Wire> open = Promise.promise();

  private RawSocketHandshake(Wire wire, boolean client) {
    this.wire = wire;
    this.client = client;
  }

  /** Asks the router for messages in this serializer; completes when it agreed. */
  static Promise<Wire> ask(ChannelHandlerContext socket, Serializer serializer, Wire wire) {
    RawSocketHandshake handshake = new RawSocketHandshake(wire, true);
    socket.pipeline().addBefore(socket.name(), "handshake", handshake);
    int number =
        switch (serializer) {
          case JSON -> 1;
          case MSGPACK -> 2;
          case CBOR -> 3;
        };
    socket.writeAndFlush(
        socket.alloc().buffer(LENGTH).writeInt(MAGIC << 24 | (LARGEST | number) << 16));
    return handshake.open;
  }

  /** Agrees to whatever the client asks for. */
  static void answer(ChannelHandlerContext socket, Wire wire) {
    socket.pipeline().addBefore(socket.name(), "handshake", new RawSocketHandshake(wire, false));
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf input, List<Object> out) {
    if (input.readableBytes() < LENGTH) {
      return;
    }
    int octets = input.readInt();
    boolean refused = octets >>> 24 != MAGIC || (octets >>> 16 & 0x0F) == 0;
    if (refused) {
      input.skipBytes(input.readableBytes());
      open.tryFail(new BenchException("the router refused RawSocket"));
      context.close();
      return;
    }
    if (!client) {
      context.writeAndFlush(context.alloc().buffer(LENGTH).writeInt(octets));
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
