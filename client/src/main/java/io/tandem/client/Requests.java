package io.tandem.client;

import io.tandem.protocol.codec.ProtocolViolation;
import io.tandem.protocol.id.RequestIds;
import io.tandem.protocol.message.ErrorMessage;
import io.tandem.protocol.message.MessageCode;
import io.tandem.protocol.message.WampMessage;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one session: numbers them without gaps (ID-05) and keeps those that await an
 * answer. Belongs to the session's context.
 */
final class Requests {

  /** A request that awaits its answer. */
  interface Request {

    /** The type of the request, which its ERROR repeats. */
    MessageCode type();

    /** The type of its answer. */
    MessageCode answer();

    /** Takes an answer; true when it was the last. */
    boolean answered(WampMessage answer);

    /** Takes an ERROR, or the end of the session. */
    void failed(RuntimeException cause);
  }

  private final MessageChannel channel;
  private final int maxPending;
  private final RequestIds ids = new RequestIds();
  private final Map<Long, Request> pending = new HashMap<>();

  /** The ID of the next request that is really sent: one that fails locally leaves no gap. */
  private long next = ids.next();

  private @Nullable CloseReason closed;

  Requests(MessageChannel channel, int maxPending) {
    this.channel = channel;
    this.maxPending = maxPending;
  }

  /**
   * Sends a message that needs a request ID and gets no answer.
   *
   * @throws LimitExceededException see {@link MessageChannel#encode}
   * @throws SessionClosedException when the session has ended
   */
  Future<Void> send(LongFunction<WampMessage> message) {
    checkOpen();
    byte[] encoded = channel.encode(message.apply(next));
    next = ids.next();
    return channel.write(encoded);
  }

  /** Sends a request and keeps it until it is answered; returns its ID. Throws like send. */
  long send(LongFunction<WampMessage> message, Request request) {
    checkOpen();
    if (pending.size() >= maxPending) {
      throw new LimitExceededException(maxPending + " requests are waiting for their answers");
    }
    long id = next;
    send(message);
    pending.put(id, request);
    return id;
  }

  private void checkOpen() {
    if (closed != null) {
      throw new SessionClosedException(closed);
    }
  }

  /** Hands an answer to its request. */
  void answer(long id, WampMessage answer) throws ProtocolViolation {
    Request request = pending.get(id);
    if (request == null || request.answer() != answer.code()) {
      throw new ProtocolViolation(
          answer.code() + " for request " + id + ", which does not await it");
    }
    if (request.answered(answer)) {
      pending.remove(id);
    }
  }

  /** Hands an ERROR to its request. */
  void error(ErrorMessage error) throws ProtocolViolation {
    Request request = pending.get(error.request());
    if (request == null || request.type() != error.requestType()) {
      throw new ProtocolViolation(
          "ERROR for "
              + error.requestType()
              + " request "
              + error.request()
              + ", which is not pending");
    }
    pending.remove(error.request());
    request.failed(WampException.received(error));
  }

  /** Whether this very request still awaits its answer. */
  boolean isPending(long id, Request request) {
    return pending.get(id) == request;
  }

  /** Fails what is pending, and whatever is sent from now on. */
  void close(CloseReason reason) {
    if (closed == null) {
      closed = reason;
      SessionClosedException cause = new SessionClosedException(reason);
      List<Request> left = List.copyOf(pending.values());
      pending.clear();
      left.forEach(request -> request.failed(cause));
    }
  }
}
