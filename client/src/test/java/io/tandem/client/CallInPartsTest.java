package io.tandem.client;

import static io.tandem.testing.Patience.await;
import static io.tandem.testing.Patience.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.client.ScriptedRouter.Conversation;
import io.tandem.protocol.message.Cancel;
import io.tandem.protocol.message.CancelMode;
import io.tandem.protocol.message.ErrorMessage;
import io.tandem.protocol.message.Interrupt;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.MessageCode;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.Publish;
import io.tandem.protocol.message.Register;
import io.tandem.protocol.message.Registered;
import io.tandem.protocol.message.Result;
import io.tandem.protocol.message.Yield;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

/** Calls whose arguments come in parts: what a caller sends, and what a callee is given. */
class CallInPartsTest extends AgainstScriptedRouter {

  private static final Options MORE = Options.of(Keys.PROGRESS, true);

  private Conversation open() {
    return router.open(
        vertx, router.options(), "call_canceling", "progressive_call_invocations", "call_timeout");
  }

  private static Call call(Conversation open) {
    return open.session()
        .startCall(
            "com.example.sum",
            Arguments.of(1),
            CallOptions.DEFAULT.withParts().withTimeout(Duration.ofMinutes(1)));
  }

  private static io.tandem.protocol.message.Call next(Conversation open) {
    return open.peer().expect(io.tandem.protocol.message.Call.class);
  }

  @Test
  void partsAreCallsOfOneIdWhoseLastOneSaysSo() {
    Conversation open = open();
    Call call = call(open);
    await(call.part(Arguments.of(2)));
    await(call.lastPart(Arguments.of(3)));
    io.tandem.protocol.message.Call first = next(open);
    assertThat(first.options().is(Keys.PROGRESS)).isTrue();
    assertThat(first.options().get(Keys.TIMEOUT)).isEqualTo(60_000L);
    io.tandem.protocol.message.Call second = next(open);
    assertThat(second)
        .isEqualTo(
            new io.tandem.protocol.message.Call(
                first.request(), MORE, "com.example.sum", second.payload()));
    assertThat(second.payload().args()).isEqualTo(List.of(2L));
    io.tandem.protocol.message.Call last = next(open);
    assertThat(last.request()).isEqualTo(first.request());
    assertThat(last.options().isEmpty()).isTrue();
    open.peer().send(new Result(first.request(), Options.EMPTY, json(6)));
    assertThat(await(call.result()).args()).isEqualTo(List.of(6L));
  }

  @Test
  void partTakesNoIdOfItsOwn() {
    Conversation open = open();
    Call call = call(open);
    call.part(Arguments.of(2));
    open.session().call("com.example.other", Arguments.none());
    long first = next(open).request();
    next(open);
    assertThat(next(open).request()).isEqualTo(first + 1);
  }

  @Test
  void nothingFollowsTheLastPart() {
    Conversation open = open();
    Call call = call(open);
    call.lastPart(Arguments.of(2));
    assertThat(failure(call.part(Arguments.of(3)))).isInstanceOf(IllegalStateException.class);
    assertThat(failure(call.lastPart(Arguments.of(3)))).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void callThatWasNotStartedInPartsHasNone() {
    Conversation open = open();
    Call call = open.session().startCall("com.example.sum", Arguments.of(1), CallOptions.DEFAULT);
    assertThat(failure(call.part(Arguments.of(2)))).isInstanceOf(IllegalStateException.class);
    assertThat(next(open).options().isEmpty()).isTrue();
  }

  @Test
  void callThatIsOverTakesNoPart() {
    Conversation open = open();
    Call call = call(open);
    open.peer().send(new Result(next(open).request(), Options.EMPTY, json("enough")));
    await(call.result());
    assertThat(failure(call.part(Arguments.of(2)))).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void callThatIsCancelledTakesNoPart() {
    Conversation open = open();
    Call call = call(open);
    next(open);
    call.cancel(CancelMode.KILL);
    open.peer().expect(Cancel.class);
    assertThat(failure(call.part(Arguments.of(2)))).isInstanceOf(IllegalStateException.class);
    assertThat(call.result().isComplete()).isFalse();
  }

  @Test
  void partThatCannotBeSentLeavesTheCallAsItIs() {
    Conversation open = open();
    Call call = call(open);
    assertThat(failure(call.lastPart(Arguments.of(new byte[17 << 20]))))
        .isInstanceOf(LimitExceededException.class);
    await(call.lastPart(Arguments.of(2)));
    next(open);
    assertThat(next(open).payload().args()).isEqualTo(List.of(2L));
  }

  @Test
  void routerThatDoesNotTakePartsIsSentNone() {
    Conversation open = router.open(vertx, router.options(), "call_canceling");
    assertThat(failure(call(open).result())).hasMessage("wamp.error.feature_not_supported");
    open.session().publish("com.example.next", Arguments.none());
    assertThat(open.peer().expect(Publish.class).request()).isEqualTo(1);
  }

  @Test
  void callThatHasTimedOutHereTakesNoPart() {
    Conversation open =
        router.open(vertx, router.options(), "call_canceling", "progressive_call_invocations");
    Call call =
        open.session()
            .startCall(
                "com.example.sum",
                Arguments.of(1),
                CallOptions.DEFAULT.withParts().withTimeout(Duration.ofMillis(1)));
    assertThat(failure(call.result())).hasMessage("wamp.error.timeout");
    assertThat(failure(call.part(Arguments.of(2)))).isInstanceOf(IllegalStateException.class);
  }

  // ---- the callee ----

  private void register(Conversation open, ProcedureHandler handler) {
    Future<Registration> registered = open.session().register("com.example.sum", handler);
    Register register = open.peer().expect(Register.class);
    open.peer().send(new Registered(register.request(), 5));
    await(registered);
  }

  private static void invoke(Conversation open, long request, Options details, Object... args) {
    open.peer().send(new io.tandem.protocol.message.Invocation(request, 5, details, json(args)));
  }

  /** The sum of all parts, and how many there were. */
  private static Future<Arguments> sum(Invocation invocation) {
    List<Long> numbers = new ArrayList<>(List.of(invocation.arguments().arg(0, Long.class)));
    Promise<Arguments> sum = Promise.promise();
    invocation.onPart(
        part -> {
          numbers.add(part.arguments().arg(0, Long.class));
          if (part.isLast()) {
            sum.complete(
                Arguments.of(numbers.stream().mapToLong(Long::longValue).sum(), numbers.size()));
          }
        });
    return sum.future();
  }

  @Test
  void calleeIsGivenThePartsInOrderUntilTheLast() {
    Conversation open = open();
    register(open, CallInPartsTest::sum);
    invoke(open, 1, MORE, 1);
    invoke(open, 2, MORE, 10);
    invoke(open, 1, MORE, 2);
    invoke(open, 1, Options.of(Keys.PROGRESS, false), 3);
    invoke(open, 2, Options.EMPTY, 20);
    Yield first = open.peer().expect(Yield.class);
    assertThat(first.request()).isEqualTo(1);
    assertThat(first.payload().args()).isEqualTo(List.of(6L, 3L));
    assertThat(open.peer().expect(Yield.class).payload().args()).isEqualTo(List.of(30L, 2L));
  }

  @Test
  void procedureThatDoesNotTakePartsAnswersSo() {
    Conversation open = open();
    Promise<CancelMode> interrupted = Promise.promise();
    register(
        open,
        invocation -> {
          invocation.onInterrupt(interrupted::complete);
          return Promise.<Arguments>promise().future();
        });
    invoke(open, 1, MORE, 1);
    ErrorMessage error = open.peer().expect(ErrorMessage.class);
    assertThat(error.error()).isEqualTo("wamp.error.feature_not_supported");
    assertThat(error.requestType()).isEqualTo(MessageCode.INVOCATION);
    assertThat(await(interrupted.future())).isEqualTo(CancelMode.KILLNOWAIT);
    invoke(open, 1, MORE, 2);
    invoke(open, 1, Options.EMPTY, 3);
    invoke(open, 2, Options.EMPTY, 4);
    open.peer().send(new Interrupt(2, Options.EMPTY));
    assertThat(open.session().closed().isComplete()).isFalse();
  }

  @Test
  void partsThatCrossAnAnswerMeanNothing() {
    Conversation open = open();
    BlockingQueue<CallPart> parts = new LinkedBlockingQueue<>();
    register(
        open,
        invocation -> {
          invocation.onPart(parts::add);
          return Future.succeededFuture(Arguments.of("early"));
        });
    invoke(open, 1, MORE, 1);
    assertThat(open.peer().expect(Yield.class).payload().args()).isEqualTo(List.of("early"));
    invoke(open, 1, MORE, 2);
    invoke(open, 1, Options.EMPTY, 3);
    invoke(open, 2, Options.EMPTY, 4);
    assertThat(open.peer().expect(Yield.class).request()).isEqualTo(2);
    assertThat(parts).isEmpty();
  }

  @Test
  void invocationWithoutPartsThatComesAgainEndsTheSession() {
    Conversation open = open();
    register(open, invocation -> Promise.<Arguments>promise().future());
    invoke(open, 1, Options.EMPTY, 1);
    invoke(open, 1, Options.EMPTY, 1);
    assertThat(await(open.session().closed()).kind())
        .isEqualTo(CloseReason.Kind.PROTOCOL_VIOLATION);
  }

  @Test
  void partBehindTheLastOneEndsTheSession() {
    Conversation open = open();
    register(
        open,
        invocation -> {
          invocation.onPart(part -> {});
          return Promise.<Arguments>promise().future();
        });
    invoke(open, 1, MORE, 1);
    invoke(open, 1, Options.EMPTY, 2);
    invoke(open, 1, MORE, 3);
    assertThat(await(open.session().closed()).kind())
        .isEqualTo(CloseReason.Kind.PROTOCOL_VIOLATION);
  }

  @Test
  void handlerOfPartsThatFailsHarmsNobodyElse() {
    Conversation open = open();
    Promise<Arguments> outcome = Promise.promise();
    register(
        open,
        invocation -> {
          invocation.onPart(
              part -> {
                if (part.isLast()) {
                  outcome.complete(part.arguments());
                } else {
                  throw new IllegalStateException("a part that nobody expected");
                }
              });
          return outcome.future();
        });
    invoke(open, 1, MORE, 1);
    invoke(open, 1, MORE, 2);
    invoke(open, 1, Options.EMPTY, 3);
    assertThat(open.peer().expect(Yield.class).payload().args()).isEqualTo(List.of(3L));
  }
}
