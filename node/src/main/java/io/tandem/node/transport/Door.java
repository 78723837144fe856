package io.tandem.node.transport;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import io.tandem.node.config.Endpoint;
import io.tandem.node.config.ListenerConfig;
import io.tandem.node.config.LongPollConfig;
import io.tandem.node.config.TlsConfig;
import io.tandem.node.router.CloseCause;
import io.tandem.node.router.HandshakeRefusal;
import io.tandem.node.session.SessionMachine;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.ConnectionBase;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * One lane's share of a listener: takes connections, finds out what they speak, and puts a
 * transport on them. Belongs to its lane; the number of connections is shared with the other lanes.
 */
final class Door {

  private static final Logger LOG = LoggerFactory.getLogger(Door.class);

  /**
   * Connections beyond those that the listener takes that are told so at once, each in the words of
   * its protocol; further ones are closed without a word.
   */
  private static final int REFUSED_AT_ONCE = 64;

  static final String BANNED = "its network is banned";

  static final String LEAVING = "this node leaves, and takes no more clients";

  /** Whether a connection is counted as one of its client's address; false where it is too many. */
  private static final AttributeKey<Boolean> COUNTED = AttributeKey.valueOf("tandem.counted");

  private final Vertx vertx;
  private final LaneIo io;
  private final ListenerConfig config;
  private final ConnectionCounts connections;
  private final Bans bans;
  private final Frontier frontier;
  private final HttpServer server;
  private final LongPolls longPolls;
  private final @Nullable LongPollRequests polls;
  private final Set<DoorTransport> transports = new HashSet<>();
  private @Nullable Tls tls;
  private int beingRefused;
  private boolean refusing;
  private boolean leaving;

  /** What accepts the connections of all lanes; known when this one has had one. */
  private @Nullable Channel acceptor;

  Door(
      Vertx vertx,
      LaneIo io,
      ListenerConfig config,
      ConnectionCounts connections,
      Bans bans,
      LongPolls longPolls,
      Handler<HttpServerRequest> pages) {
    this.vertx = vertx;
    this.io = io;
    this.config = config;
    this.connections = connections;
    this.bans = bans;
    this.frontier = new Frontier(config.proxy());
    this.longPolls = longPolls;
    LongPollConfig longPoll = config.longPoll();
    this.polls = longPoll == null ? null : new LongPollRequests(this, io, longPoll, longPolls);
    this.server =
        vertx
            .createHttpServer(options())
            .connectionHandler(this::connected)
            .requestHandler(request -> serve(request, pages));
  }

  private void serve(HttpServerRequest request, Handler<HttpServerRequest> pages) {
    if (polls != null && polls.cover(request.path())) {
      polls.handle(request);
    } else {
      pages.handle(request);
    }
  }

  /** Whether this is a path for long-poll clients. */
  boolean servesPolls(String path) {
    return polls != null && polls.cover(path);
  }

  private static HttpServerOptions options() {
    return new HttpServerOptions()
        .setTcpNoDelay(true)
        .setTcpKeepAlive(true)
        // Nothing of it is used, and its handler would look at every message.
        .setPerMessageWebSocketCompressionSupported(false)
        .setPerFrameWebSocketCompressionSupported(false)
        // The first octet has to be looked at before any HTTP handler is chosen.
        .setHttp2ClearTextEnabled(false)
        .setUseAlpn(false);
  }

  ListenerConfig config() {
    return config;
  }

  /**
   * Opens this lane's share of the listener with this number; completes with the port that it got,
   * 0 for a Unix socket.
   */
  Future<Integer> open(int number) {
    TlsConfig files = config.tls();
    Future<Void> prepared =
        files == null
            ? Future.succeededFuture()
            : vertx.executeBlocking(() -> Tls.of(files, vertx)).map(this::speak);
    return prepared.compose(ready -> server.listen(address(number))).map(HttpServer::actualPort);
  }

  private @Nullable Void speak(Tls configured) {
    tls = configured;
    return null;
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

  /**
   * Reads the certificate anew, which blocks.
   *
   * @return what has it shown to those who connect from then on
   * @throws Exception when the files are no certificates or key
   */
  Runnable renew(TlsConfig files) throws Exception {
    Tls renewed = Tls.of(files, vertx);
    return () -> tls = renewed;
  }

  /** The end; its connections are closed already. */
  Future<Void> close() {
    return server.close();
  }

  /** Takes no more connections; those that are open stay. */
  void refuseConnections() {
    refusing = true;
  }

  /**
   * Takes no more clients. As soon as no long-poll client is left, whose requests may need fresh
   * connections, the system refuses connections, for all lanes: a balancer that forwards octets
   * tries another node when it cannot connect; it does not when a connection is closed. To be
   * called again and again.
   */
  void leave() {
    leaving = true;
    if (longPolls.isEmpty()) {
      refuseConnections();
      stopAccepting();
    }
  }

  /** Whether the node is on its way out. */
  boolean isLeaving() {
    return leaving;
  }

  /** The server itself can only do so together with its connections. */
  private void stopAccepting() {
    if (leaving && acceptor != null) {
      acceptor.close();
    }
  }

  // ---- a new connection ----

  private void connected(HttpConnection connection) {
    Channel channel = ((ConnectionBase) connection).channel();
    acceptor = channel.parent();
    if (refusing) {
      stopAccepting();
      connection.close();
      return;
    }
    frontier.came(channel);
    boolean isTold = frontier.expectsHeader(channel) || frontier.expectsForwarded(channel);
    if (!isTold && isBanned(channel)) {
      turnAway(channel);
      return;
    }
    if (connections.enter()) {
      FirstOctet.watch(channel, this, true, connections::leave);
      if (frontier.expectsHeader(channel)) {
        ProxyHeader.expect(channel, this);
      } else if (!frontier.expectsForwarded(channel)) {
        count(channel);
      }
      return;
    }
    // Not one of them: it must not keep out who comes when another has left.
    if (beingRefused < REFUSED_AT_ONCE) {
      beingRefused++;
      FirstOctet.watch(channel, this, false, () -> beingRefused--);
    } else {
      refused(channel, HandshakeRefusal.TOO_MANY_CONNECTIONS, FirstOctet.TOO_MANY);
      channel.close();
    }
  }

  /** A proxy that is believed tells whose connection it is. */
  void told(Channel channel, InetSocketAddress client) {
    frontier.told(channel, client);
    if (isBanned(channel)) {
      turnAway(channel);
    } else {
      count(channel);
    }
  }

  /** Whether its client may not connect, as far as is known of it now. */
  boolean isBanned(Channel channel) {
    return bans.cover(Frontier.client(channel));
  }

  /** Who is banned is not worth a word. */
  private void turnAway(Channel channel) {
    refused(channel, HandshakeRefusal.BANNED, BANNED);
    channel.close();
  }

  /** Ends the conversations of those who are banned by now. */
  void endBanned() {
    for (DoorTransport transport : List.copyOf(transports)) {
      if (!transport.isClosing() && bans.cover(transport.address())) {
        io.lane().router().audit().tell("banned", "address", transport.peer());
        transport.machine().leave(CloseCause.BANNED);
      }
    }
  }

  /** A request came over the connection; one that a proxy has sent on tells for whom. */
  void asked(Channel channel, WebSocketRequest request) {
    if (!frontier.expectsForwarded(channel)) {
      return;
    }
    // A proxy may send on the requests of many over one connection.
    boolean again = isCounted(channel) && servesPolls(request.target());
    if (again || !isCounted(channel)) {
      frontier.cameAgain(channel);
      List<String> schemes = request.request().headers().getAll("X-Forwarded-Proto");
      frontier.forwarded(
          channel,
          request.list("X-Forwarded-For").toList(),
          schemes.isEmpty() ? null : schemes.get(schemes.size() - 1));
      if (!again) {
        count(channel);
      }
    }
  }

  /** It is one of its address's, unless that has as many as it may. */
  private void count(Channel channel) {
    String origin = Frontier.origin(channel);
    boolean fits = origin == null || connections.enter(origin);
    channel.attr(COUNTED).set(fits);
    if (origin != null && fits) {
      channel.closeFuture().addListener(closed -> connections.leave(origin));
    }
  }

  private static boolean isCounted(Channel channel) {
    return channel.attr(COUNTED).get() != null;
  }

  /** Whether its address has too many. */
  static boolean isOneTooMany(Channel channel) {
    return Boolean.FALSE.equals(channel.attr(COUNTED).get());
  }

  @Nullable Tls tls() {
    return tls;
  }

  WebSocketTransport webSocket(WebSocketRequest.Granted grant) {
    return track(new WebSocketTransport(io, config, grant));
  }

  ClientTransport rawSocket(RawSocketOpening opening) {
    return track(
        new RawSocketTransport(
            io,
            config,
            opening.serializer(),
            RawSocketOpening.receiveLimit(config),
            opening.sendLimit()));
  }

  // ---- the connections that are transports ----

  /**
   * A transport that has no connection of its own takes the place of one.
   *
   * @param channel that of the request that opens it
   * @return false when there is no place, for its address or at all
   */
  boolean enter(Channel channel, LongPollTransport transport, Runnable onClosed) {
    String origin = Frontier.origin(channel);
    if (refusing || !connections.enter()) {
      return false;
    }
    if (origin != null && !connections.enter(origin)) {
      connections.leave();
      return false;
    }
    transports.add(transport);
    transport.onClosed(
        () -> {
          transports.remove(transport);
          connections.leave();
          if (origin != null) {
            connections.leave(origin);
          }
          onClosed.run();
        });
    return true;
  }

  private <T extends ClientTransport> T track(T transport) {
    transports.add(transport);
    transport.onClosed(() -> transports.remove(transport));
    return transport;
  }

  /** The conversations on this door's transports, but for those that are being closed. */
  List<SessionMachine> conversations() {
    return transports.stream()
        .filter(each -> !each.isClosing())
        .map(DoorTransport::machine)
        .toList();
  }

  /** Those of clients that could connect elsewhere: a Unix socket leads to this node only. */
  Stream<SessionMachine> movable() {
    return transports.stream()
        .filter(each -> !each.isClosing() && each.address() != null)
        .map(DoorTransport::machine);
  }

  boolean hasTransports() {
    return !transports.isEmpty();
  }

  /** Takes note of a connection that will be no transport; answering and closing are not done. */
  void refused(Channel channel, HandshakeRefusal reason, String why) {
    io.lane().router().metrics().refusals(reason).increment();
    io.lane()
        .clientLog()
        .line(
            LOG,
            Level.INFO,
            "{} refused, {}: {}",
            ClientSockets.peer(channel, config),
            reason.label(),
            why);
  }

  void count(CloseCause cause) {
    io.lane().router().metrics().closes(cause).increment();
  }
}
