package io.tandem.node.cluster;

import static io.tandem.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.client.Arguments;
import io.tandem.client.Call;
import io.tandem.client.CallOptions;
import io.tandem.client.ClientSession;
import io.tandem.node.testing.TestCluster;
import io.tandem.node.testing.TestNode;
import io.tandem.protocol.message.CancelMode;
import io.tandem.testing.Conformance;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Calls in parts between clients of three nodes. */
class CallsInPartsIT {

  private static final int PARTS = 100;
  private static final int CALLS = 10;

  private static TestCluster cluster;

  @BeforeAll
  static void start() {
    cluster = TestCluster.start(3);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private static Call begin(ClientSession caller, String procedure, CallOptions how) {
    return caller.startCall(procedure, Arguments.of(0), how.withParts());
  }

  @Test
  @Conformance({"RPC-PCI-04", "RPC-PCI-12"})
  void partsReachTheCalleeInOrderAndAnswersComeMeanwhile() {
    await(
        cluster
            .node(0)
            .join()
            .register(
                "com.numbers",
                invocation -> {
                  List<Object> numbers = new ArrayList<>(invocation.arguments().args());
                  Promise<Arguments> all = Promise.promise();
                  invocation.onPart(
                      part -> {
                        numbers.addAll(part.arguments().args());
                        if (part.isLast()) {
                          all.complete(Arguments.of(numbers));
                        } else {
                          invocation.progress(part.arguments());
                        }
                      });
                  return all.future();
                }));
    List<Long> numbers = LongStream.rangeClosed(0, PARTS).boxed().toList();
    for (TestNode node : cluster.nodes()) {
      ClientSession caller = node.join();
      List<Queue<Object>> answers = new ArrayList<>();
      List<Call> calls = new ArrayList<>();
      for (int i = 0; i < CALLS; i++) {
        Queue<Object> parts = new ConcurrentLinkedQueue<>();
        answers.add(parts);
        calls.add(
            begin(
                caller,
                "com.numbers",
                CallOptions.DEFAULT.withProgress(part -> parts.addAll(part.args()))));
      }
      for (int part = 1; part < PARTS; part++) {
        Arguments number = Arguments.of(part);
        calls.forEach(call -> call.part(number));
      }
      for (int i = 0; i < CALLS; i++) {
        await(calls.get(i).lastPart(Arguments.of(PARTS)));
        assertThat(await(calls.get(i).result()).args()).containsExactly(numbers);
        assertThat(answers.get(i)).containsExactlyElementsOf(numbers.subList(1, PARTS));
      }
    }
  }

  @Test
  @Conformance({"RPC-PCI-10", "RPC-CAN-12"})
  void partsThatCrossAnAnswerOrFollowACancellationHarmNobody() {
    Promise<CancelMode> interrupted = Promise.promise();
    ClientSession callee = cluster.node(1).join();
    await(
        callee.register(
            "com.early",
            invocation -> {
              invocation.onPart(part -> {});
              return Future.succeededFuture(Arguments.of("early"));
            }));
    await(
        callee.register(
            "com.never",
            invocation -> {
              invocation.onPart(part -> {});
              invocation.onInterrupt(interrupted::tryComplete);
              return Promise.<Arguments>promise().future();
            }));
    ClientSession caller = cluster.node(2).join();
    Call early = begin(caller, "com.early", CallOptions.DEFAULT);
    for (int part = 0; part < PARTS; part++) {
      early.part(Arguments.of(part));
    }
    assertThat(await(early.result()).args()).containsExactly("early");

    Call never = begin(caller, "com.never", CallOptions.DEFAULT);
    await(never.part(Arguments.of(1)));
    never.cancel();
    assertThat(await(interrupted.future())).isEqualTo(CancelMode.KILLNOWAIT);
    assertThatThrownBy(() -> await(never.result())).hasMessageContaining("wamp.error.canceled");
    assertThat(await(begin(caller, "com.early", CallOptions.DEFAULT).result()).args())
        .containsExactly("early");
    assertThat(callee.closed().isComplete()).isFalse();
  }

  @Test
  @Conformance("RPC-PCI-03")
  void procedureThatTakesOnePartRefusesMore() {
    await(
        cluster
            .node(0)
            .join()
            .register("com.one", call -> Future.succeededFuture(call.arguments())));
    ClientSession caller = cluster.node(1).join();
    Call call = begin(caller, "com.one", CallOptions.DEFAULT);
    assertThatThrownBy(() -> await(call.result()))
        .hasStackTraceContaining("wamp.error.feature_not_supported");
    assertThat(await(caller.call("com.one", Arguments.of(1))).args()).containsExactly(1L);
  }
}
