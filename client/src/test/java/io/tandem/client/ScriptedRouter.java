package io.tandem.client;

import static io.tandem.testing.Patience.await;
import static io.tandem.testing.Patience.take;

import io.tandem.protocol.codec.MessageDecoder;
import io.tandem.protocol.codec.MessageEncoder;
import io.tandem.protocol.codec.ProtocolViolation;
import io.tandem.protocol.message.Hello;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.message.Welcome;
import io.tandem.protocol.rawsocket.FrameType;
import io.tandem.protocol.wire.ByteSink;
import io.tandem.protocol.wire.DecodeLimits;
import io.tandem.protocol.wire.Serializer;
import io.tandem.protocol.wire.UntranslatableException;
import io.tandem.testing.Patience;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.internal.http.WebSocketInternal;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A router that does what the test says and nothing else: it accepts connections on a free port of
 * the loopback and hands each to the test as a {@link Peer}. No handshake of WAMP is answered by
 * itself, so that each test can break any of it.
 */
public final class ScriptedRouter implements AutoCloseable {

  private static final int LARGEST = 1 << 24;

  private final BlockingQueue<Peer> accepted;
  private final Serializer serializer;
  private final String url;
  private final Runnable close;

  private ScriptedRouter(
      BlockingQueue<Peer> accepted, Serializer serializer, String url, Runnable close) {
    this.accepted = accepted;
    this.serializer = serializer;
    this.url = url;
    this.close = close;
  }

  /** A transport and a serializer: what most tests are run over. */
  public record Wire(RouterAddress.Transport transport, Serializer serializer) {
    public ScriptedRouter start(Vertx vertx) {
      return transport == RouterAddress.Transport.WEBSOCKET
          ? webSocket(vertx, serializer)
          : rawSocket(vertx, serializer);
    }
  }

  /** Every transport with every serializer. */
  public static List<Wire> wires() {
    return List.of(RouterAddress.Transport.values()).stream()
        .flatMap(t -> List.of(Serializer.values()).stream().map(s -> new Wire(t, s)))
        .toList();
  }

  public static ScriptedRouter webSocket(Vertx vertx, Serializer serializer) {
    HttpServerOptions options =
        new HttpServerOptions()
            .setMaxWebSocketFrameSize(LARGEST)
            .setMaxWebSocketMessageSize(LARGEST)
            .addWebSocketSubProtocol("wamp.2." + serializer.wireName());
    HttpServer server = vertx.createHttpServer(options);
    BlockingQueue<Peer> accepted = new LinkedBlockingQueue<>();
    server.webSocketHandler(socket -> accepted.add(new WebSocketPeer(socket, serializer)));
    await(server.listen(0, "127.0.0.1"));
    String url = "ws://127.0.0.1:" + server.actualPort() + "/ws";
    return new ScriptedRouter(accepted, serializer, url, () -> await(server.close()));
  }

  /** Agrees to any handshake with a limit of 2^24 octets. */
  public static ScriptedRouter rawSocket(Vertx vertx, Serializer serializer) {
    return rawSocket(vertx, serializer, 15);
  }

  /** Agrees to any handshake with a limit of 2^(9 + exponent) octets. */
  public static ScriptedRouter rawSocket(Vertx vertx, Serializer serializer, int exponent) {
    NetServer server = vertx.createNetServer();
    BlockingQueue<Peer> accepted = new LinkedBlockingQueue<>();
    server.connectHandler(socket -> accepted.add(new RawSocketPeer(socket, serializer, exponent)));
    await(server.listen(0, "127.0.0.1"));
    String url = "rs://127.0.0.1:" + server.actualPort();
    return new ScriptedRouter(accepted, serializer, url, () -> await(server.close()));
  }

  public String url() {
    return url;
  }

  /** A client that waits for as long as a test does: nothing but its router may end it. */
  public ClientOptions options() {
    return ClientOptions.to(url, "realm1")
        .withTransport(TransportOptions.to(url).withConnectTimeout(Patience.LIMIT))
        .withSerializer(serializer)
        .withHelloTimeout(Patience.LIMIT)
        .withCloseTimeout(Patience.LIMIT);
  }

  /** The next connection. */
  public Peer accept() {
    return take(accepted, "connection");
  }

  /** A session, opened without incident, whose router announces every feature of calls. */
  public Conversation open(Vertx vertx) {
    return open(vertx, options(), "call_canceling", "call_timeout");
  }

  public Conversation open(Vertx vertx, ClientOptions options, String... dealerFeatures) {
    Future<ClientSession> opening = ClientSession.connect(vertx, options);
    Peer peer = accept();
    peer.expect(Hello.class);
    peer.send(welcome(dealerFeatures));
    return new Conversation(await(opening), peer);
  }

  /** WELCOME to session 4711. */
  public static Welcome welcome(String... dealerFeatures) {
    Map<String, Object> features = new LinkedHashMap<>();
    for (String feature : dealerFeatures) {
      features.put(feature, true);
    }
    return new Welcome(
        4711,
        Options.of(
            Keys.ROLES,
            Map.of(
                "broker", Map.of("features", Map.of()), "dealer", Map.of("features", features))));
  }

  /** Both ends of an open session. */
  public record Conversation(ClientSession session, Peer peer) {}

  @Override
  public void close() {
    close.run();
  }

  /** The router's end of one connection. */
  public abstract static class Peer {

    private final Serializer serializer;
    private final BlockingQueue<byte[]> received = new LinkedBlockingQueue<>();
    final BlockingQueue<String> ended = new LinkedBlockingQueue<>();

    Peer(Serializer serializer) {
      this.serializer = serializer;
    }

    final void received(Buffer message) {
      received.add(message.getBytes());
    }

    /** The next message, which must be of this type. */
    public final <T extends WampMessage> T expect(Class<T> type) {
      byte[] bytes = take(received, type.getSimpleName());
      try {
        WampMessage message =
            new MessageDecoder(serializer, DecodeLimits.DEFAULT).decode(bytes, 0, bytes.length);
        if (!type.isInstance(message)) {
          throw new AssertionError("expected " + type.getSimpleName() + ", got " + message);
        }
        return type.cast(message);
      } catch (ProtocolViolation violation) {
        throw new AssertionError(violation);
      }
    }

    public final void send(WampMessage message) {
      ByteSink sink = new ByteSink();
      try {
        MessageEncoder.encode(message, serializer, sink);
      } catch (UntranslatableException unfit) {
        throw new AssertionError(unfit);
      }
      sendMessage(Buffer.buffer(sink.toByteArray()));
    }

    /** Sends octets as one message of the serializer's kind. */
    public abstract void sendMessage(Buffer message);

    /** Ends the connection without a word. */
    public abstract void vanish();

    /** Waits until the client has closed; WebSocket tells its close code. */
    public final String awaitEnd() {
      return take(ended, "end");
    }

    final boolean isText() {
      return serializer.isText();
    }
  }

  /** Over WebSocket. */
  public static final class WebSocketPeer extends Peer {

    private final ServerWebSocket socket;

    WebSocketPeer(ServerWebSocket socket, Serializer serializer) {
      super(serializer);
      this.socket = socket;
      socket.textMessageHandler(text -> received(Buffer.buffer(text)));
      socket.binaryMessageHandler(this::received);
      socket.closeHandler(closed -> ended.add(String.valueOf(socket.closeStatusCode())));
    }

    public ServerWebSocket socket() {
      return socket;
    }

    @Override
    public void sendMessage(Buffer message) {
      if (isText()) {
        socket.writeTextMessage(message.toString());
      } else {
        socket.writeBinaryMessage(message);
      }
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the test sees the end on the client's side
    public void vanish() {
      // The TCP connection goes, without a WebSocket close frame.
      ((WebSocketInternal) socket).channelHandlerContext().close();
    }
  }

  /** Over RawSocket. */
  public static final class RawSocketPeer extends Peer implements RawSocketFrames.Sink {

    private final NetSocket socket;
    private final BlockingQueue<byte[]> pongs = new LinkedBlockingQueue<>();

    RawSocketPeer(NetSocket socket, Serializer serializer, int exponent) {
      super(serializer);
      this.socket = socket;
      RawSocketFrames frames = new RawSocketFrames(LARGEST, this);
      socket.handler(
          octets -> {
            int second = exponent << 4 | (octets.getByte(1) & 0x0F);
            socket.write(Buffer.buffer(new byte[] {0x7F, (byte) second, 0, 0}));
            socket.handler(frames);
            frames.handle(octets.slice(4, octets.length()));
          });
      socket.closeHandler(closed -> ended.add("closed"));
    }

    public NetSocket socket() {
      return socket;
    }

    public byte[] awaitPong() {
      return take(pongs, "PONG");
    }

    @Override
    public void onFrame(FrameType type, byte[] payload) {
      switch (type) {
        case MESSAGE -> received(Buffer.buffer(payload));
        case PING -> socket.write(RawSocketFrames.frame(FrameType.PONG, payload));
        case PONG -> pongs.add(payload);
      }
    }

    @Override
    public void onViolation(String reason) {
      throw new AssertionError(reason);
    }

    @Override
    public void sendMessage(Buffer message) {
      socket.write(RawSocketFrames.frame(FrameType.MESSAGE, message.getBytes()));
    }

    @Override
    public void vanish() {
      socket.close();
    }
  }
}
