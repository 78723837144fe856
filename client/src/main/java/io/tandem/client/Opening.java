package io.tandem.client;

import io.tandem.client.TransportEnd.Cause;
import io.tandem.protocol.codec.ProtocolViolation;
import io.tandem.protocol.message.Abort;
import io.tandem.protocol.message.Authenticate;
import io.tandem.protocol.message.Challenge;
import io.tandem.protocol.message.Hello;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.message.Welcome;
import io.tandem.protocol.uri.WampUri;
import io.tandem.protocol.wire.Payload;
import io.vertx.core.Future;
import io.vertx.core.Promise;

/** From HELLO to WELCOME, or to the reason why there is none. Belongs to the session's context. */
final class Opening implements MessageChannel.Listener {

  private final HomeContext home;
  private final ClientOptions options;
  private final MessageChannel channel;
  private final Promise<ClientSession> opened;
  private final long timer;

  /** Says HELLO on an open transport. */
  static Future<ClientSession> start(
      HomeContext home, ClientOptions options, ClientTransport transport) {
    Opening opening = new Opening(home, options, transport);
    opening.send(opening.hello());
    return opening.opened.future();
  }

  private Opening(HomeContext home, ClientOptions options, ClientTransport transport) {
    this.home = home;
    this.options = options;
    this.opened = home.promise();
    this.channel = new MessageChannel(transport, options.transport(), this);
    this.timer = home.after(options.helloTimeout(), this::late);
  }

  private Hello hello() {
    ClientAuthentication who = options.authentication();
    Options details =
        Options.of(Keys.ROLES, Features.roles())
            .with(Keys.AGENT, "tandem-client")
            .with(Keys.AUTHMETHODS, who.methods())
            .withNullable(Keys.AUTHID, who.authid())
            .withNullable(Keys.AUTHEXTRA, who.extra().isEmpty() ? null : who.extra());
    return new Hello(options.realm(), details);
  }

  private void send(WampMessage message) {
    channel
        .send(message)
        .onFailure(failure -> fail(new TransportException("cannot open a session", failure)));
  }

  @Override
  public void onMessage(WampMessage message) throws ProtocolViolation {
    if (opened.future().isComplete()) {
      return;
    }
    if (message instanceof Welcome welcome) {
      home.cancel(timer);
      opened.complete(new ClientSession(home, options, channel, welcome));
    } else if (message instanceof Challenge challenge) {
      answer(challenge);
    } else if (message instanceof Abort abort) {
      fail(refusal(abort));
    } else {
      throw new ProtocolViolation(message.code() + " before WELCOME");
    }
  }

  private void answer(Challenge challenge) {
    Future<Authenticate> answer;
    try {
      answer = options.authentication().onChallenge(challenge);
    } catch (RuntimeException thrown) {
      answer = Future.failedFuture(thrown);
    }
    answer.onComplete(
        proof -> home.run(() -> proven(proof)),
        failure -> home.run(() -> abort(WampUri.AUTHENTICATION_FAILED, failure)));
  }

  private void proven(Authenticate proof) {
    if (!opened.future().isComplete()) {
      send(proof);
    }
  }

  private static WampException refusal(Abort abort) {
    String message = abort.details().get(Keys.MESSAGE);
    return new WampException(
        abort.reason(),
        message == null ? Arguments.received(abort.payload()) : Arguments.of(message));
  }

  private void late() {
    abort(WampUri.TIMEOUT, new TransportException("no WELCOME in " + options.helloTimeout()));
  }

  @Override
  public void onViolation(ProtocolViolation violation) {
    String message = String.valueOf(violation.getMessage());
    abort(
        WampUri.PROTOCOL_VIOLATION,
        new WampException(WampUri.PROTOCOL_VIOLATION, Arguments.of(message)));
  }

  /** Tells the router why nothing comes of it; the transport is closed behind. */
  private void abort(String reason, Throwable cause) {
    if (!opened.future().isComplete()) {
      channel.send(new Abort(Options.EMPTY, reason, Payload.EMPTY));
      fail(cause);
    }
  }

  private void fail(Throwable cause) {
    if (opened.tryFail(cause)) {
      home.cancel(timer);
      channel.close(
          new TransportEnd(Cause.CLOSED, WebSocketTransport.NORMAL, "session not opened"));
    }
  }

  @Override
  public void onEnd(TransportEnd end) {
    fail(new TransportException("the transport ended before WELCOME: " + end.reason()));
  }
}
