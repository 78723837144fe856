package io.tandem.node.lanes;

import static io.tandem.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.client.Arguments;
import io.tandem.client.ClientSession;
import io.tandem.client.WampException;
import io.tandem.protocol.message.Cancel;
import io.tandem.protocol.message.ErrorMessage;
import io.tandem.protocol.message.Invocation;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.Result;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.message.Yield;
import io.tandem.protocol.uri.WampUri;
import io.tandem.testing.Conformance;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every CALL gets exactly one final answer, whatever dies (A1): the caller at one place, the callee
 * at the other. {@code -Dtandem.repeat=200} runs each test 200 times.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class OneAnswer {

  private static final String ALL_RUNS = "io.tandem.node.lanes.Run#all";
  private static final long CALLS = 40;

  /** About as long as a slow callee takes, so that either may be first. */
  private static final Duration PATIENCE = Duration.ofMillis(20);

  private final Stage stage;

  OneAnswer(Stage stage) {
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

  @ParameterizedTest
  @MethodSource(ALL_RUNS)
  @Conformance({"RPC-11", "RPC-18", "QRK-05"})
  void everyCallIsAnsweredOnceThoughTheCalleeSaysGoodbye(Run run) {
    WireSession caller = stage.joinWire(0, run.first());
    ClientSession callee = stage.join(1, run.second());
    await(
        callee.register(
            run.uri("procedure"),
            invocation -> {
              long number = invocation.arguments().arg(0, Long.class);
              if (number == CALLS / 2) {
                callee.close();
              }
              return number % 2 == 0
                  ? Future.succeededFuture()
                  : Promise.<Arguments>promise().future();
            }));

    callAll(caller, run, Options.EMPTY, request -> {});

    assertThat(answers(caller, run)).containsKeys("result", WampUri.CANCELED);
  }

  @ParameterizedTest
  @MethodSource(ALL_RUNS)
  @Conformance({"RPC-11", "RPC-18"})
  void everyCallIsAnsweredOnceThoughTheCalleesTransportIsCut(Run run) {
    WireSession caller = stage.joinWire(0, run.first());
    WireSession callee = stage.joinWire(1, run.second());
    callee.register(run.uri("procedure"));

    callAll(caller, run, Options.EMPTY, request -> {});
    for (long taken = 0; taken < CALLS / 2; taken++) {
      Invocation invocation = (Invocation) callee.next();
      if (taken % 2 == 0) {
        callee.send(new Yield(invocation.request(), Options.EMPTY, invocation.payload()));
      }
    }
    callee.cut();

    assertThat(answers(caller, run)).containsKeys("result", WampUri.CANCELED);
  }

  @ParameterizedTest
  @MethodSource(ALL_RUNS)
  @Conformance("RPC-11")
  void everyCallIsAnsweredOnceThoughItIsCanceledWhileTheCalleeAnswers(Run run) {
    WireSession caller = stage.joinWire(0, run.first());
    ClientSession callee = stage.join(1, run.second());
    await(
        callee.register(
            run.uri("procedure"),
            invocation -> {
              if (invocation.arguments().arg(0, Long.class) % 2 == 0) {
                return Future.succeededFuture();
              }
              Promise<Arguments> answer = Promise.promise();
              invocation.onInterrupt(mode -> answer.tryFail(new WampException("com.stopped")));
              return answer.future();
            }));

    List<String> modes = List.of("kill", "killnowait", "skip");
    callAll(
        caller,
        run,
        Options.EMPTY,
        request ->
            caller.send(
                new Cancel(request, Options.of(Keys.MODE, modes.get((int) (request % 3))))));

    // Mode kill hands on what the interrupted callee says, the others do not wait for it.
    assertThat(answers(caller, run)).containsKeys("com.stopped", WampUri.CANCELED);
  }

  @ParameterizedTest
  @MethodSource(ALL_RUNS)
  @Conformance("RPC-11")
  void everyCallIsAnsweredOnceThoughPatienceEndsAboutWhenTheCalleeAnswers(Run run) {
    WireSession caller = stage.joinWire(0, run.first());
    ClientSession callee = stage.join(1, run.second());
    List<Future<?>> late = new ArrayList<>();
    await(
        callee.register(
            run.uri("procedure"),
            invocation -> {
              if (invocation.arguments().arg(0, Long.class) % 2 == 1) {
                return Promise.<Arguments>promise().future();
              }
              Future<Arguments> answer = stage.later(PATIENCE).map(Arguments.none());
              late.add(answer);
              return answer;
            }));

    callAll(caller, run, Options.of(Keys.TIMEOUT, PATIENCE.toMillis()), request -> {});

    assertThat(answers(caller, run)).containsKey(WampUri.TIMEOUT);
    // Whatever the callee said too late has reached the router before this answer.
    await(Future.all(late));
    await(callee.register(run.uri("afterwards"), invocation -> Future.succeededFuture()));
    caller.call(run.uri("afterwards"), Options.EMPTY);
    assertThat(caller.next()).isInstanceOf(Result.class);
  }

  @ParameterizedTest
  @MethodSource(ALL_RUNS)
  void calleeIsToldOfACallerWhoseTransportIsCutAndGoesOn(Run run) {
    WireSession caller = stage.joinWire(0, run.first());
    ClientSession callee = stage.join(1, run.second());
    List<Future<?>> interrupted = new ArrayList<>();
    Promise<Void> lastArrived = Promise.promise();
    await(
        callee.register(
            run.uri("procedure"),
            invocation -> {
              Promise<Arguments> answer = Promise.promise();
              invocation.onInterrupt(mode -> answer.complete(Arguments.none()));
              interrupted.add(answer.future());
              if (interrupted.size() == CALLS) {
                lastArrived.complete();
              }
              return answer.future();
            }));

    callAll(caller, run, Options.EMPTY, request -> {});
    await(lastArrived.future());
    caller.cut();

    await(Future.all(interrupted));
    // Its answers to nobody did it no harm.
    await(callee.call(run.uri("procedure.none"), Arguments.none()).otherwiseEmpty());
    assertThat(callee.closed().isComplete()).isFalse();
  }

  /** Makes the calls and does something about each. */
  private static void callAll(
      WireSession caller, Run run, Options options, LongConsumer afterwards) {
    for (long number = 0; number < CALLS; number++) {
      afterwards.accept(caller.call(run.uri("procedure"), options, number));
    }
  }

  /**
   * Takes the final answers of all calls, and finds one for each and nothing more.
   *
   * @return how many there were of "result" and of each error
   */
  private Map<String, Integer> answers(WireSession caller, Run run) {
    Map<Long, String> finals = new HashMap<>();
    while (finals.size() < CALLS) {
      take(caller.next(), finals);
    }
    // A second answer to any of them would come before this one, which takes the same way.
    ClientSession witness = stage.join(1, run.second());
    await(witness.register(run.uri("witness"), invocation -> Future.succeededFuture()));
    long last = caller.call(run.uri("witness"), Options.EMPTY);
    take(caller.next(), finals);
    assertThat(finals.remove(last)).isEqualTo("result");
    Map<String, Integer> counts = new HashMap<>();
    finals.values().forEach(answer -> counts.merge(answer, 1, Integer::sum));
    return counts;
  }

  private static void take(WampMessage message, Map<Long, String> finals) {
    if (message instanceof Result result) {
      assertThat(finals.put(result.request(), "result")).isNull();
    } else {
      ErrorMessage error = (ErrorMessage) message;
      assertThat(finals.put(error.request(), error.error())).isNull();
    }
  }
}
