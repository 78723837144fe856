package io.tandem.client;

import io.tandem.client.CloseReason.Kind;
import io.tandem.client.TransportEnd.Cause;
import io.tandem.protocol.codec.ProtocolViolation;
import io.tandem.protocol.message.Abort;
import io.tandem.protocol.message.ErrorMessage;
import io.tandem.protocol.message.Goodbye;
import io.tandem.protocol.message.Interrupt;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.MessageCode;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.Publish;
import io.tandem.protocol.message.Published;
import io.tandem.protocol.message.Registered;
import io.tandem.protocol.message.Result;
import io.tandem.protocol.message.Subscribed;
import io.tandem.protocol.message.Unregistered;
import io.tandem.protocol.message.Unsubscribed;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.message.Welcome;
import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.protocol.uri.WampUri;
import io.tandem.protocol.wire.Payload;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A WAMP session: calls and registers procedures, publishes and subscribes to topics.
 *
 * <p>It lives on one event loop context: the caller's of {@link #connect} where it has one.
 * Handlers run there, futures complete there, and neither may block. Every method may be called
 * from any thread; what one thread asks for is sent in that order.
 *
 * <p>When the session ends, whatever is pending fails with {@link SessionClosedException}, which
 * tells why. It does not reconnect.
 */
public final class ClientSession {

  private final HomeContext home;
  private final ClientOptions options;
  private final MessageChannel channel;
  private final Welcome welcome;
  private final Requests requests;
  private final Caller caller;
  private final Callee callee;
  private final Subscriber subscriber;
  private final Promise<CloseReason> closed;

  /** Why the session is over, from the moment that is decided; null while it is open. */
  private @Nullable CloseReason ending;

  /**
   * Opens a transport and a session on it.
   *
   * @return fails with {@link TransportException} when there is no way to the router, and with
   *     {@link WampException} when the router refuses the session
   */
  public static Future<ClientSession> connect(Vertx vertx, ClientOptions options) {
    HomeContext home = HomeContext.of(vertx);
    return home.call(
        () ->
            ClientTransport.open(vertx, options.transport())
                .compose(transport -> Opening.start(home, options, transport)));
  }

  ClientSession(HomeContext home, ClientOptions options, MessageChannel channel, Welcome welcome) {
    this.home = home;
    this.options = options;
    this.channel = channel;
    this.welcome = welcome;
    this.requests = new Requests(channel, options.maxPending());
    this.caller = new Caller(home, channel, requests, welcome.details());
    this.callee = new Callee(home, channel, requests, options.maxPending());
    this.subscriber = new Subscriber(home, requests);
    this.closed = home.promise();
    channel.listener(new Inbound());
  }

  /** The session's ID. */
  public long id() {
    return welcome.session();
  }

  /** What the router said about itself and about us: roles, authid, authrole. */
  public Options details() {
    return welcome.details();
  }

  /** Calls a procedure; fails as {@link Call#result} tells. */
  public Future<Arguments> call(String procedure, Arguments arguments) {
    return call(procedure, arguments, CallOptions.DEFAULT);
  }

  /** Calls a procedure, with progress or a timeout; fails as {@link Call#result} tells. */
  public Future<Arguments> call(String procedure, Arguments arguments, CallOptions how) {
    return startCall(procedure, arguments, how).result();
  }

  /** Calls a procedure in a way that can be cancelled. */
  public Call startCall(String procedure, Arguments arguments, CallOptions how) {
    return caller.call(procedure, arguments, how);
  }

  /** Offers exactly this procedure. */
  public Future<Registration> register(String procedure, ProcedureHandler handler) {
    return register(procedure, RegisterOptions.DEFAULT, handler);
  }

  /**
   * Offers a procedure.
   *
   * @return completes when the registration is in force; fails with {@link WampException} when the
   *     router refuses it
   */
  public Future<Registration> register(
      String procedure, RegisterOptions how, ProcedureHandler handler) {
    return home.call(() -> callee.register(procedure, how, handler));
  }

  /** Withdraws a procedure; invocations that run may still answer. */
  public Future<Void> unregister(Registration registration) {
    return home.call(() -> callee.unregister(registration));
  }

  /** Asks for the events of exactly this topic. */
  public Future<Subscription> subscribe(String topic, Consumer<Event> handler) {
    return subscribe(topic, MatchPolicy.EXACT, handler);
  }

  /**
   * Asks for the events of a topic or of a pattern.
   *
   * @return completes when the subscription is in force; fails with {@link WampException} when the
   *     router refuses it
   */
  public Future<Subscription> subscribe(String topic, MatchPolicy match, Consumer<Event> handler) {
    return home.call(() -> subscriber.subscribe(topic, match, handler));
  }

  /** Ends a handler's subscription; the handler is not called any more. */
  public Future<Void> unsubscribe(Subscription subscription) {
    return home.call(() -> subscriber.unsubscribe(subscription));
  }

  /** Publishes and asks for no answer: the router drops in silence what it does not allow. */
  public Future<Void> publish(String topic, Arguments arguments) {
    return publish(topic, arguments, PublishOptions.DEFAULT);
  }

  /**
   * Publishes and asks for no answer.
   *
   * @return completes when the message is written to the socket, which is the moment to send more;
   *     fails with {@link LimitExceededException} when it was not sent
   */
  public Future<Void> publish(String topic, Arguments arguments, PublishOptions how) {
    return home.call(
        () -> {
          Payload payload = arguments.encode(channel.serializer());
          return requests.send(id -> new Publish(id, how.wire(), topic, payload));
        });
  }

  /**
   * Publishes and waits until the router has accepted it.
   *
   * @return the publication ID; fails with {@link WampException} when the router refuses
   */
  public Future<Long> publishAcknowledged(String topic, Arguments arguments, PublishOptions how) {
    return home.call(
        () -> {
          Payload payload = arguments.encode(channel.serializer());
          Options wire = how.wire().with(Keys.ACKNOWLEDGE, true);
          Promise<Long> published = Promise.promise();
          requests.send(
              id -> new Publish(id, wire, topic, payload),
              new SimpleRequest<>(
                  MessageCode.PUBLISH,
                  MessageCode.PUBLISHED,
                  answer -> ((Published) answer).publication(),
                  published));
          return published.future();
        });
  }

  /** Completes when the session has ended and its transport is gone; never fails. */
  public Future<CloseReason> closed() {
    return closed.future();
  }

  /**
   * Says GOODBYE, waits for the router's up to the close timeout, and closes the transport. What is
   * pending fails at once.
   */
  public Future<CloseReason> close() {
    home.run(
        () -> {
          if (end(new CloseReason(Kind.CLOSED, WampUri.CLOSE_REALM, ""))) {
            channel.send(new Goodbye(Options.EMPTY, WampUri.CLOSE_REALM));
            long timer = home.after(options.closeTimeout(), () -> hangUp("no GOODBYE in time"));
            closed.future().onComplete(gone -> home.cancel(timer));
          }
        });
    return closed();
  }

  /** Decides why the session ends; false when that is decided already. */
  private boolean end(CloseReason reason) {
    if (ending != null) {
      return false;
    }
    ending = reason;
    requests.close(reason);
    callee.close();
    return true;
  }

  private void hangUp(String why) {
    channel.close(new TransportEnd(Cause.CLOSED, WebSocketTransport.NORMAL, why));
  }

  /** The router's side of the conversation. */
  private final class Inbound implements MessageChannel.Listener {

    @Override
    public void onMessage(WampMessage message) throws ProtocolViolation {
      if (ending != null) {
        // After our GOODBYE everything but the router's is ignored (SES-14).
        if (message instanceof Goodbye || message instanceof Abort) {
          hangUp("session closed");
        }
      } else if (message instanceof io.tandem.protocol.message.Event event) {
        subscriber.deliver(event);
      } else if (message instanceof Result result) {
        requests.answer(result.request(), message);
      } else if (message instanceof io.tandem.protocol.message.Invocation invocation) {
        callee.invoke(invocation);
      } else if (message instanceof ErrorMessage error) {
        requests.error(error);
      } else if (message instanceof Published published) {
        requests.answer(published.request(), message);
      } else if (message instanceof Subscribed subscribed) {
        requests.answer(subscribed.request(), message);
      } else if (message instanceof Unsubscribed unsubscribed) {
        requests.answer(unsubscribed.request(), message);
      } else if (message instanceof Registered registered) {
        requests.answer(registered.request(), message);
      } else if (message instanceof Unregistered unregistered) {
        requests.answer(unregistered.request(), message);
      } else if (message instanceof Interrupt interrupt) {
        callee.interrupt(interrupt);
      } else if (message instanceof Goodbye goodbye) {
        onGoodbye(goodbye);
      } else if (message instanceof Abort abort) {
        end(reason(Kind.ABORT, abort.reason(), abort.details()));
        hangUp("session aborted");
      } else {
        throw new ProtocolViolation(message.code() + " is not for a client with a session");
      }
    }

    private void onGoodbye(Goodbye goodbye) {
      end(reason(Kind.GOODBYE, goodbye.reason(), goodbye.details()));
      channel.send(new Goodbye(Options.EMPTY, WampUri.GOODBYE_AND_OUT));
      hangUp("session closed");
    }

    private static CloseReason reason(Kind kind, String uri, Options details) {
      return new CloseReason(kind, uri, details.get(Keys.MESSAGE, ""));
    }

    @Override
    public void onViolation(ProtocolViolation violation) {
      String message = String.valueOf(violation.getMessage());
      if (end(new CloseReason(Kind.PROTOCOL_VIOLATION, WampUri.PROTOCOL_VIOLATION, message))) {
        Options details = Options.of(Keys.MESSAGE, message);
        channel.send(new Abort(details, WampUri.PROTOCOL_VIOLATION, Payload.EMPTY));
      }
      channel.close(new TransportEnd(Cause.VIOLATION, WebSocketTransport.PROTOCOL_ERROR, message));
    }

    @Override
    public void onEnd(TransportEnd end) {
      Kind kind = end.cause() == Cause.VIOLATION ? Kind.PROTOCOL_VIOLATION : Kind.TRANSPORT_LOST;
      String uri =
          kind == Kind.TRANSPORT_LOST ? "wamp.close.transport_lost" : WampUri.PROTOCOL_VIOLATION;
      end(new CloseReason(kind, uri, end.toString()));
      closed.complete(ending);
    }
  }
}
