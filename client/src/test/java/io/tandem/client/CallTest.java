package io.tandem.client;

import static io.tandem.testing.Patience.await;
import static io.tandem.testing.Patience.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.client.ScriptedRouter.Conversation;
import io.tandem.protocol.message.Call;
import io.tandem.protocol.message.Cancel;
import io.tandem.protocol.message.CancelMode;
import io.tandem.protocol.message.ErrorMessage;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.MessageCode;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.Publish;
import io.tandem.protocol.message.Result;
import io.tandem.protocol.wire.Payload;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

/** What a caller sends, and what it is told. */
class CallTest extends AgainstScriptedRouter {

  @Test
  void errorFailsTheCallWithItsUriAndArguments() {
    Conversation open = router.open(vertx);
    Future<Arguments> result = open.session().call("com.example.none", Arguments.none());
    Call call = open.peer().expect(Call.class);
    open.peer()
        .send(
            new ErrorMessage(
                MessageCode.CALL,
                call.request(),
                Options.EMPTY,
                "wamp.error.no_such_procedure",
                json("no one offers it")));
    WampException error = (WampException) failure(result);
    assertThat(error.error()).isEqualTo("wamp.error.no_such_procedure");
    assertThat(error.arguments().args()).isEqualTo(List.of("no one offers it"));
    assertThat(error).hasMessage("wamp.error.no_such_procedure: no one offers it");
  }

  @Test
  void partialResultsComeBeforeTheFinalOne() {
    Conversation open = router.open(vertx);
    BlockingQueue<Arguments> parts = new LinkedBlockingQueue<>();
    Future<Arguments> result =
        open.session()
            .call(
                "com.example.count",
                Arguments.none(),
                CallOptions.DEFAULT.withProgress(parts::add));
    Call call = open.peer().expect(Call.class);
    assertThat(call.options().is(Keys.RECEIVE_PROGRESS)).isTrue();
    Options progress = Options.of(Keys.PROGRESS, true);
    open.peer().send(new Result(call.request(), progress, json(1)));
    open.peer().send(new Result(call.request(), progress, json(2)));
    open.peer().send(new Result(call.request(), Options.EMPTY, json(3)));
    assertThat(await(result).args()).isEqualTo(List.of(3L));
    assertThat(parts).extracting(Arguments::args).containsExactly(List.of(1L), List.of(2L));
  }

  @Test
  void cancelledCallFailsWithWhatTheRouterAnswers() {
    Conversation open = router.open(vertx);
    io.tandem.client.Call call =
        open.session().startCall("com.example.slow", Arguments.none(), CallOptions.DEFAULT);
    long request = open.peer().expect(Call.class).request();
    call.cancel(CancelMode.KILL);
    Cancel cancel = open.peer().expect(Cancel.class);
    assertThat(cancel.request()).isEqualTo(request);
    assertThat(cancel.options().get(Keys.MODE)).isEqualTo("kill");
    open.peer()
        .send(
            new ErrorMessage(
                MessageCode.CALL, request, Options.EMPTY, "wamp.error.canceled", Payload.EMPTY));
    assertThat(failure(call.result())).hasMessage("wamp.error.canceled");
  }

  @Test
  void routerThatDoesNotCancelIsNotAskedTo() {
    Conversation open = router.open(vertx, router.options());
    io.tandem.client.Call call =
        open.session().startCall("com.example.slow", Arguments.none(), CallOptions.DEFAULT);
    long request = open.peer().expect(Call.class).request();
    call.cancel();
    assertThat(failure(call.result())).hasMessage("wamp.error.canceled");
    open.peer().send(new Result(request, Options.EMPTY, json("late")));
    open.session().publish("com.example.still_open", Arguments.none());
    assertThat(open.peer().expect(Publish.class).topic()).isEqualTo("com.example.still_open");
  }

  @Test
  void routerThatKeepsTimeIsToldTheTimeout() {
    Conversation open = router.open(vertx);
    CallOptions options = CallOptions.DEFAULT.withTimeout(Duration.ofMillis(1500));
    open.session().call("com.example.slow", Arguments.none(), options);
    assertThat(open.peer().expect(Call.class).options().get(Keys.TIMEOUT)).isEqualTo(1500);
  }

  @Test
  void timeoutIsKeptHereWhereTheRouterKeepsNone() {
    Conversation open = router.open(vertx, router.options(), "call_canceling");
    CallOptions options = CallOptions.DEFAULT.withTimeout(Duration.ofMillis(1));
    Future<Arguments> result = open.session().call("com.example.slow", Arguments.none(), options);
    assertThat(open.peer().expect(Call.class).options().isEmpty()).isTrue();
    assertThat(failure(result)).hasMessage("wamp.error.timeout");
    assertThat(open.peer().expect(Cancel.class).options().get(Keys.MODE)).isEqualTo("killnowait");
  }
}
