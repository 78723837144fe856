package io.tandem.client;

import io.tandem.client.WireConnection.Frame;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/**
 * An open channel that carries whole messages to a router and back, in order (TR-01). Belongs to
 * the context it was opened on: every method is called there, and the receiver is called there.
 */
interface ClientTransport {

  /** Where arriving messages go. */
  interface Receiver {

    /** One message, complete and within the limit; the array is the receiver's own. */
    void onMessage(byte[] message);

    /** The channel is gone. Called once; nothing follows. */
    void onEnd(TransportEnd end);
  }

  /** Opens the transport that the address asks for. Called on the context it will belong to. */
  static Future<ClientTransport> open(Vertx vertx, TransportOptions options) {
    return switch (options.address().transport()) {
      case WEBSOCKET -> WebSocketTransport.open(vertx, options);
      case RAWSOCKET -> RawSocketTransport.open(vertx, options);
    };
  }

  /** Set before the event loop is given back after opening, so that nothing is missed. */
  void receiver(Receiver receiver);

  /** Largest message the router takes, in octets, as far as the transport knows. */
  int sendLimit();

  /** Sends one message of the serializer's kind; completes when it is written to the socket. */
  Future<Void> send(byte[] message);

  /** Sends octets that need not be a message, nor of the right kind. */
  Future<Void> send(Frame frame, byte[] octets);

  /** Stops reading: the router's writes back up until {@link #resume}. */
  void pause();

  void resume();

  /** Sends a ping with up to 125 octets; completes with the payload of the pong. */
  Future<byte[]> ping(byte[] payload);

  /** Ends the channel from this side. The first call decides what the receiver is told. */
  void close(TransportEnd end);
}
