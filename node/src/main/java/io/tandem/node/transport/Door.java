package io.tandem.node.transport;

import io.netty.channel.Channel;
import io.tandem.node.config.Endpoint;
import io.tandem.node.config.ListenerConfig;
import io.tandem.node.config.TlsConfig;
import io.tandem.node.router.CloseCause;
import io.tandem.node.router.HandshakeRefusal;
import io.tandem.node.session.SessionMachine;
import io.tandem.protocol.wire.Serializer;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * One lane's share of a listener: takes connections, finds out what they speak, and puts a
 * transport on them. Belongs to its lane; the number of connections is shared with the other lanes.
 */
final class Door {

  private static final Logger LOG = LoggerFactory.getLogger(Door.class);

  private final LaneIo io;
  private final ListenerConfig config;
  private final AtomicInteger connections;
  private final HttpServer server;
  private final Set<ClientTransport> transports = new HashSet<>();
  private boolean refusing;

  Door(
      Vertx vertx,
      LaneIo io,
      ListenerConfig config,
      AtomicInteger connections,
      Handler<HttpServerRequest> pages) {
    this.io = io;
    this.config = config;
    this.connections = connections;
    this.server =
        vertx
            .createHttpServer(options(config))
            .connectionHandler(this::connected)
            .exceptionHandler(this::handshakeFailed)
            .requestHandler(pages);
  }

  private static HttpServerOptions options(ListenerConfig config) {
    HttpServerOptions options =
        new HttpServerOptions()
            .setTcpNoDelay(true)
            .setTcpKeepAlive(true)
            // Nothing of it is used, and its handler would look at every message.
            .setPerMessageWebSocketCompressionSupported(false)
            .setPerFrameWebSocketCompressionSupported(false)
            // The first octet has to be looked at before any HTTP handler is chosen.
            .setHttp2ClearTextEnabled(false)
            .setUseAlpn(false);
    TlsConfig tls = config.tls();
    if (tls != null) {
      options
          .setSsl(true)
          .setSslHandshakeTimeout(config.timeouts().handshake().toMillis())
          .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
          .setKeyCertOptions(
              new PemKeyCertOptions()
                  .setCertPath(tls.certificate().toString())
                  .setKeyPath(tls.key().toString()));
      if (tls.clientCa() != null) {
        options
            .setClientAuth(ClientAuth.REQUIRED)
            .setTrustOptions(new PemTrustOptions().addCertPath(tls.clientCa().toString()));
      }
    }
    return options;
  }

  ListenerConfig config() {
    return config;
  }

  /**
   * Opens this lane's share of the listener with this number; completes with the port that it got,
   * 0 for a Unix socket.
   */
  Future<Integer> open(int number) {
    return server.listen(address(number)).map(HttpServer::actualPort);
  }

  private SocketAddress address(int number) {
    if (config.endpoint() instanceof Endpoint.Tcp tcp) {
      return tcp.port() == 0
          // Any free port, the same for all lanes that use the same number.
          ? SocketAddress.sharedRandomPort(number + 1, tcp.address())
          : SocketAddress.inetSocketAddress(tcp.port(), tcp.address());
    }
    return SocketAddress.domainSocketAddress(((Endpoint.Unix) config.endpoint()).path().toString());
  }

  /** Takes no more connections; those that are open stay. */
  void refuseConnections() {
    refusing = true;
  }

  // ---- a new connection ----

  private void connected(HttpConnection connection) {
    if (refusing) {
      connection.close();
      return;
    }
    if (connections.incrementAndGet() <= config.limits().maxConnections()) {
      FirstOctet.watch(connection, this, true, connections::decrementAndGet);
    } else {
      // Not one of them: it must not keep out who comes when another has left.
      connections.decrementAndGet();
      FirstOctet.watch(connection, this, false, () -> {});
    }
  }

  WebSocketTransport webSocket(Serializer serializer) {
    return track(new WebSocketTransport(io, config, serializer));
  }

  ClientTransport rawSocket(RawSocketHandshake handshake) {
    return track(
        new RawSocketTransport(
            io,
            config,
            handshake.serializer(),
            RawSocketHandshake.receiveLimit(config),
            handshake.sendLimit()));
  }

  // ---- the connections that are transports ----

  private <T extends ClientTransport> T track(T transport) {
    transports.add(transport);
    transport.onClosed(() -> transports.remove(transport));
    return transport;
  }

  /** The conversations on this door's transports, but for those that are being closed. */
  List<SessionMachine> conversations() {
    return transports.stream()
        .filter(transport -> !transport.isClosing())
        .map(ClientTransport::machine)
        .toList();
  }

  boolean hasTransports() {
    return !transports.isEmpty();
  }

  /** Takes note of a connection that will be no transport; answering and closing are not done. */
  void refused(Channel channel, HandshakeRefusal reason, String why) {
    refused(ClientTransport.peer(channel, config), reason, why);
  }

  /** Before a connection is one for HTTP. */
  private void handshakeFailed(Throwable failure) {
    // Who merely looks whether somebody listens has asked for nothing.
    if (!(failure instanceof ClosedChannelException)) {
      refused("a client", HandshakeRefusal.TLS, failure.toString());
    }
  }

  private void refused(String peer, HandshakeRefusal reason, String why) {
    io.lane().router().metrics().refusals(reason).increment();
    io.lane().clientLog().line(LOG, Level.INFO, "{} refused, {}: {}", peer, reason.label(), why);
  }

  void count(CloseCause cause) {
    io.lane().router().metrics().closes(cause).increment();
  }
}
