package io.tandem.bench.wire;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.tandem.bench.wire.Wire.Receiver;
import io.tandem.client.RouterAddress;
import io.tandem.client.RouterAddress.Transport;
import io.tandem.protocol.wire.Serializer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.internal.http.WebSocketInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import java.util.List;

/** Opens wires to a router. Any thread; a wire lives on the event loop that asked for it. */
public final class Connector {

  private static final int MAX_MESSAGE = 1 << 24;
  private static final int CONNECT_TIMEOUT_MILLIS = 10_000;

  private final Serializer serializer;
  private final WebSocketClient webSockets;
  private final NetClient rawSockets;

  public Connector(Vertx vertx, Serializer serializer) {
    this.serializer = serializer;
    this.webSockets =
        vertx.createWebSocketClient(
            new WebSocketClientOptions()
                .setConnectTimeout(CONNECT_TIMEOUT_MILLIS)
                .setMaxConnections(Integer.MAX_VALUE)
                .setMaxFrameSize(MAX_MESSAGE)
                .setMaxMessageSize(MAX_MESSAGE));
    this.rawSockets =
        vertx.createNetClient(
            new NetClientOptions()
                .setConnectTimeout(CONNECT_TIMEOUT_MILLIS)
                .setHostnameVerificationAlgorithm("HTTPS"));
  }

  /** Opens a wire; called on an event loop of the flusher's. */
  public Future<Wire> connect(RouterAddress address, TurnFlusher flusher, Receiver receiver) {
    return address.transport() == Transport.WEBSOCKET
        ? webSocket(address, flusher, receiver)
        : rawSocket(address, flusher, receiver);
  }

  private Future<Wire> webSocket(RouterAddress address, TurnFlusher flusher, Receiver receiver) {
    WebSocketConnectOptions options =
        new WebSocketConnectOptions()
            .setHost(address.authorityHost())
            .setSsl(address.tls())
            .setURI(address.path())
            .setTimeout(CONNECT_TIMEOUT_MILLIS)
            .setSubProtocols(List.of("wamp.2." + serializer.wireName()));
    options.setServer(address.socket());
    if (address.socket().isInetSocket()) {
      options.setPort(address.socket().port());
    }
    return webSockets
        .connect(options)
        .map(
            socket -> {
              ChannelHandlerContext end = ((WebSocketInternal) socket).channelHandlerContext();
              Wire wire =
                  new Wire(Framing.WEBSOCKET_CLIENT, serializer.isText(), flusher, receiver);
              end.pipeline()
                  .addBefore(end.name(), "whole", new WebSocketFrameAggregator(MAX_MESSAGE))
                  .addBefore(end.name(), "wire", wire);
              return wire;
            });
  }

  private Future<Wire> rawSocket(RouterAddress address, TurnFlusher flusher, Receiver receiver) {
    Wire wire = new Wire(Framing.RAWSOCKET, serializer.isText(), flusher, receiver);
    return rawSockets
        .connect(address.socket())
        .compose(
            socket ->
                (address.tls() ? socket.upgradeToSsl(address.host()) : Future.succeededFuture())
                    .map(socket))
        .compose(
            socket ->
                RawSocketOpening.ask(
                        ((NetSocketInternal) socket).channelHandlerContext(), serializer, wire)
                    .future());
  }
}
