package io.tandem.client;

import io.netty.handler.codec.DecoderException;
import io.tandem.client.TransportEnd.Cause;
import io.tandem.client.WireConnection.Frame;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.http.WebSocketFrameType;
import io.vertx.core.http.impl.websocket.WebSocketFrameImpl;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * WAMP over WebSocket: one message per WebSocket message (WS-04), text for JSON and binary for the
 * other serializers (WS-05), no compression. Messages leave as a single frame each.
 */
final class WebSocketTransport extends SocketTransport {

  /** Close codes of RFC 6455: normal, protocol error, message too big. */
  static final int NORMAL = 1000;

  static final int PROTOCOL_ERROR = 1002;
  static final int TOO_BIG = 1009;

  /** Kept while the socket lives: a client that is no longer referenced closes its sockets. */
  private final WebSocketClient client;

  private final WebSocket socket;
  private final boolean text;
  private final int maxMessageBytes;

  private @Nullable Buffer fragments;

  static Future<ClientTransport> open(Vertx vertx, TransportOptions options) {
    WebSocketClient client = vertx.createWebSocketClient(clientOptions(options));
    String subprotocol = "wamp.2." + options.serializer().wireName();
    return client
        .connect(connectOptions(options, subprotocol))
        .<ClientTransport>map(socket -> new WebSocketTransport(client, socket, options))
        .recover(
            failure -> {
              client.close();
              return Future.failedFuture(refused(failure, options, subprotocol));
            });
  }

  private static WebSocketClientOptions clientOptions(TransportOptions options) {
    WebSocketClientOptions client =
        new WebSocketClientOptions()
            .setConnectTimeout((int) options.connectTimeout().toMillis())
            .setMaxFrameSize(options.maxMessageBytes())
            .setMaxMessageSize(options.maxMessageBytes())
            .setSsl(options.address().tls());
    if (options.trust() != null) {
      client.setTrustOptions(options.trust());
    }
    return client;
  }

  private static WebSocketConnectOptions connectOptions(
      TransportOptions options, String subprotocol) {
    RouterAddress address = options.address();
    return new WebSocketConnectOptions()
        .setServer(address.socket())
        .setHost(address.authorityHost())
        .setPort(address.socket().port())
        .setSsl(address.tls())
        .setURI(address.path())
        .setTimeout(options.connectTimeout().toMillis())
        .setSubProtocols(List.of(subprotocol));
  }

  private static TransportException refused(
      Throwable failure, TransportOptions options, String subprotocol) {
    if (failure instanceof UpgradeRejectedException rejected) {
      String status = "the router refused " + subprotocol + " with HTTP " + rejected.getStatus();
      return new TransportException(status, failure);
    }
    return TransportException.cannotConnect(options.address(), failure);
  }

  private WebSocketTransport(WebSocketClient client, WebSocket socket, TransportOptions options) {
    this.client = client;
    this.socket = socket;
    this.text = options.serializer().isText();
    this.maxMessageBytes = options.maxMessageBytes();
    socket.frameHandler(this::onFrame);
    socket.pongHandler(payload -> onPong(payload.getBytes()));
    socket.exceptionHandler(this::onFailure);
    socket.closeHandler(closed -> onClosed());
  }

  private void onFrame(WebSocketFrame frame) {
    if (!(frame.isText() || frame.isBinary() || frame.isContinuation())) {
      return;
    }
    if (!frame.isContinuation() && frame.isText() != text) {
      close(violation(PROTOCOL_ERROR, "a message of the wrong kind, text or binary"));
      return;
    }
    if (frame.isFinal() && fragments == null) {
      deliver(frame.binaryData().getBytes());
      return;
    }
    Buffer message = fragments == null ? Buffer.buffer() : fragments;
    fragments = message.appendBuffer(frame.binaryData());
    if (message.length() > maxMessageBytes) {
      close(violation(TOO_BIG, "a message larger than " + maxMessageBytes + " octets"));
    } else if (frame.isFinal()) {
      fragments = null;
      deliver(message.getBytes());
    }
  }

  private void onFailure(Throwable failure) {
    String reason = String.valueOf(failure.getMessage());
    endedBy(
        failure instanceof DecoderException
            ? violation(PROTOCOL_ERROR, reason)
            : new TransportEnd(Cause.LOST, TransportEnd.NO_CODE, reason));
  }

  private void onClosed() {
    client.close();
    int code = socket.closeStatusCode() == null ? TransportEnd.NO_CODE : socket.closeStatusCode();
    onClosed(code, socket.closeReason() == null ? "connection closed" : socket.closeReason());
  }

  private static TransportEnd violation(int code, String reason) {
    return new TransportEnd(Cause.VIOLATION, code, reason);
  }

  @Override
  public int sendLimit() {
    return Integer.MAX_VALUE;
  }

  @Override
  public Future<Void> send(byte[] message) {
    return send(text ? Frame.TEXT : Frame.BINARY, message);
  }

  @Override
  public Future<Void> send(Frame frame, byte[] octets) {
    return switch (frame) {
      case TEXT -> write(WebSocketFrameType.TEXT, octets);
      case BINARY -> write(WebSocketFrameType.BINARY, octets);
      case OCTETS ->
          Future.failedFuture(new UnsupportedOperationException("octets need a RawSocket"));
    };
  }

  /** The public factory makes text frames of strings alone; ours are UTF-8 already, or never. */
  private Future<Void> write(WebSocketFrameType type, byte[] octets) {
    return socket.writeFrame(new WebSocketFrameImpl(type, octets, true));
  }

  @Override
  public void pause() {
    socket.pause();
  }

  @Override
  public void resume() {
    socket.resume();
  }

  @Override
  Future<Void> writePing(byte[] payload) {
    return socket.writePing(Buffer.buffer(payload));
  }

  @Override
  void closeSocket(TransportEnd cause) {
    int code = cause.code() == TransportEnd.NO_CODE ? NORMAL : cause.code();
    socket.close((short) code, cause.reason());
  }
}
