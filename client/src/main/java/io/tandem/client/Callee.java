package io.tandem.client;

import io.tandem.protocol.codec.ProtocolViolation;
import io.tandem.protocol.message.CancelMode;
import io.tandem.protocol.message.ErrorMessage;
import io.tandem.protocol.message.Interrupt;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.MessageCode;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.Register;
import io.tandem.protocol.message.Registered;
import io.tandem.protocol.message.Unregister;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.message.Yield;
import io.tandem.protocol.uri.WampUri;
import io.tandem.protocol.wire.Payload;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The callee's role in a session. Belongs to the session's context. */
final class Callee {

  private static final Logger log = LoggerFactory.getLogger(Callee.class);

  /** What a caller learns of a failure it is not meant to understand. */
  static final String RUNTIME_ERROR = "wamp.error.runtime_error";

  private static final String ONE_PART = "the procedure takes its arguments in one part";

  private static final int MOST_ANSWERED_EARLY = 1_024;

  private final HomeContext home;
  private final MessageChannel channel;
  private final Requests requests;
  private final int maxRunning;

  /** From REGISTERED to UNREGISTERED. */
  private final Map<Long, Registration> registrations = new HashMap<>();

  private final Map<Long, Invocation> running = new HashMap<>();

  /**
   * Of invocations in parts that were answered before the last one: further ones may have been on
   * their way, and mean nothing. Where the call ended for the router no last one comes, so the
   * oldest is forgotten when there are too many.
   */
  private final Set<Long> answeredEarly = new LinkedHashSet<>();

  Callee(HomeContext home, MessageChannel channel, Requests requests, int maxRunning) {
    this.home = home;
    this.channel = channel;
    this.requests = requests;
    this.maxRunning = maxRunning;
  }

  HomeContext home() {
    return home;
  }

  Future<Registration> register(
      String procedure, RegisterOptions options, ProcedureHandler handler) {
    Promise<Registration> registered = Promise.promise();
    requests.send(
        id -> new Register(id, options.wire(), procedure),
        new SimpleRequest<>(
            MessageCode.REGISTER,
            MessageCode.REGISTERED,
            answer -> registered(procedure, handler, answer),
            registered));
    return registered.future();
  }

  private Registration registered(String procedure, ProcedureHandler handler, WampMessage answer) {
    long id = ((Registered) answer).registration();
    Registration registration = new Registration(id, procedure, handler);
    registrations.put(id, registration);
    return registration;
  }

  Future<Void> unregister(Registration registration) {
    Promise<Void> ended = Promise.promise();
    requests.send(
        id -> new Unregister(id, registration.id()),
        new SimpleRequest<>(
            MessageCode.UNREGISTER, MessageCode.UNREGISTERED, answer -> null, ended));
    ended.future().onComplete(done -> registrations.remove(registration.id(), registration));
    return ended.future();
  }

  void invoke(io.tandem.protocol.message.Invocation message) throws ProtocolViolation {
    if (isPart(message)) {
      return;
    }
    Registration registration = registrations.get(message.registration());
    if (registration == null) {
      throw new ProtocolViolation("INVOCATION for registration " + message.registration());
    }
    Invocation invocation = new Invocation(this, registration, message);
    if (running.size() >= maxRunning) {
      over(invocation);
      error(invocation, new WampException(WampUri.UNAVAILABLE, Arguments.of("callee is busy")));
      return;
    }
    running.put(message.request(), invocation);
    Future<Arguments> outcome;
    try {
      outcome = Objects.requireNonNull(registration.handler().handle(invocation), "handler");
    } catch (Exception thrown) {
      outcome = Future.failedFuture(thrown);
    }
    if (invocation.wouldMissParts()) {
      outcome =
          Future.failedFuture(
              new WampException(WampUri.FEATURE_NOT_SUPPORTED, Arguments.of(ONE_PART)));
      invocation.interrupted(CancelMode.KILLNOWAIT);
    }
    outcome.onComplete(
        result -> home.run(() -> succeeded(invocation, orNone(result))),
        failure -> home.run(() -> failed(invocation, failure)));
  }

  /** Whether this is no new invocation, but more of one that is there, or was. */
  private boolean isPart(io.tandem.protocol.message.Invocation message) throws ProtocolViolation {
    long id = message.request();
    Invocation begun = running.get(id);
    if (begun == null) {
      if (!answeredEarly.contains(id)) {
        return false;
      }
      if (!message.details().is(Keys.PROGRESS)) {
        answeredEarly.remove(id);
      }
      return true;
    }
    if (!begun.awaitsParts()) {
      throw new ProtocolViolation("INVOCATION " + id + " again");
    }
    begun.received(message);
    return true;
  }

  /** No further part of it means anything. */
  private void over(Invocation invocation) {
    if (invocation.awaitsParts()) {
      answeredEarly.add(invocation.id());
      if (answeredEarly.size() > MOST_ANSWERED_EARLY) {
        answeredEarly.remove(answeredEarly.iterator().next());
      }
    }
  }

  /** A procedure without a result may complete its future with null. */
  private static Arguments orNone(@Nullable Arguments result) {
    return result == null ? Arguments.none() : result;
  }

  private void succeeded(Invocation invocation, Arguments result) {
    try {
      answer(invocation, Options.EMPTY, result);
      if (running.remove(invocation.id(), invocation)) {
        over(invocation);
      }
    } catch (RuntimeException unsendable) {
      failed(invocation, unsendable);
    }
  }

  /**
   * Sends a result or a part of one; nothing when the invocation is over.
   *
   * @throws RuntimeException when it cannot be encoded or a bound is reached
   */
  Future<Void> answer(Invocation invocation, Options options, Arguments result) {
    if (running.get(invocation.id()) != invocation) {
      return Future.failedFuture(new IllegalStateException("the invocation is over"));
    }
    return channel.write(
        channel.encode(new Yield(invocation.id(), options, result.encode(channel.serializer()))));
  }

  private void failed(Invocation invocation, Throwable failure) {
    if (!running.remove(invocation.id(), invocation)) {
      return;
    }
    over(invocation);
    if (failure instanceof WampException error) {
      error(invocation, error);
    } else if (failure instanceof LimitExceededException limit) {
      String why = String.valueOf(limit.getMessage());
      error(invocation, new WampException(WampUri.PAYLOAD_SIZE_EXCEEDED, Arguments.of(why)));
    } else {
      log.warn("procedure {} failed", invocation.procedure(), failure);
      error(invocation, new WampException(RUNTIME_ERROR));
    }
  }

  /** An answer is never dropped in silence: one that cannot even be an error ends the session. */
  private void error(Invocation invocation, WampException error) {
    channel
        .send(
            new ErrorMessage(
                MessageCode.INVOCATION,
                invocation.id(),
                Options.EMPTY,
                error.error(),
                payload(error)))
        .onFailure(
            unsendable ->
                channel.close(
                    new TransportEnd(
                        TransportEnd.Cause.LOST,
                        WebSocketTransport.NORMAL,
                        "an answer could not be sent: " + unsendable.getMessage())));
  }

  private Payload payload(WampException error) {
    try {
      return error.arguments().encode(channel.serializer());
    } catch (IllegalArgumentException unfit) {
      log.warn("arguments of {} cannot be sent", error.error(), unfit);
      return Payload.EMPTY;
    }
  }

  /** An invocation that is over, or never was, needs no interrupting (RPC-CAN-04). */
  void interrupt(Interrupt message) {
    Invocation invocation = running.get(message.request());
    if (invocation != null) {
      invocation.interrupted(CancelMode.of(message.options()));
    }
  }

  /** Interrupts what runs: nobody is left to take the answers. */
  void close() {
    List<Invocation> orphans = List.copyOf(running.values());
    running.clear();
    registrations.clear();
    orphans.forEach(invocation -> invocation.interrupted(CancelMode.KILLNOWAIT));
  }
}
