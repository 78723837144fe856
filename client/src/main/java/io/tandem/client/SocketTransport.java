package io.tandem.client;

import io.tandem.client.TransportEnd.Cause;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.jspecify.annotations.Nullable;

/** What both transports share: who receives, the ping in flight, and how it all ended. */
abstract class SocketTransport implements ClientTransport {

  private @Nullable Receiver receiver;
  private @Nullable Promise<byte[]> pong;
  private @Nullable TransportEnd end;

  @Override
  public final void receiver(Receiver messages) {
    receiver = messages;
  }

  /** Hands a message on, unless this side has ended the transport already. */
  final void deliver(byte[] message) {
    if (receiver != null && end == null) {
      receiver.onMessage(message);
    }
  }

  @Override
  public final Future<byte[]> ping(byte[] payload) {
    if (pong != null) {
      return Future.failedFuture(new IllegalStateException("a ping is in flight"));
    }
    Promise<byte[]> answered = Promise.promise();
    pong = answered;
    writePing(payload).onFailure(answered::tryFail);
    return answered.future();
  }

  abstract Future<Void> writePing(byte[] payload);

  final void onPong(byte[] payload) {
    Promise<byte[]> answered = pong;
    pong = null;
    if (answered != null) {
      answered.tryComplete(payload);
    }
  }

  @Override
  public final void close(TransportEnd cause) {
    endedBy(cause);
    closeSocket(cause);
  }

  abstract void closeSocket(TransportEnd cause);

  /** Notes why the transport ends; the first reason stays. */
  final void endedBy(TransportEnd cause) {
    if (end == null) {
      end = cause;
    }
  }

  /** The socket is gone: tells the receiver. */
  final void onClosed(int code, String reason) {
    endedBy(new TransportEnd(Cause.LOST, code, reason));
    if (pong != null) {
      pong.tryFail(new TransportException("the transport ended before the pong"));
    }
    if (receiver != null && end != null) {
      receiver.onEnd(end);
    }
  }
}
