package io.tandem.client;

import io.tandem.protocol.codec.MessageDecoder;
import io.tandem.protocol.codec.MessageEncoder;
import io.tandem.protocol.codec.ProtocolViolation;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.wire.ByteSink;
import io.tandem.protocol.wire.DecodeLimits;
import io.tandem.protocol.wire.Serializer;
import io.tandem.protocol.wire.UntranslatableException;
import io.vertx.core.Future;

/**
 * Messages over a transport: encoded and bounded on the way out, decoded on the way in. Belongs to
 * the transport's context.
 */
final class MessageChannel implements ClientTransport.Receiver {

  /** Who reads the messages; replaced when WELCOME turns an opening into a session. */
  interface Listener {

    /** One message; a violation thrown here is treated like one found in decoding. */
    void onMessage(WampMessage message) throws ProtocolViolation;

    /** The router sent what no router may send. */
    void onViolation(ProtocolViolation violation);

    /** The transport is gone. Called once; nothing follows. */
    void onEnd(TransportEnd end);
  }

  private final ClientTransport transport;
  private final Serializer serializer;
  private final MessageDecoder decoder;
  private final int maxQueuedBytes;
  private final ByteSink sink = new ByteSink();

  private Listener listener;
  private long queuedBytes;

  MessageChannel(ClientTransport transport, TransportOptions options, Listener listener) {
    this.transport = transport;
    this.serializer = options.serializer();
    this.decoder = new MessageDecoder(serializer, DecodeLimits.DEFAULT);
    this.maxQueuedBytes = options.maxQueuedBytes();
    this.listener = listener;
    transport.receiver(this);
  }

  Serializer serializer() {
    return serializer;
  }

  void listener(Listener next) {
    listener = next;
  }

  /** Encodes and sends; fails without sending anything when a bound is reached. */
  Future<Void> send(WampMessage message) {
    try {
      return write(encode(message));
    } catch (LimitExceededException | IllegalArgumentException notSent) {
      return Future.failedFuture(notSent);
    }
  }

  /**
   * The message's octets, to be given to {@link #write} in the same turn.
   *
   * @throws LimitExceededException when the router does not take a message of this size, or too
   *     much is waiting already
   * @throws IllegalArgumentException when the serializer cannot carry a value
   */
  byte[] encode(WampMessage message) {
    sink.reset();
    try {
      MessageEncoder.encode(message, serializer, sink);
    } catch (UntranslatableException unfit) {
      throw new IllegalArgumentException(unfit.getMessage(), unfit);
    }
    if (sink.length() > transport.sendLimit()) {
      throw new LimitExceededException(
          "a message of " + sink.length() + " octets; the router takes " + transport.sendLimit());
    }
    if (queuedBytes + sink.length() > maxQueuedBytes) {
      throw new LimitExceededException(queuedBytes + " octets are waiting to be written");
    }
    return sink.toByteArray();
  }

  Future<Void> write(byte[] message) {
    return counted(message.length, transport.send(message));
  }

  private Future<Void> counted(int octets, Future<Void> written) {
    queuedBytes += octets;
    return written.onComplete(done -> queuedBytes -= octets);
  }

  void close(TransportEnd end) {
    transport.close(end);
  }

  @Override
  public void onMessage(byte[] message) {
    try {
      listener.onMessage(decoder.decode(message, 0, message.length));
    } catch (ProtocolViolation violation) {
      listener.onViolation(violation);
    }
  }

  @Override
  public void onEnd(TransportEnd end) {
    listener.onEnd(end);
  }
}
