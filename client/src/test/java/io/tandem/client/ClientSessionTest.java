package io.tandem.client;

import static io.tandem.testing.Patience.await;
import static io.tandem.testing.Patience.failure;
import static io.tandem.testing.Patience.take;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.client.CloseReason.Kind;
import io.tandem.client.ScriptedRouter.Conversation;
import io.tandem.client.ScriptedRouter.Peer;
import io.tandem.client.ScriptedRouter.Wire;
import io.tandem.protocol.message.Abort;
import io.tandem.protocol.message.Call;
import io.tandem.protocol.message.Cancel;
import io.tandem.protocol.message.ErrorMessage;
import io.tandem.protocol.message.Goodbye;
import io.tandem.protocol.message.Interrupt;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.MessageCode;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.Publish;
import io.tandem.protocol.message.Published;
import io.tandem.protocol.message.Register;
import io.tandem.protocol.message.Registered;
import io.tandem.protocol.message.Result;
import io.tandem.protocol.message.Subscribe;
import io.tandem.protocol.message.Subscribed;
import io.tandem.protocol.message.Unregister;
import io.tandem.protocol.message.Unregistered;
import io.tandem.protocol.message.Unsubscribe;
import io.tandem.protocol.message.Unsubscribed;
import io.tandem.protocol.message.Yield;
import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.protocol.wire.Payload;
import io.tandem.protocol.wire.Serializer;
import io.tandem.testing.DrivesVertx;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DrivesVertx
class ClientSessionTest {

  private static final Arguments SOME = Arguments.of(1, "two", List.of(3)).with("four", true);

  private Vertx vertx;
  private ScriptedRouter router;

  @BeforeEach
  void listen(Vertx vertx) {
    this.vertx = vertx;
    router = ScriptedRouter.webSocket(vertx, Serializer.JSON);
  }

  @AfterEach
  void stop() {
    router.close();
  }

  static List<Wire> wires() {
    return ScriptedRouter.wires();
  }

  private static Payload json(Object... args) {
    return Payload.encode(Serializer.JSON, List.of(args), Map.of());
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

  @Test
  void eventsReachTheHandlerUntilItIsUnsubscribed() {
    Conversation open = router.open(vertx);
    BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    Subscription subscription = subscribe(open, "com.example.", MatchPolicy.PREFIX, events, 7);
    assertThat(subscription.id()).isEqualTo(7);
    Options topic = Options.of(Keys.TOPIC, "com.example.weather").with(Keys.PUBLISHER, 12L);
    open.peer().send(new io.tandem.protocol.message.Event(7, 99, topic, json("rain")));
    Event event = take(events, "event");
    assertThat(event.topic()).isEqualTo("com.example.weather");
    assertThat(event.publication()).isEqualTo(99);
    assertThat(event.publisher()).isEqualTo(12);
    assertThat(event.arguments().args()).isEqualTo(List.of("rain"));

    Future<Void> gone = open.session().unsubscribe(subscription);
    Unsubscribe unsubscribe = open.peer().expect(Unsubscribe.class);
    open.peer().send(new io.tandem.protocol.message.Event(7, 100, topic, json("crossing")));
    open.peer().send(new Unsubscribed(unsubscribe.request(), Options.EMPTY));
    await(gone);
    assertThat(events).isEmpty();
  }

  private static Subscription subscribe(
      Conversation open, String topic, MatchPolicy match, BlockingQueue<Event> events, long id) {
    Future<Subscription> subscribed = open.session().subscribe(topic, match, events::add);
    Subscribe subscribe = open.peer().expect(Subscribe.class);
    assertThat(subscribe.topic()).isEqualTo(topic);
    assertThat(subscribe.options().get(Keys.MATCH, "exact")).isEqualTo(match.wireName());
    open.peer().send(new Subscribed(subscribe.request(), id));
    return await(subscribed);
  }

  @Test
  void handlersOfOneTopicShareTheSubscriptionUntilTheLastLeaves() {
    Conversation open = router.open(vertx);
    BlockingQueue<Event> first = new LinkedBlockingQueue<>();
    BlockingQueue<Event> second = new LinkedBlockingQueue<>();
    Subscription one = subscribe(open, "com.example.t", MatchPolicy.EXACT, first, 7);
    Subscription two = await(open.session().subscribe("com.example.t", second::add));
    await(open.session().unsubscribe(one));
    open.peer().send(new io.tandem.protocol.message.Event(7, 1, Options.EMPTY, json("x")));
    assertThat(take(second, "event").topic()).isEqualTo("com.example.t");
    assertThat(first).isEmpty();
    open.session().unsubscribe(two);
    assertThat(open.peer().expect(Unsubscribe.class).subscription()).isEqualTo(7);
  }

  @Test
  void handlerThatThrowsHarmsNobodyElse() {
    Conversation open = router.open(vertx);
    BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    Subscription subscription = subscribe(open, "com.example.t", MatchPolicy.EXACT, events, 7);
    await(
        open.session()
            .subscribe(
                "com.example.t",
                event -> {
                  throw new IllegalStateException("handler");
                }));
    open.peer().send(new io.tandem.protocol.message.Event(7, 1, Options.EMPTY, json(1)));
    open.peer().send(new io.tandem.protocol.message.Event(7, 2, Options.EMPTY, json(2)));
    assertThat(take(events, "event").publication()).isEqualTo(1);
    assertThat(take(events, "event").publication()).isEqualTo(2);
    assertThat(subscription.topic()).isEqualTo("com.example.t");
  }

  @Test
  void refusedSubscriptionCanBeAskedForAgain() {
    Conversation open = router.open(vertx);
    Future<Subscription> refused = open.session().subscribe("com.example.t", event -> {});
    Subscribe subscribe = open.peer().expect(Subscribe.class);
    open.peer()
        .send(
            new ErrorMessage(
                MessageCode.SUBSCRIBE,
                subscribe.request(),
                Options.EMPTY,
                "wamp.error.not_authorized",
                Payload.EMPTY));
    assertThat(failure(refused)).hasMessage("wamp.error.not_authorized");
    subscribe(open, "com.example.t", MatchPolicy.EXACT, new LinkedBlockingQueue<>(), 8);
  }

  @Test
  void acknowledgedPublicationTellsItsId() {
    Conversation open = router.open(vertx);
    Future<Long> published =
        open.session()
            .publishAcknowledged("com.example.t", SOME, PublishOptions.DEFAULT.withMyself());
    Publish publish = open.peer().expect(Publish.class);
    assertThat(publish.options().is(Keys.ACKNOWLEDGE)).isTrue();
    assertThat(publish.options().get(Keys.EXCLUDE_ME)).isFalse();
    open.peer().send(new Published(publish.request(), 123));
    assertThat(await(published)).isEqualTo(123);
  }

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
