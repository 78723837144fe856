package io.tandem.client;

import io.tandem.client.TransportEnd.Cause;
import io.tandem.protocol.codec.ProtocolViolation;
import io.tandem.protocol.message.WampMessage;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * A channel to a router without any session on it: sends what it is told, legal or not, and hands
 * over what arrives. For tests that break rules and for loads that count messages.
 *
 * <p>Any thread may call it; futures complete on the connection's own context. Messages wait to be
 * taken by {@link #next}; when {@value #MAX_WAITING} of them do, reading stops until one is taken,
 * so a connection nobody takes from is a reader that never reads.
 */
public final class WireConnection {

  /** What octets are sent as. */
  public enum Frame {
    /** A text message on WebSocket, a message on RawSocket. */
    TEXT,
    /** A binary message on WebSocket, a message on RawSocket. */
    BINARY,
    /** Octets in the stream, on RawSocket only: a frame prefix, or half of one. */
    OCTETS
  }

  /** Messages that may wait before reading stops. */
  public static final int MAX_WAITING = 1024;

  private final HomeContext home;
  private final ClientTransport transport;
  private final MessageChannel channel;
  private final Queue<Future<WampMessage>> arrived = new ArrayDeque<>();
  private final Queue<Promise<WampMessage>> takers = new ArrayDeque<>();
  private final Promise<TransportEnd> closed;

  /**
   * Opens the channel and sends nothing on it.
   *
   * @return fails with {@link TransportException} when it cannot be opened
   */
  public static Future<WireConnection> connect(Vertx vertx, TransportOptions options) {
    HomeContext home = HomeContext.of(vertx);
    return home.call(
        () ->
            ClientTransport.open(vertx, options)
                .map(transport -> new WireConnection(home, transport, options)));
  }

  private WireConnection(HomeContext home, ClientTransport transport, TransportOptions options) {
    this.home = home;
    this.closed = home.promise();
    this.transport = transport;
    this.channel = new MessageChannel(transport, options, new Arrivals());
  }

  /** Sends a message; completes when it is written to the socket. */
  public Future<Void> send(WampMessage message) {
    return home.call(() -> channel.send(message));
  }

  /** Sends octets as one message of the kind the serializer asks for. */
  public Future<Void> sendBytes(byte[] octets) {
    return sendBytes(channel.serializer().isText() ? Frame.TEXT : Frame.BINARY, octets);
  }

  /** Sends octets as any kind of message, or as none. */
  public Future<Void> sendBytes(Frame frame, byte[] octets) {
    return home.call(() -> transport.send(frame, octets));
  }

  /** Sends a ping with up to 125 octets; completes with the payload of the pong. */
  public Future<byte[]> ping(byte[] payload) {
    return home.call(() -> transport.ping(payload));
  }

  /**
   * Takes the next message.
   *
   * @return fails with {@link ProtocolViolation} when what arrived is no message, and with {@link
   *     TransportException} when the channel ended and nothing is left
   */
  public Future<WampMessage> next() {
    return home.call(this::take);
  }

  private Future<WampMessage> take() {
    Future<WampMessage> first = arrived.poll();
    if (first != null) {
      transport.resume();
      return first;
    }
    Promise<WampMessage> taker = Promise.promise();
    if (closed.future().isComplete()) {
      taker.fail(new TransportException("closed: " + closed.future().result()));
    } else {
      takers.add(taker);
    }
    return taker.future();
  }

  /** Completes when the channel has ended; never fails. */
  public Future<TransportEnd> closed() {
    return closed.future();
  }

  /** Ends the channel without any farewell of WAMP. */
  public Future<TransportEnd> close() {
    home.run(
        () -> channel.close(new TransportEnd(Cause.CLOSED, WebSocketTransport.NORMAL, "closed")));
    return closed();
  }

  private final class Arrivals implements MessageChannel.Listener {

    @Override
    public void onMessage(WampMessage message) {
      arrive(Future.succeededFuture(message));
    }

    @Override
    public void onViolation(ProtocolViolation violation) {
      arrive(Future.failedFuture(violation));
    }

    private void arrive(Future<WampMessage> message) {
      Promise<WampMessage> taker = takers.poll();
      if (taker != null) {
        message.onComplete(taker);
        return;
      }
      arrived.add(message);
      if (arrived.size() >= MAX_WAITING) {
        transport.pause();
      }
    }

    @Override
    public void onEnd(TransportEnd end) {
      closed.complete(end);
      takers.forEach(taker -> taker.fail(new TransportException("closed: " + end)));
      takers.clear();
    }
  }
}
