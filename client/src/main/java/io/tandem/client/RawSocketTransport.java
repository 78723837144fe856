package io.tandem.client;

import io.tandem.client.TransportEnd.Cause;
import io.tandem.client.WireConnection.Frame;
import io.tandem.protocol.rawsocket.FrameType;
import io.tandem.protocol.rawsocket.RawSocketHandshake;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;

/** WAMP over RawSocket (RS-01 to RS-12), on TCP, TLS or a Unix socket. Answers every PING. */
final class RawSocketTransport extends SocketTransport implements RawSocketFrames.Sink {

  /** Kept while the socket lives: a client that is no longer referenced closes its sockets. */
  private final NetClient client;

  private final NetSocket socket;
  private final RawSocketFrames frames;
  private final int sendLimit;

  static Future<ClientTransport> open(Vertx vertx, TransportOptions options) {
    NetClient client = vertx.createNetClient(clientOptions(options));
    return client
        .connect(options.address().socket())
        .recover(
            failure ->
                Future.failedFuture(TransportException.cannotConnect(options.address(), failure)))
        .compose(socket -> shakeHands(vertx, client, socket, options))
        .onFailure(failure -> client.close());
  }

  private static NetClientOptions clientOptions(TransportOptions options) {
    NetClientOptions client =
        new NetClientOptions()
            .setConnectTimeout((int) options.connectTimeout().toMillis())
            .setSsl(options.address().tls())
            .setHostnameVerificationAlgorithm("HTTPS");
    if (options.trust() != null) {
      client.setTrustOptions(options.trust());
    }
    return client;
  }

  /** Sends our four octets and hands the socket over once the router's four are read. */
  private static Future<ClientTransport> shakeHands(
      Vertx vertx, NetClient client, NetSocket socket, TransportOptions options) {
    Promise<ClientTransport> open = Promise.promise();
    RawSocketHandshake request =
        RawSocketHandshake.of(options.serializer(), options.maxMessageBytes());
    long timer =
        vertx.setTimer(
            options.connectTimeout().toMillis(),
            late -> open.tryFail(new TransportException("no RawSocket handshake in time")));
    Buffer reply = Buffer.buffer();
    socket.handler(
        octets -> {
          reply.appendBuffer(octets);
          if (reply.length() >= RawSocketHandshake.LENGTH) {
            accept(request, client, socket, reply, open);
          }
        });
    socket.closeHandler(
        closed -> open.tryFail(new TransportException("closed in the RawSocket handshake")));
    socket.write(Buffer.buffer().appendInt(request.octets()));
    return open.future()
        .onComplete(done -> vertx.cancelTimer(timer))
        .onFailure(failure -> socket.close());
  }

  private static void accept(
      RawSocketHandshake request,
      NetClient client,
      NetSocket socket,
      Buffer reply,
      Promise<ClientTransport> open) {
    RawSocketTransport transport;
    try {
      int sendLimit = agreed(request, new RawSocketHandshake(reply.getInt(0)));
      transport = new RawSocketTransport(client, socket, request.limit(), sendLimit);
    } catch (TransportException refused) {
      open.tryFail(refused);
      return;
    }
    if (open.tryComplete(transport)) {
      transport.frames.handle(reply.slice(RawSocketHandshake.LENGTH, reply.length()));
    }
  }

  /** The longest message that the router takes, or the reason why it does not come to that. */
  private static int agreed(RawSocketHandshake request, RawSocketHandshake reply) {
    if (!reply.isRawSocket()) {
      throw new TransportException("the peer does not speak RawSocket");
    }
    if (reply.serializerNumber() == 0) {
      throw new TransportException("the router refused RawSocket: " + reply.refusal());
    }
    if (reply.serializer() != request.serializer() || reply.hasReservedOctets()) {
      throw new TransportException("the router's RawSocket handshake is malformed");
    }
    return reply.sendLimit();
  }

  private RawSocketTransport(NetClient client, NetSocket socket, int receiveLimit, int sendLimit) {
    this.client = client;
    this.socket = socket;
    this.sendLimit = sendLimit;
    this.frames = new RawSocketFrames(receiveLimit, this);
    socket.handler(frames);
    socket.exceptionHandler(
        failure ->
            endedBy(
                new TransportEnd(
                    Cause.LOST, TransportEnd.NO_CODE, String.valueOf(failure.getMessage()))));
    socket.closeHandler(
        closed -> {
          this.client.close();
          onClosed(TransportEnd.NO_CODE, "connection closed");
        });
  }

  @Override
  public void onFrame(FrameType type, byte[] payload) {
    switch (type) {
      case MESSAGE -> deliver(payload);
      case PING -> socket.write(RawSocketFrames.frame(FrameType.PONG, payload));
      case PONG -> onPong(payload);
    }
  }

  @Override
  public void onViolation(String reason) {
    close(new TransportEnd(Cause.VIOLATION, TransportEnd.NO_CODE, reason));
  }

  @Override
  public int sendLimit() {
    return sendLimit;
  }

  @Override
  public Future<Void> send(byte[] message) {
    return socket.write(RawSocketFrames.frame(FrameType.MESSAGE, message));
  }

  @Override
  public Future<Void> send(Frame frame, byte[] octets) {
    return frame == Frame.OCTETS ? socket.write(Buffer.buffer(octets)) : send(octets);
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
    return socket.write(RawSocketFrames.frame(FrameType.PING, payload));
  }

  @Override
  void closeSocket(TransportEnd cause) {
    socket.close();
  }
}
