package io.tandem.bench.wire;

import io.netty.channel.ChannelHandlerContext;
import io.tandem.bench.wire.Wire.Receiver;
import io.tandem.client.RouterAddress.Transport;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.internal.http.WebSocketInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.util.List;

/**
 * Accepts wires, with the socket options that a router's listener sets. Belongs to one event loop;
 * several may share an address.
 */
public final class Acceptor {

  /** Treats a new connection. */
  public interface Reception {
    /** The receiver is told the wire before anything else. */
    Greeted receiver();
  }

  /** A receiver that learns whose messages it gets. */
  public interface Greeted extends Receiver {
    void onOpen(Wire wire);
  }

  private static final int MAX_MESSAGE = 1 << 24;
  private static final List<String> SUBPROTOCOLS =
      List.of("wamp.2.json", "wamp.2.msgpack", "wamp.2.cbor");

  private final Vertx vertx;
  private final TurnFlusher flusher;
  private final Reception reception;

  public Acceptor(Vertx vertx, TurnFlusher flusher, Reception reception) {
    this.vertx = vertx;
    this.flusher = flusher;
    this.reception = reception;
  }

  /** Listens; completes with the port that it got. */
  public Future<Integer> listen(Transport transport, SocketAddress address) {
    return transport == Transport.WEBSOCKET
        ? vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setTcpNoDelay(true)
                    .setTcpKeepAlive(true)
                    .setPerFrameWebSocketCompressionSupported(false)
                    .setPerMessageWebSocketCompressionSupported(false)
                    .setWebSocketSubProtocols(SUBPROTOCOLS)
                    .setMaxWebSocketFrameSize(MAX_MESSAGE)
                    .setMaxWebSocketMessageSize(MAX_MESSAGE))
            .webSocketHandler(this::webSocket)
            .listen(address)
            .map(HttpServer::actualPort)
        : vertx
            .createNetServer(new NetServerOptions().setTcpNoDelay(true).setTcpKeepAlive(true))
            .connectHandler(this::rawSocket)
            .listen(address)
            .map(NetServer::actualPort);
  }

  private void webSocket(ServerWebSocket socket) {
    boolean text = SUBPROTOCOLS.get(0).equals(socket.subProtocol());
    ChannelHandlerContext end = ((WebSocketInternal) socket).channelHandlerContext();
    end.pipeline().addBefore(end.name(), "wire", wire(Framing.WEBSOCKET_SERVER, text));
  }

  private void rawSocket(NetSocket socket) {
    RawSocketOpening.answer(
        ((NetSocketInternal) socket).channelHandlerContext(), wire(Framing.RAWSOCKET, true));
  }

  private Wire wire(Framing framing, boolean text) {
    Greeted receiver = reception.receiver();
    Wire wire = new Wire(framing, text, flusher, receiver);
    receiver.onOpen(wire);
    return wire;
  }
}
