package io.tandem.node.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.tandem.node.config.ListenerConfig.TransportKind;
import io.tandem.node.router.HandshakeRefusal;
import io.tandem.protocol.rawsocket.RawSocketHandshake;
import java.nio.charset.StandardCharsets;
import java.util.List;
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

  private static final String HTTP_DECODER = "httpDecoder";
  private static final String OPENING = "http-opening";

  /** The decoder last: what it has read and not decoded goes to the transport. */
  private static final List<String> HTTP_HANDLERS =
      List.of("httpEncoder", "inflater", "deflater", OPENING, "chunkedWriter", HTTP_DECODER);

  static final String TOO_MANY =
      "this listener has as many connections as it takes, or as it takes from one address";

  private final Door door;
  private final HandshakeTimer timer;
  private final boolean admitted;
  private boolean refused;

  private FirstOctet(Door door, HandshakeTimer timer, boolean admitted) {
    this.door = door;
    this.timer = timer;
    this.admitted = admitted;
  }

  /**
   * Installs the look at the first octet; called before the connection's first read.
   *
   * @param admitted false when the listener has too many connections: this one will be refused, in
   *     the words of the protocol that it begins with (RS-07)
   * @param closed runs when the connection is closed
   */
  static void watch(Channel channel, Door door, boolean admitted, Runnable closed) {
    ClientSockets.watch(channel, door.config().keepAlive());
    HandshakeTimer timer = new HandshakeTimer(channel, door);
    channel
        .pipeline()
        .addBefore(HTTP_DECODER, NAME, new FirstOctet(door, timer, admitted))
        .addBefore(SERVER_HANDLER, OPENING, new HttpOpening(door, timer));
    Tls tls = door.tls();
    if (tls != null) {
      tls.install(channel);
    }
    // The connection's own close handler does not survive an upgrade.
    channel
        .closeFuture()
        .addListener(
            done -> {
              timer.stop();
              closed.run();
            });
  }

  /** Where octets can be written past the HTTP encoder. */
  static ChannelHandlerContext beforeHttp(ChannelPipeline pipeline) {
    return pipeline.context(HTTP_DECODER);
  }

  /** Has octets come to who stands behind the HTTP decoder as they are. */
  static void readNoHttp(ChannelPipeline pipeline) {
    if (pipeline.get(HTTP_DECODER) != null) {
      pipeline.remove(HTTP_DECODER);
    }
  }

  /** Puts a transport in the place of HTTP, in a pipeline whose WebSocket handshake is done. */
  static void install(ChannelPipeline pipeline, WebSocketTransport transport) {
    pipeline
        .addBefore(SERVER_HANDLER, "frame-encoder", new WebSocket13FrameEncoder(false))
        .addBefore(SERVER_HANDLER, "frame-decoder", transport.frames());
    install(pipeline, (ClientTransport) transport);
  }

  private static void install(ChannelPipeline pipeline, ClientTransport transport) {
    pipeline.addBefore(SERVER_HANDLER, TRANSPORT, transport);
    for (String name : HTTP_HANDLERS) {
      ChannelHandler handler = pipeline.get(name);
      if (handler != null) {
        pipeline.remove(handler);
      }
    }
  }

  /** TLS closes what it could not open. */
  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
    if (event instanceof SslHandshakeCompletionEvent handshake && !handshake.isSuccess()) {
      refused = true;
      // Who hangs up, or was closed since it was slow, is refused nothing.
      if (context.channel().isActive()) {
        refuse(context, HandshakeRefusal.TLS, handshake.cause().toString());
      }
    }
    super.userEventTriggered(context, event);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable failure) throws Exception {
    if (refused) {
      // It was told of already.
      context.close();
    } else {
      super.exceptionCaught(context, failure);
    }
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

  private boolean isAdmitted(ChannelHandlerContext context) {
    return admitted && !Door.isOneTooMany(context.channel());
  }

  private void http(ChannelHandlerContext context, ByteBuf input) {
    if (isAdmitted(context)) {
      context.pipeline().remove(this);
      return;
    }
    refused = true;
    input.skipBytes(input.readableBytes());
    refuse(context, HandshakeRefusal.TOO_MANY_CONNECTIONS, TOO_MANY);
    String answer = HttpOpening.answer(HandshakeRefusal.TOO_MANY_CONNECTIONS, TOO_MANY + "\n");
    context
        .writeAndFlush(Unpooled.copiedBuffer(answer, StandardCharsets.US_ASCII))
        .addListener(ChannelFutureListener.CLOSE);
  }

  private void rawSocket(ChannelHandlerContext context, ByteBuf input) {
    RawSocketOpening opening = opening(context, input);
    if (opening == null) {
      refused = true;
      input.skipBytes(input.readableBytes());
      return;
    }
    timer.stop();
    ChannelPipeline pipeline = context.pipeline();
    install(pipeline, door.rawSocket(opening));
    // What follows the handshake goes on to the transport.
    pipeline.remove(this);
  }

  private @Nullable RawSocketOpening opening(ChannelHandlerContext context, ByteBuf input) {
    if (!door.config().transports().contains(TransportKind.RAWSOCKET)) {
      refuse(context, HandshakeRefusal.NO_RAWSOCKET, "this listener offers no RawSocket");
      context.close();
      return null;
    }
    if (door.isBanned(context.channel())) {
      refuse(context, HandshakeRefusal.BANNED, Door.BANNED);
      context.close();
      return null;
    }
    if (door.isLeaving()) {
      refuse(context, HandshakeRefusal.NODE_LEAVES, Door.LEAVING);
      RawSocketOpening.refuse(context, RawSocketHandshake.Refusal.CONNECTIONS);
      return null;
    }
    if (!isAdmitted(context)) {
      refuse(context, HandshakeRefusal.TOO_MANY_CONNECTIONS, TOO_MANY);
      RawSocketOpening.refuse(context, RawSocketHandshake.Refusal.CONNECTIONS);
      return null;
    }
    return RawSocketOpening.answer(
        context, input, door.config(), (reason, why) -> refuse(context, reason, why));
  }

  private void refuse(ChannelHandlerContext context, HandshakeRefusal reason, String why) {
    timer.stop();
    door.refused(context.channel(), reason, why);
  }
}
