package io.tandem.node.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.tandem.node.config.ListenerConfig.TransportKind;
import io.tandem.node.router.CloseCause;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sits before the HTTP decoder of a fresh connection and looks at its first octet: 0x7F begins a
 * RawSocket handshake and never an HTTP request (RS-02). Also watches that the connection becomes a
 * WAMP transport in time. This class alone knows how the HTTP server builds its pipelines.
 */
final class FirstOctet extends ByteToMessageDecoder {

  private static final String NAME = "first-octet";
  private static final String TRANSPORT = "wamp";

  /** The HTTP server's connection object, which stays at the end of the pipeline. */
  private static final String SERVER_HANDLER = "handler";

  private static final List<String> HTTP_HANDLERS =
      List.of("httpDecoder", "httpEncoder", "inflater", "deflater", "chunkedWriter");

  private static final String FRAME_DECODER = "wsdecoder";

  private static final byte[] UNAVAILABLE =
      "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
          .getBytes(StandardCharsets.US_ASCII);

  private final Door door;
  private final boolean admitted;
  private boolean refused;

  private FirstOctet(Door door, boolean admitted) {
    this.door = door;
    this.admitted = admitted;
  }

  /**
   * Installs the look at the first octet; called before the connection's first read.
   *
   * @param admitted false when the listener has too many connections: this one will be refused, in
   *     the words of the protocol that it begins with (RS-07)
   * @param closed runs when the connection is closed
   */
  static void watch(HttpConnection connection, Door door, boolean admitted, Runnable closed) {
    Channel channel = ((ConnectionBase) connection).channel();
    channel.pipeline().addBefore("httpDecoder", NAME, new FirstOctet(door, admitted));
    // The connection's own close handler does not survive an upgrade.
    channel.closeFuture().addListener(done -> closed.run());
    channel
        .eventLoop()
        .schedule(
            () -> closeUnlessTransport(channel, door),
            door.config().timeouts().handshake().toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private static void closeUnlessTransport(Channel channel, Door door) {
    if (channel.isActive() && channel.pipeline().get(TRANSPORT) == null) {
      door.count(CloseCause.HANDSHAKE_TIMEOUT);
      channel.close();
    }
  }

  /** Puts a transport at the end of a pipeline whose WebSocket handshake is done. */
  static void install(ChannelPipeline pipeline, WebSocketTransport transport) {
    pipeline.replace(FRAME_DECODER, FRAME_DECODER, transport.frames());
    append(pipeline, transport);
  }

  private static void append(ChannelPipeline pipeline, ClientTransport transport) {
    pipeline.addBefore(SERVER_HANDLER, TRANSPORT, transport);
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf input, List<Object> out) {
    if (refused) {
      input.skipBytes(input.readableBytes());
    } else if (input.getUnsignedByte(input.readerIndex()) != RawSocketHandshake.MAGIC) {
      http(context, input);
    } else if (input.readableBytes() >= RawSocketHandshake.LENGTH) {
      rawSocket(context, input);
    }
  }

  private void http(ChannelHandlerContext context, ByteBuf input) {
    if (admitted) {
      context.pipeline().remove(this);
      return;
    }
    refused = true;
    input.skipBytes(input.readableBytes());
    context
        .writeAndFlush(Unpooled.wrappedBuffer(UNAVAILABLE))
        .addListener(ChannelFutureListener.CLOSE);
  }

  private void rawSocket(ChannelHandlerContext context, ByteBuf input) {
    RawSocketHandshake handshake = handshake(context, input);
    if (handshake == null) {
      refused = true;
      input.skipBytes(input.readableBytes());
      return;
    }
    ChannelPipeline pipeline = context.pipeline();
    for (String name : HTTP_HANDLERS) {
      ChannelHandler handler = pipeline.get(name);
      if (handler != null) {
        pipeline.remove(handler);
      }
    }
    append(pipeline, door.rawSocket(handshake));
    // What follows the handshake goes on to the transport.
    pipeline.remove(this);
  }

  private @Nullable RawSocketHandshake handshake(ChannelHandlerContext context, ByteBuf input) {
    if (!door.config().transports().contains(TransportKind.RAWSOCKET)) {
      context.close();
      return null;
    }
    if (!admitted) {
      RawSocketHandshake.refuse(context, RawSocketHandshake.ERROR_TOO_MANY);
      return null;
    }
    return RawSocketHandshake.answer(context, input, door.config());
  }
}
