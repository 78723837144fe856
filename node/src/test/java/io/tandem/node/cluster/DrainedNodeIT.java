package io.tandem.node.cluster;

import static io.tandem.testing.Patience.await;
import static io.tandem.testing.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.client.Arguments;
import io.tandem.client.ClientSession;
import io.tandem.client.Invocation;
import io.tandem.client.PublishOptions;
import io.tandem.client.RegisterOptions;
import io.tandem.client.WampException;
import io.tandem.node.testing.TestCluster;
import io.tandem.node.testing.TestNode;
import io.tandem.testing.Conformance;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node of several that is asked to go (D1): clients of the others do not notice. */
class DrainedNodeIT {

  private static final RegisterOptions SHARED =
      RegisterOptions.DEFAULT.withInvoke(RegisterOptions.Invoke.ROUNDROBIN);

  private static TestCluster cluster;

  private TestNode leaver;
  private ClientSession stayer;
  private ClientSession other;

  @BeforeAll
  static void start() {
    cluster = TestCluster.start(2);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @BeforeEach
  void join() {
    leaver = cluster.join();
    cluster.untilAgreed(3);
    stayer = cluster.node(0).join();
    other = cluster.node(1).join();
  }

  @AfterEach
  void leave() {
    await(stayer.close());
    await(other.close());
    cluster.leave(leaver);
  }

  @Test
  @Conformance("RPC-11")
  void noCallFailsThatAnotherCalleeCouldTake() {
    for (ClientSession callee : Stream.of(leaver.join(), stayer, leaver.join()).toList()) {
      await(callee.register("com.shared", SHARED, this::echo));
    }
    await(stayer.register("com.sole", this::echo));
    AtomicBoolean enough = new AtomicBoolean();
    AtomicInteger answered = new AtomicInteger();
    Future<?> shared = callUntil(enough, "com.shared", answered);
    Future<?> sole = callUntil(enough, "com.sole", answered);
    until("calls are under way", () -> answered.get() > 20);

    await(leaver.node().stop());
    int before = answered.get();
    until("calls go on", () -> answered.get() > before + 20);
    enough.set(true);

    await(shared);
    await(sole);
  }

  /** One call after the other, a few at a time; fails with the first that fails. */
  private Future<?> callUntil(AtomicBoolean enough, String procedure, AtomicInteger answered) {
    return Future.all(
        Stream.generate(() -> callAgain(enough, procedure, answered)).limit(8).toList());
  }

  private Future<Arguments> callAgain(
      AtomicBoolean enough, String procedure, AtomicInteger answered) {
    return other
        .call(procedure, Arguments.of(answered.incrementAndGet()))
        .compose(
            answer ->
                enough.get()
                    ? Future.succeededFuture(answer)
                    : callAgain(enough, procedure, answered));
  }

  /** Takes longer than it takes to withdraw the callee: calls are under way all the time. */
  private Future<Arguments> echo(Invocation invocation) {
    return leaver.clients().timer(200, TimeUnit.MILLISECONDS).map(answer -> invocation.arguments());
  }

  @Test
  void callOfAProcedureThatMovesIsAnsweredOrToldThatItIsUnavailable() {
    ClientSession leaving = leaver.join();
    await(
        leaving.register(
            "com.moves", invocation -> Future.succeededFuture(invocation.arguments())));
    AtomicBoolean enough = new AtomicBoolean();
    AtomicInteger answered = new AtomicInteger();
    Set<String> errors = ConcurrentHashMap.newKeySet();
    Future<?> calls =
        Future.all(
            Stream.of(stayer, other)
                .map(caller -> callWhateverComes(caller, enough, answered, errors))
                .toList());
    until("calls are under way", () -> answered.get() > 20);

    Future<Void> stopped = leaver.node().stop();
    await(leaving.closed());
    await(
        stayer.register("com.moves", invocation -> Future.succeededFuture(invocation.arguments())));
    int before = answered.get();
    until("calls go on", () -> answered.get() > before + 20);
    enough.set(true);
    await(calls);

    assertThat(errors).isSubsetOf("wamp.error.unavailable");
    await(stopped);
  }

  private Future<Object> callWhateverComes(
      ClientSession caller, AtomicBoolean enough, AtomicInteger answered, Set<String> errors) {
    return caller
        .call("com.moves", Arguments.none())
        .onSuccess(answer -> answered.incrementAndGet())
        .onFailure(
            failure ->
                errors.add(
                    failure instanceof WampException error ? error.error() : failure.toString()))
        .transform(
            answer ->
                enough.get()
                    ? Future.<Object>succeededFuture()
                    : callWhateverComes(caller, enough, answered, errors));
  }

  @Test
  @Conformance("RPC-11")
  void callsThatCrossAreAnsweredBeforeTheirSessionsLeave() {
    ClientSession leaving = leaver.join();
    Promise<Arguments> theirs = Promise.promise();
    Promise<Arguments> ours = Promise.promise();
    Future<Arguments> fromLeaver = underWay(leaving, stayer, "com.theirs", theirs);
    Future<Arguments> toLeaver = underWay(stayer, leaver.join(), "com.ours", ours);

    Future<Void> stopped = leaver.node().stop();
    until("the others know", () -> isDraining(cluster.node(0)) && isDraining(cluster.node(1)));
    theirs.complete(Arguments.of("theirs"));
    assertThat(await(fromLeaver)).isEqualTo(Arguments.of("theirs"));
    ours.complete(Arguments.of("ours"));

    assertThat(await(toLeaver)).isEqualTo(Arguments.of("ours"));
    await(stopped);
  }

  private static boolean isDraining(TestNode node) {
    return node.members().stream()
        .anyMatch(member -> Boolean.TRUE.equals(member.getBoolean("draining")));
  }

  /** The call, when the callee has got its invocation. */
  private static Future<Arguments> underWay(
      ClientSession caller, ClientSession callee, String procedure, Promise<Arguments> answer) {
    Promise<Void> invoked = Promise.promise();
    await(
        callee.register(
            procedure,
            invocation -> {
              invoked.complete();
              return answer.future();
            }));
    Future<Arguments> result = caller.call(procedure, Arguments.none());
    await(invoked.future());
    return result;
  }

  @Test
  @Conformance("PS-10")
  void whatWasPublishedOnItReachesSubscribersElsewhere() {
    int many = 5_000;
    AtomicInteger heard = new AtomicInteger();
    await(stayer.subscribe("com.topic", event -> heard.incrementAndGet()));
    ClientSession publisher = leaver.join();
    for (int i = 1; i < many; i++) {
      publisher.publish("com.topic", Arguments.of("x".repeat(100)));
    }
    await(publisher.publishAcknowledged("com.topic", Arguments.none(), PublishOptions.DEFAULT));

    await(leaver.node().stop());

    until("all is heard", () -> heard.get() == many);
  }
}
