package io.tandem.node.lanes;

import static io.tandem.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.client.Arguments;
import io.tandem.client.CallOptions;
import io.tandem.client.ClientSession;
import io.tandem.client.RegisterOptions;
import io.tandem.client.Registration;
import io.tandem.client.WampException;
import io.tandem.protocol.message.Event;
import io.tandem.protocol.message.Invocation;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.Unregister;
import io.tandem.protocol.message.Unregistered;
import io.tandem.protocol.message.Unsubscribe;
import io.tandem.protocol.message.Unsubscribed;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.message.Yield;
import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.protocol.uri.WampUri;
import io.tandem.testing.Conformance;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Visibility (V1), silence (V2), order (O1) and one holder (X1) between sessions at two places.
 * {@code -Dtandem.repeat=200} runs each test 200 times.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class OrderAndVisibility {

  private static final String ALL_RUNS = "io.tandem.node.lanes.Run#all";

  /** Requests at once: enough for the registry writer to fall behind. */
  private static final int MANY = 90;

  private static final List<MatchPolicy> MATCHES =
      List.of(MatchPolicy.EXACT, MatchPolicy.PREFIX, MatchPolicy.WILDCARD);

  private final Stage stage;

  OrderAndVisibility(Stage stage) {
    this.stage = stage;
  }

  @AfterAll
  void stop() {
    stage.close();
  }

  @AfterEach
  void nothingIsLeft() {
    stage.leave();
  }

  // ---- V1 ----

  @ParameterizedTest
  @MethodSource(ALL_RUNS)
  @Conformance({"PS-10", "PS-PAT-02"})
  void whoIsSubscribedMissesNothingPublishedFromThenOn(Run run) {
    ClientSession subscriber = stage.join(0, run.first());
    ClientSession publisher = stage.join(1, run.second());
    Set<Long> heard = ConcurrentHashMap.newKeySet();
    Promise<Void> end = Promise.promise();
    await(subscriber.subscribe(run.uri("end"), event -> end.complete()));

    await(
        each(
            number ->
                subscriber
                    .subscribe(
                        pattern(run, number), match(number), event -> heard.add(number(event)))
                    .compose(done -> publisher.publish(uri(run, number), Arguments.of(number)))));
    publisher.publish(run.uri("end"), Arguments.none());

    // Whatever was published before this one has arrived, or never will (O1).
    await(end.future());
    assertThat(heard).hasSize(MANY);
  }

  @ParameterizedTest
  @MethodSource(ALL_RUNS)
  @Conformance("RPC-06")
  void whoIsRegisteredGetsEveryCallMadeFromThenOn(Run run) {
    ClientSession callee = stage.join(0, run.first());
    ClientSession caller = stage.join(1, run.second());

    await(
        each(
            number ->
                callee
                    .register(
                        pattern(run, number),
                        RegisterOptions.DEFAULT.withMatch(match(number)),
                        invocation -> Future.succeededFuture(invocation.arguments()))
                    .compose(done -> caller.call(uri(run, number), Arguments.of(number)))));
  }

  // ---- V2 ----

  @ParameterizedTest
  @MethodSource(ALL_RUNS)
  void afterUnsubscribedComesNoEvent(Run run) {
    WireSession subscriber = stage.joinWire(0, run.first());
    ClientSession publisher = stage.join(1, run.second());
    long stream = subscriber.subscribe(run.uri("stream"));
    long end = subscriber.subscribe(run.uri("end"));

    publish(publisher, run.uri("stream"), MANY);
    assertThat(subscriber.next()).isInstanceOf(Event.class);
    subscriber.send(new Unsubscribe(subscriber.nextRequest(), stream));
    WampMessage message;
    do {
      // More than is taken: there is always something under way.
      publish(publisher, run.uri("stream"), 20);
      message = subscriber.next();
    } while (!(message instanceof Unsubscribed));
    publisher.publish(run.uri("end"), Arguments.none());

    assertThat(((Event) subscriber.next()).subscription()).isEqualTo(end);
  }

  private static void publish(ClientSession publisher, String topic, int times) {
    for (int i = 0; i < times; i++) {
      publisher.publish(topic, Arguments.of(i));
    }
  }

  @ParameterizedTest
  @MethodSource(ALL_RUNS)
  void afterUnregisteredComesNoInvocationAndTheProcedureIsFree(Run run) {
    WireSession callee = stage.joinWire(0, run.first());
    ClientSession caller = stage.join(1, run.second());
    long stream = callee.register(run.uri("stream"));
    long end = callee.register(run.uri("end"));
    List<Future<Arguments>> calls = new ArrayList<>();

    call(caller, run.uri("stream"), calls, MANY);
    answer(callee, callee.next());
    callee.send(new Unregister(callee.nextRequest(), stream));
    WampMessage message;
    do {
      call(caller, run.uri("stream"), calls, 20);
      message = callee.next();
      answer(callee, message);
    } while (!(message instanceof Unregistered));
    await(caller.register(run.uri("stream"), invocation -> Future.succeededFuture()));
    caller.call(run.uri("end"), Arguments.none());

    assertThat(((Invocation) callee.next()).registration()).isEqualTo(end);
    // Answered by the callee, or too late for it: nobody waits in vain.
    await(Future.join(calls).otherwiseEmpty());
  }

  private static void call(
      ClientSession caller, String procedure, List<Future<Arguments>> calls, int times) {
    for (int i = 0; i < times; i++) {
      calls.add(caller.call(procedure, Arguments.of(i)));
    }
  }

  private static void answer(WireSession callee, WampMessage message) {
    if (message instanceof Invocation invocation) {
      callee.send(new Yield(invocation.request(), Options.EMPTY, invocation.payload()));
    }
  }

  // ---- O1 ----

  @ParameterizedTest
  @MethodSource(ALL_RUNS)
  @Conformance({"ORD-01", "ORD-03", "ORD-08"})
  void whatOneSessionSendsToAnotherArrivesInTheOrderSent(Run run) {
    ClientSession sender = stage.join(0, run.first());
    ClientSession receiver = stage.join(1, run.second());
    List<String> arrived = Collections.synchronizedList(new ArrayList<>());
    for (int kind = 0; kind < 3; kind++) {
      await(
          receiver.subscribe(
              pattern(run, kind), match(kind), event -> arrived.add("event " + number(event))));
      await(
          receiver.register(
              pattern(run, kind),
              RegisterOptions.DEFAULT.withMatch(match(kind)),
              invocation -> {
                String number = " " + invocation.arguments().args().get(0);
                arrived.add("call" + number);
                if (invocation.arguments().args().get(1).equals("answer")) {
                  return Future.succeededFuture(Arguments.none());
                }
                invocation.onInterrupt(mode -> arrived.add("interrupt" + number));
                return Promise.<Arguments>promise().future();
              }));
    }

    List<String> sent = new ArrayList<>();
    List<Future<Arguments>> answers = new ArrayList<>();
    for (int number = 0; number < MANY; number++) {
      String uri = uri(run, number % 3);
      String padding = "x".repeat(number % 10 == 0 ? 30_000 : 10);
      switch (number % 4) {
        case 0, 1 -> {
          sender.publish(uri, Arguments.of(number, padding));
          sent.add("event " + number);
        }
        case 2 -> {
          answers.add(sender.call(uri, Arguments.of(number, "answer", padding)));
          sent.add("call " + number);
        }
        default -> {
          sender
              .startCall(uri, Arguments.of(number, "wait", padding), CallOptions.DEFAULT)
              .cancel();
          sent.add("call " + number);
          sent.add("interrupt " + number);
        }
      }
    }
    answers.add(sender.call(uri(run, 0), Arguments.of(MANY, "answer")));
    sent.add("call " + MANY);

    await(Future.all(answers));
    assertThat(arrived).containsExactlyElementsOf(sent);
  }

  @ParameterizedTest
  @MethodSource(ALL_RUNS)
  @Conformance({"ORD-07", "ORD-08"})
  void whatACalleeSendsBackArrivesInTheOrderSent(Run run) {
    ClientSession callee = stage.join(0, run.first());
    ClientSession caller = stage.join(1, run.second());
    List<String> sent = new ArrayList<>();
    List<String> arrived = new ArrayList<>();
    await(
        callee.register(
            run.uri("answers"),
            invocation -> {
              long number = invocation.arguments().arg(0, Long.class);
              callee.publish(uri(run, (int) (number % 3)), invocation.arguments());
              sent.add("event " + number);
              if (number % 3 == 0) {
                invocation.progress(Arguments.of(number));
                sent.add("part " + number);
              }
              if (number % 2 == 0) {
                sent.add("error " + number);
                throw new WampException(run.uri("error"));
              }
              sent.add("result " + number);
              return Future.succeededFuture(invocation.arguments());
            }));
    for (int kind = 0; kind < 3; kind++) {
      await(
          caller.subscribe(
              pattern(run, kind), match(kind), event -> arrived.add("event " + number(event))));
    }

    // The calls are made on the caller's own context, so that no answer is seen too late.
    await(
        caller
            .subscribe(run.uri("end"), event -> {})
            .compose(
                ready ->
                    each(
                        number ->
                            caller
                                .call(
                                    run.uri("answers"),
                                    Arguments.of(number, "x".repeat(number % 10 == 0 ? 30_000 : 1)),
                                    CallOptions.DEFAULT.withProgress(
                                        part -> arrived.add("part " + part.args().get(0))))
                                .onSuccess(result -> arrived.add("result " + number))
                                .onFailure(error -> arrived.add("error " + number))
                                .otherwiseEmpty())));

    assertThat(arrived).containsExactlyElementsOf(sent);
  }

  // ---- X1 ----

  @ParameterizedTest
  @MethodSource(ALL_RUNS)
  @Conformance({"RPC-02", "RPC-SHR-02"})
  void ofTwoThatRegisterAtOnceOneIsRefused(Run run) {
    List<ClientSession> rivals = List.of(stage.join(0, run.first()), stage.join(1, run.second()));
    List<List<Future<Registration>>> races =
        IntStream.range(0, MANY)
            .mapToObj(
                number ->
                    rivals.stream()
                        .map(
                            rival ->
                                rival.register(
                                    run.uri("race" + number),
                                    invocation -> Future.succeededFuture()))
                        .toList())
            .toList();

    for (List<Future<Registration>> race : races) {
      await(Future.join(race).otherwiseEmpty());
      assertThat(race).filteredOn(Future::succeeded).hasSize(1);
      assertThat(race)
          .filteredOn(Future::failed)
          .singleElement()
          .extracting(refused -> ((WampException) refused.cause()).error())
          .isEqualTo(WampUri.PROCEDURE_ALREADY_EXISTS);
    }
  }

  // ---- URIs and patterns that match one of them each ----

  private static MatchPolicy match(int number) {
    return MATCHES.get(number % MATCHES.size());
  }

  private static String uri(Run run, int number) {
    return run.uri("number" + number + ".x");
  }

  private static String pattern(Run run, int number) {
    return match(number) == MatchPolicy.EXACT ? uri(run, number) : run.uri("number" + number + ".");
  }

  private static long number(io.tandem.client.Event event) {
    return event.arguments().arg(0, Long.class);
  }

  private static Future<?> each(IntFunction<Future<?>> task) {
    return Future.all(IntStream.range(0, MANY).mapToObj(task).toList());
  }
}
