package io.tandem.client;

import static io.tandem.testing.Patience.await;
import static io.tandem.testing.Patience.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.client.CloseReason.Kind;
import io.tandem.client.ScriptedRouter.Conversation;
import io.tandem.client.ScriptedRouter.Peer;
import io.tandem.client.ScriptedRouter.Wire;
import io.tandem.protocol.message.Abort;
import io.tandem.protocol.message.Call;
import io.tandem.protocol.message.Goodbye;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.Publish;
import io.tandem.protocol.message.Result;
import io.tandem.protocol.message.Subscribe;
import io.tandem.protocol.wire.Payload;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A session from WELCOME to its end: wires, request IDs, bounds and violations. */
class ClientSessionTest extends AgainstScriptedRouter {

  private static final Arguments SOME = Arguments.of(1, "two", List.of(3)).with("four", true);

  static List<Wire> wires() {
    return ScriptedRouter.wires();
  }

  @ParameterizedTest
  @MethodSource("wires")
  void argumentsTravelThereAndBackOverEveryWire(Wire wire) {
    try (ScriptedRouter any = wire.start(vertx)) {
      Conversation open = any.open(vertx);
      Future<Arguments> result = open.session().call("com.example.echo", SOME);
      Call call = open.peer().expect(Call.class);
      assertThat(call.procedure()).isEqualTo("com.example.echo");
      open.peer().send(new Result(call.request(), Options.EMPTY, call.payload()));
      assertThat(await(result).args()).isEqualTo(List.of(1L, "two", List.of(3L)));
      assertThat(await(result).kwargs()).isEqualTo(Map.of("four", true));
    }
  }

  @ParameterizedTest
  @MethodSource("wires")
  void messagesAboveTheUsualFrameSizeTravelOverEveryWire(Wire wire) {
    try (ScriptedRouter any = wire.start(vertx)) {
      Conversation open = any.open(vertx);
      String large = "x".repeat(200_000);
      Future<Arguments> result = open.session().call("com.example.echo", Arguments.of(large));
      Call call = open.peer().expect(Call.class);
      open.peer().send(new Result(call.request(), Options.EMPTY, call.payload()));
      assertThat(await(result).args()).isEqualTo(List.of(large));
    }
  }

  @ParameterizedTest
  @MethodSource("wires")
  void routerThatVanishesMidCallFailsItOverEveryWire(Wire wire) {
    try (ScriptedRouter any = wire.start(vertx)) {
      Conversation open = any.open(vertx);
      Future<Arguments> result = open.session().call("com.example.slow", Arguments.none());
      open.peer().expect(Call.class);
      open.peer().vanish();
      assertThat(failure(result)).isInstanceOf(SessionClosedException.class);
      assertThat(await(open.session().closed()).kind()).isEqualTo(Kind.TRANSPORT_LOST);
    }
  }

  @ParameterizedTest
  @MethodSource("wires")
  void garbageFromTheRouterEndsTheSessionWithAbort(Wire wire) {
    try (ScriptedRouter any = wire.start(vertx)) {
      Conversation open = any.open(vertx);
      open.peer().sendMessage(Buffer.buffer("%%%"));
      assertThat(open.peer().expect(Abort.class).reason())
          .isEqualTo("wamp.error.protocol_violation");
      open.peer().awaitEnd();
      assertThat(await(open.session().closed()).kind()).isEqualTo(Kind.PROTOCOL_VIOLATION);
    }
  }

  @Test
  void sessionTellsItsIdAndTheRouterDetails() {
    Conversation open = router.open(vertx);
    assertThat(open.session().id()).isEqualTo(4711);
    assertThat(open.session().details().has(Keys.ROLES)).isTrue();
  }

  @Test
  void requestIdsGrowByOneFromOne() {
    Conversation open = router.open(vertx);
    open.session().publish("com.example.a", Arguments.none());
    open.session().call("com.example.b", Arguments.none());
    open.session().subscribe("com.example.c", event -> {});
    assertThat(open.peer().expect(Publish.class).request()).isEqualTo(1);
    assertThat(open.peer().expect(Call.class).request()).isEqualTo(2);
    assertThat(open.peer().expect(Subscribe.class).request()).isEqualTo(3);
  }

  @Test
  void requestThatCannotBeEncodedLeavesNoGapInTheIds() {
    Conversation open = router.open(vertx);
    Future<Void> refused = open.session().publish("com.example.a", Arguments.of(new Object()));
    assertThat(failure(refused)).isInstanceOf(IllegalArgumentException.class);
    open.session().publish("com.example.a", Arguments.none());
    assertThat(open.peer().expect(Publish.class).request()).isEqualTo(1);
  }

  @Test
  void requestBeyondTheBoundFailsAtOnceAndTheSessionGoesOn() {
    Conversation open = router.open(vertx, router.options().withMaxPending(1));
    Future<Arguments> first = open.session().call("com.example.a", Arguments.none());
    Future<Arguments> second = open.session().call("com.example.b", Arguments.none());
    assertThat(failure(second)).isInstanceOf(LimitExceededException.class);
    Call call = open.peer().expect(Call.class);
    open.peer().send(new Result(call.request(), Options.EMPTY, json("ok")));
    assertThat(await(first).args()).isEqualTo(List.of("ok"));
  }

  @Test
  void messageBeyondTheQueueBoundFailsAtOnce() {
    ClientOptions options =
        router.options().withTransport(router.options().transport().withMaxQueuedBytes(1000));
    Conversation open = router.open(vertx, options);
    Future<Void> refused = open.session().publish("a.b", Arguments.of("x".repeat(1000)));
    assertThat(failure(refused)).isInstanceOf(LimitExceededException.class);
  }

  @Test
  void closeSaysGoodbyeAndWaitsForTheRouters() {
    Conversation open = router.open(vertx);
    Future<Arguments> pending = open.session().call("com.example.slow", Arguments.none());
    open.peer().expect(Call.class);
    Future<CloseReason> closed = open.session().close();
    assertThat(open.peer().expect(Goodbye.class).reason()).isEqualTo("wamp.close.close_realm");
    assertThat(failure(pending)).isInstanceOf(SessionClosedException.class);
    open.peer().send(new Goodbye(Options.EMPTY, "wamp.close.goodbye_and_out"));
    assertThat(open.peer().awaitEnd()).isEqualTo("1000");
    assertThat(await(closed).kind()).isEqualTo(Kind.CLOSED);
    assertThat(failure(open.session().call("com.example.late", Arguments.none())))
        .isInstanceOf(SessionClosedException.class);
  }

  @Test
  void routerThatDoesNotSayGoodbyeIsNotWaitedForLong() {
    Conversation open = router.open(vertx, router.options().withCloseTimeout(Duration.ofMillis(1)));
    assertThat(await(open.session().close()).kind()).isEqualTo(Kind.CLOSED);
  }

  @Test
  void goodbyeOfTheRouterIsAnswered() {
    Conversation open = router.open(vertx);
    Options message = Options.of(Keys.MESSAGE, "down for the night");
    open.peer().send(new Goodbye(message, "wamp.close.system_shutdown"));
    assertThat(open.peer().expect(Goodbye.class).reason()).isEqualTo("wamp.close.goodbye_and_out");
    assertThat(await(open.session().closed()))
        .isEqualTo(
            new CloseReason(Kind.GOODBYE, "wamp.close.system_shutdown", "down for the night"));
  }

  @Test
  void abortOfTheRouterIsNotAnswered() {
    Conversation open = router.open(vertx);
    open.peer().send(new Abort(Options.EMPTY, "wamp.error.protocol_violation", Payload.EMPTY));
    assertThat(open.peer().awaitEnd()).isEqualTo("1000");
    assertThat(await(open.session().closed()).kind()).isEqualTo(Kind.ABORT);
  }

  @Test
  void answerNobodyAwaitsIsAViolation() {
    Conversation open = router.open(vertx);
    open.peer().send(new Result(77, Options.EMPTY, Payload.EMPTY));
    assertThat(open.peer().expect(Abort.class).details().get(Keys.MESSAGE))
        .isEqualTo("RESULT for request 77, which does not await it");
    assertThat(open.peer().awaitEnd()).isEqualTo("1002");
  }

  @Test
  void eventWithoutSubscriptionIsAViolation() {
    Conversation open = router.open(vertx);
    open.peer().send(new io.tandem.protocol.message.Event(1, 1, Options.EMPTY, Payload.EMPTY));
    open.peer().expect(Abort.class);
  }

  @Test
  void secondWelcomeIsAViolation() {
    Conversation open = router.open(vertx);
    open.peer().send(ScriptedRouter.welcome());
    open.peer().expect(Abort.class);
  }

  @Test
  void handlersAndFuturesRunOnTheContextOfConnect() {
    Context context = vertx.getOrCreateContext();
    Promise<Context> seen = Promise.promise();
    context.runOnContext(
        here ->
            ClientSession.connect(vertx, router.options())
                .onSuccess(session -> seen.complete(Vertx.currentContext())));
    Peer peer = router.accept();
    peer.expect(io.tandem.protocol.message.Hello.class);
    peer.send(ScriptedRouter.welcome());
    assertThat(await(seen.future())).isSameAs(context);
  }

  @Test
  void requestsOfOneThreadAreSentInItsOrder() {
    Conversation open = router.open(vertx);
    for (int i = 0; i < 1000; i++) {
      open.session().publish("com.example.t", Arguments.of(i));
    }
    for (long i = 0; i < 1000; i++) {
      Publish publish = open.peer().expect(Publish.class);
      assertThat(publish.request()).isEqualTo(i + 1);
      assertThat(publish.payload().args()).isEqualTo(List.of(i));
    }
  }
}
