package io.tandem.client;

import static io.tandem.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.client.ScriptedRouter.Conversation;
import io.tandem.client.ScriptedRouter.Peer;
import io.tandem.protocol.message.CancelMode;
import io.tandem.protocol.message.ErrorMessage;
import io.tandem.protocol.message.Interrupt;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.MessageCode;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.Register;
import io.tandem.protocol.message.Registered;
import io.tandem.protocol.message.Unregister;
import io.tandem.protocol.message.Unregistered;
import io.tandem.protocol.message.Yield;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a client makes of its invocations. */
class InvocationTest extends AgainstScriptedRouter {

  private Registration register(Conversation open, ProcedureHandler handler) {
    Future<Registration> registered = open.session().register("com.example.work", handler);
    Register register = open.peer().expect(Register.class);
    open.peer().send(new Registered(register.request(), 5));
    return await(registered);
  }

  private static void invoke(Peer peer, long request, Options details, Object... args) {
    peer.send(new io.tandem.protocol.message.Invocation(request, 5, details, json(args)));
  }

  @Test
  void invocationIsAnsweredWithWhatTheHandlerMakes() {
    Conversation open = router.open(vertx);
    register(
        open,
        invocation ->
            Future.succeededFuture(Arguments.of(invocation.arguments().arg(0, Long.class) + 1)));
    invoke(open.peer(), 1, Options.EMPTY, 41);
    Yield yield = open.peer().expect(Yield.class);
    assertThat(yield.request()).isEqualTo(1);
    assertThat(yield.payload().args()).isEqualTo(List.of(42L));
  }

  @Test
  void argumentOfAnotherTypeIsTheCallersMistake() {
    Conversation open = router.open(vertx);
    register(
        open,
        invocation ->
            Future.succeededFuture(Arguments.of(invocation.arguments().arg(0, Long.class))));
    invoke(open.peer(), 1, Options.EMPTY, "text");
    ErrorMessage error = open.peer().expect(ErrorMessage.class);
    assertThat(error.error()).isEqualTo("wamp.error.invalid_argument");
    assertThat(error.payload().args()).isEqualTo(List.of("argument 0 must be a Long"));
  }

  @Test
  void failureOfTheHandlerIsNotToldToTheCaller() {
    Conversation open = router.open(vertx);
    register(
        open,
        invocation -> {
          throw new IllegalStateException("password is 1234");
        });
    invoke(open.peer(), 1, Options.EMPTY);
    ErrorMessage error = open.peer().expect(ErrorMessage.class);
    assertThat(error.requestType()).isEqualTo(MessageCode.INVOCATION);
    assertThat(error.error()).isEqualTo("wamp.error.runtime_error");
    assertThat(error.payload().isEmpty()).isTrue();
  }

  @Test
  void procedureWithoutResultAnswersWithNone() {
    Conversation open = router.open(vertx);
    register(open, invocation -> Future.succeededFuture());
    invoke(open.peer(), 1, Options.EMPTY);
    assertThat(open.peer().expect(Yield.class).payload().isEmpty()).isTrue();
  }

  @Test
  void progressGoesOnlyToCallersThatTakeIt() {
    Conversation open = router.open(vertx);
    register(
        open,
        invocation ->
            invocation
                .progress(Arguments.of("part"))
                .transform(sent -> Future.succeededFuture(Arguments.of(sent.succeeded()))));
    invoke(open.peer(), 1, Options.EMPTY);
    assertThat(open.peer().expect(Yield.class).payload().args()).isEqualTo(List.of(false));
    invoke(open.peer(), 2, Options.of(Keys.RECEIVE_PROGRESS, true));
    Yield part = open.peer().expect(Yield.class);
    assertThat(part.options().is(Keys.PROGRESS)).isTrue();
    assertThat(part.payload().args()).isEqualTo(List.of("part"));
    assertThat(open.peer().expect(Yield.class).payload().args()).isEqualTo(List.of(true));
  }

  @Test
  void interruptReachesTheHandlerAndItsAnswerTheRouter() {
    Conversation open = router.open(vertx);
    register(
        open,
        invocation -> {
          Promise<Arguments> outcome = Promise.promise();
          invocation.onInterrupt(
              mode ->
                  outcome.fail(
                      new WampException("wamp.error.canceled", Arguments.of(mode.name()))));
          return outcome.future();
        });
    invoke(open.peer(), 1, Options.EMPTY);
    open.peer().send(new Interrupt(1, Options.of(Keys.MODE, "kill")));
    ErrorMessage error = open.peer().expect(ErrorMessage.class);
    assertThat(error.error()).isEqualTo("wamp.error.canceled");
    assertThat(error.payload().args()).isEqualTo(List.of("KILL"));
    open.peer().send(new Interrupt(1, Options.of(Keys.MODE, "kill")));
    invoke(open.peer(), 2, Options.EMPTY);
  }

  @Test
  void invocationsRunningAtTheEndAreInterrupted() {
    Conversation open = router.open(vertx);
    Promise<CancelMode> interrupted = Promise.promise();
    register(
        open,
        invocation -> {
          invocation.onInterrupt(interrupted::complete);
          return Promise.<Arguments>promise().future();
        });
    invoke(open.peer(), 1, Options.EMPTY);
    open.peer().vanish();
    assertThat(await(interrupted.future())).isEqualTo(CancelMode.KILLNOWAIT);
  }

  @Test
  void invocationBeyondTheBoundIsRefused() {
    Conversation open = router.open(vertx, router.options().withMaxPending(1));
    register(open, invocation -> Promise.<Arguments>promise().future());
    invoke(open.peer(), 1, Options.EMPTY);
    invoke(open.peer(), 2, Options.EMPTY);
    ErrorMessage error = open.peer().expect(ErrorMessage.class);
    assertThat(error.request()).isEqualTo(2);
    assertThat(error.error()).isEqualTo("wamp.error.unavailable");
  }

  @Test
  void invocationThatCrossesUnregisterIsStillAnswered() {
    Conversation open = router.open(vertx);
    Registration registration =
        register(open, invocation -> Future.succeededFuture(Arguments.of("still here")));
    Future<Void> gone = open.session().unregister(registration);
    Unregister unregister = open.peer().expect(Unregister.class);
    invoke(open.peer(), 1, Options.EMPTY);
    open.peer().send(new Unregistered(unregister.request(), Options.EMPTY));
    assertThat(open.peer().expect(Yield.class).payload().args()).isEqualTo(List.of("still here"));
    await(gone);
  }
}
