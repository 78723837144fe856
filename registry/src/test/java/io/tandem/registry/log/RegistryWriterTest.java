package io.tandem.registry.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.registry.Callee;
import io.tandem.registry.InvocationPolicy;
import io.tandem.registry.NodeId;
import io.tandem.registry.RegistrationRecord;
import io.tandem.registry.RegistryChange;
import io.tandem.registry.Resource;
import io.tandem.registry.RoutingTables;
import io.tandem.registry.Scheduler;
import io.tandem.registry.SubscriptionRecord;
import io.tandem.registry.record.LocalRouterIds;
import io.tandem.registry.record.MeddledStore;
import io.tandem.registry.record.SharedRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The one writer of a node's registry: order, failure, and what it tells its peers. */
class RegistryWriterTest {

  private static final Resource TOPIC = new Resource("realm1", MatchPolicy.EXACT, "com.a");
  private static final Resource OTHER = new Resource("realm1", MatchPolicy.EXACT, "com.b");
  private static final long SESSION = 7;
  private static final NodeId SELF = new NodeId("A", 1);
  private static final Callee CALLEE = new Callee(SELF, 0, 7, 0, false, false);

  private final MeddledStore<Resource, SubscriptionRecord> subscriptions = new MeddledStore<>();
  private final MeddledStore<Resource, RegistrationRecord> registrations = new MeddledStore<>();
  private final RoutingTables tables = new RoutingTables(SELF);
  private final List<RegistryChange> log = new ArrayList<>();
  private final Deque<Runnable> tasks = new ArrayDeque<>();
  private final RegistryLog registryLog = new RegistryLog(SELF, tables);
  private final Set<NodeId> away = new HashSet<>();
  private final List<Runnable> later = new ArrayList<>();
  private final Deque<Runnable> nextTurn = new ArrayDeque<>();
  private long now;
  private final RegistryWriter writer =
      new RegistryWriter(
          new SharedRecord(subscriptions, registrations, new LocalRouterIds(), () -> Instant.EPOCH),
          tables,
          registryLog,
          tasks::add,
          new Later(),
          away::contains);

  RegistryWriterTest() {
    NodeId reader = new NodeId("reader", 1);
    registryLog.opened(
        reader,
        (sequence, change) -> {
          log.add(change);
          tasks.add(() -> registryLog.acknowledged(reader, sequence));
        });
  }

  /** Time that passes when the test says so. */
  private final class Later implements Scheduler {
    @Override
    public long nanoTime() {
      return now;
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
      if (delay.toNanos() == 1) {
        nextTurn.add(task);
        return () -> {};
      }
      later.add(
          () -> {
            now += delay.toNanos();
            task.run();
          });
      return () -> {};
    }
  }

  private void timePasses() {
    settle();
    List<Runnable> due = List.copyOf(later);
    later.clear();
    due.forEach(Runnable::run);
    settle();
  }

  private void settle() {
    turn();
    while (!nextTurn.isEmpty()) {
      nextTurn.remove().run();
      turn();
    }
  }

  /** What the loop does before it looks at anything else. */
  private void turn() {
    while (!tasks.isEmpty()) {
      tasks.remove().run();
    }
  }

  @AfterEach
  void nothingIsUnderWay() {
    settle();
    assertThat(writer).extracting("wishes.busy", MAP).isEmpty();
    assertThat(registryLog).extracting("waiting", MAP).isEmpty();
  }

  @Test
  void onlyTheFirstAndTheLastLaneAreToldToThePeers() {
    CompletionStage<Long> first = writer.subscribe(TOPIC, 0, SESSION);
    CompletionStage<Long> second = writer.subscribe(TOPIC, 3, SESSION);
    settle();
    assertThat(first).isCompletedWithValue(1L);
    assertThat(second).isCompletedWithValue(1L);
    assertThat(lanes()).isEqualTo(0b1001);
    writer.unsubscribe(TOPIC, 0, SESSION);
    settle();
    assertThat(log).containsExactly(new RegistryChange.InterestGained(TOPIC));
    writer.unsubscribe(TOPIC, 3, SESSION);
    settle();
    assertThat(lanes()).isZero();
    assertThat(log).last().isEqualTo(new RegistryChange.InterestLost(TOPIC));
  }

  @Test
  void wishesAboutOneResourceAreServedInTheOrderInWhichTheyCame() {
    List<String> answers = new ArrayList<>();
    writer.subscribe(TOPIC, 0, SESSION).thenAccept(id -> answers.add("subscribed " + id));
    writer.unsubscribe(TOPIC, 0, SESSION).thenAccept(done -> answers.add("unsubscribed"));
    writer.subscribe(TOPIC, 0, SESSION).thenAccept(id -> answers.add("subscribed " + id));
    settle();
    assertThat(answers).containsExactly("subscribed 1", "unsubscribed", "subscribed 2");
    assertThat(lanes()).isEqualTo(1);
  }

  @Test
  void sessionThatAsksForMuchIsWaitedForByNobodyElse() {
    List<Long> answered = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      writer.subscribe(topic(i), 0, SESSION).thenAccept(id -> answered.add(SESSION));
    }
    writer.subscribe(OTHER, 0, 8).thenAccept(id -> answered.add(8L));
    Callee callee = new Callee(SELF, 0, 9, 0, false, false);
    writer.register(TOPIC, InvocationPolicy.SINGLE, callee).thenAccept(o -> answered.add(9L));
    settle();
    assertThat(answered).hasSize(10_002);
    assertThat(answered.indexOf(8L)).isLessThanOrEqualTo(2 * Wishes.AT_ONCE);
    assertThat(answered.indexOf(9L)).isLessThanOrEqualTo(2 * Wishes.AT_ONCE);
  }

  @Test
  void loopComesRoundHoweverManyWishesThereAre() {
    List<Long> answered = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      writer.subscribe(topic(i), 0, SESSION).thenAccept(answered::add);
    }
    turn();
    assertThat(answered).as("before anybody else had a turn").hasSize(Wishes.PER_TURN);
    nextTurn.remove().run();
    turn();
    assertThat(answered).hasSize(2 * Wishes.PER_TURN);
    settle();
    assertThat(answered).hasSize(10_000);
  }

  @Test
  void sessionsThatAskForMuchAreServedInTurn() {
    List<Long> answered = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      long session = i < 500 ? 1 : i < 900 ? 2 : 3;
      writer.subscribe(topic(i), 0, session).thenAccept(id -> answered.add(session));
    }
    settle();
    assertThat(answered.subList(2 * Wishes.AT_ONCE, 2 * Wishes.AT_ONCE + 90))
        .satisfies(some -> assertThat(Collections.frequency(some, 1L)).isBetween(29, 31))
        .satisfies(some -> assertThat(Collections.frequency(some, 2L)).isBetween(29, 31))
        .satisfies(some -> assertThat(Collections.frequency(some, 3L)).isBetween(29, 31));
  }

  @Test
  void whoWaitsForAVerdictTakesNobodysPlace() {
    NodeId gone = new NodeId("gone", 1);
    away.add(gone);
    for (int i = 0; i < 2 * Wishes.AT_ONCE; i++) {
      Callee there = new Callee(gone, 0, 5, 0, false, false);
      registrations.putIfAbsent(
          topic(i), RegistrationRecord.first(i, Instant.EPOCH, InvocationPolicy.SINGLE, there));
      writer.register(topic(i), InvocationPolicy.SINGLE, CALLEE);
    }
    CompletionStage<Long> other = writer.subscribe(OTHER, 0, 8);
    settle();
    assertThat(other).isCompleted();
    away.clear();
    timePasses();
  }

  private static Resource topic(int number) {
    return new Resource("realm1", MatchPolicy.EXACT, "com.topic" + number);
  }

  @Test
  void answerWaitsForThePeersAndHoldsUpNobodyElse() {
    NodeId peer = new NodeId("B", 1);
    registryLog.opened(peer, (sequence, change) -> {});
    CompletionStage<SharedRecord.Outcome> registered =
        writer.register(TOPIC, InvocationPolicy.SINGLE, CALLEE);
    CompletionStage<SharedRecord.Outcome> refused =
        writer.register(TOPIC, InvocationPolicy.SINGLE, CALLEE);
    settle();
    assertThat(registered).isNotCompleted();
    assertThat(refused)
        .isCompletedWithValueMatching(
            outcome ->
                outcome instanceof SharedRecord.Outcome.Refused refusal
                    && refusal
                        .reason()
                        .equals("this session has registered the procedure already"));
    registryLog.acknowledged(peer, 1);
    assertThat(registered).isCompleted();
  }

  @Test
  void failureOfTheStoreIsTheAnswerAndTheNextWishIsServed() {
    subscriptions.lostAnswer = new IllegalStateException("no answer");
    CompletionStage<Long> failed = writer.subscribe(TOPIC, 0, SESSION);
    CompletionStage<Long> next = writer.subscribe(TOPIC, 1, SESSION);
    settle();
    assertThat(failed).isCompletedExceptionally();
    assertThat(next).isCompleted();
    assertThat(lanes()).isEqualTo(0b10);
  }

  @Test
  void failureIsAnsweredBeforeItIsUndoneAndTheNextWishWaits() {
    subscriptions.lostAnswer = new IllegalStateException("no answer");
    subscriptions.meddlers.add(
        () -> subscriptions.lostRead = new IllegalStateException("no answer to the undoing"));
    CompletionStage<Long> failed = writer.subscribe(TOPIC, 0, SESSION);
    CompletionStage<Long> next = writer.subscribe(TOPIC, 1, SESSION);
    settle();
    assertThat(failed).isCompletedExceptionally();
    assertThat(next).isNotCompleted();

    timePasses();
    assertThat(next).isCompleted();
    assertThat(lanes()).isEqualTo(0b10);
  }

  @Test
  void storeThatThrowsAtOnceIsAFailureLikeAnyOther() {
    subscriptions.thrown = new IllegalStateException("defect");
    CompletionStage<Long> failed = writer.subscribe(TOPIC, 0, SESSION);
    CompletionStage<Long> elsewhere = writer.subscribe(OTHER, 0, SESSION);
    settle();
    assertThat(failed).isCompletedExceptionally();
    assertThat(elsewhere).isCompletedExceptionally();
    subscriptions.thrown = null;
    CompletionStage<Long> next = writer.subscribe(TOPIC, 0, SESSION);
    settle();
    assertThat(next).isCompleted();
  }

  @Test
  void calleeWhoseRegistrationIsInDoubtIsTakenBackFromTheRecord() {
    registrations.lostAnswer = new IllegalStateException("no answer, although it is done");
    CompletionStage<SharedRecord.Outcome> failed =
        writer.register(TOPIC, InvocationPolicy.SINGLE, CALLEE);
    settle();
    assertThat(failed).isCompletedExceptionally();
    assertThat(registrations.get(TOPIC)).isCompletedWithValue(null);
    assertThat(log).isEmpty();
  }

  @Test
  void furtherWishThatFailsLeavesTheFirstInTheRecord() {
    writer.register(TOPIC, InvocationPolicy.ROUNDROBIN, CALLEE);
    settle();
    registrations.lostRead = new IllegalStateException("no answer");
    CompletionStage<SharedRecord.Outcome> failed =
        writer.register(TOPIC, InvocationPolicy.ROUNDROBIN, CALLEE);
    settle();
    assertThat(failed).isCompletedExceptionally();
    assertThat(registrations.get(TOPIC))
        .isCompletedWithValueMatching(record -> record != null && record.of(CALLEE) != null);
  }

  /**
   * A snapshot that begins with the entry of a pattern counts it in and reads it from the tables.
   */
  @Test
  void entryIsInTheTablesWhenThePeersAreToldOfIt() {
    List<RegistryChange> found = new ArrayList<>();
    NodeId other = new NodeId("other", 1);
    registryLog.opened(
        other, (sequence, change) -> tables.slice(SELF).forEachRemaining(found::add));
    writer.subscribe(TOPIC, 0, SESSION);
    settle();
    assertThat(found).containsExactly(new RegistryChange.InterestGained(TOPIC));
    registryLog.unreachable(other);
  }

  @Test
  void interestInDoubtIsTakenBackFromTheRecord() {
    subscriptions.lostAnswer = new IllegalStateException("no answer, although it is done");
    CompletionStage<Long> failed = writer.subscribe(TOPIC, 0, SESSION);
    settle();
    assertThat(failed).isCompletedExceptionally();
    assertThat(subscriptions.get(TOPIC)).isCompletedWithValue(null);
    assertThat(lanes()).isZero();
  }

  @Test
  void calleeThatLeavesIsOutOfTheTablesBeforeTheAnswer() {
    writer.register(TOPIC, InvocationPolicy.SINGLE, CALLEE);
    settle();
    assertThat(tables.realm("realm1").procedure("com.a")).isNotNull();
    CompletionStage<?> gone = writer.unregister(TOPIC, 1, CALLEE);
    gone.thenRun(() -> assertThat(tables.realm("realm1").procedure("com.a")).isNull());
    settle();
    assertThat(gone).isCompleted();
    assertThat(registrations.get(TOPIC)).isCompletedWithValue(null);
  }

  private long lanes() {
    long[] lanes = new long[1];
    tables.realm("realm1").interested("com.a", interest -> lanes[0] |= interest.lanes());
    return lanes[0];
  }

  @Test
  void wishToRegisterWaitsForHoldersThatAreAway() {
    NodeId gone = new NodeId("B", 1);
    away.add(gone);
    RegistrationRecord held =
        RegistrationRecord.first(
            9, Instant.EPOCH, InvocationPolicy.SINGLE, new Callee(gone, 0, 8, 0, false, false));
    registrations.putIfAbsent(TOPIC, held);
    CompletionStage<SharedRecord.Outcome> wish =
        writer.register(TOPIC, InvocationPolicy.SINGLE, CALLEE);
    timePasses();
    assertThat(wish).isNotCompleted();
    registrations.remove(TOPIC, held);
    timePasses();
    assertThat(wish).isCompletedWithValueMatching(SharedRecord.Outcome.Settled.class::isInstance);
  }

  @Test
  void wishToRegisterDoesNotWaitForEver() {
    NodeId gone = new NodeId("B", 1);
    away.add(gone);
    RegistrationRecord held =
        RegistrationRecord.first(
            9, Instant.EPOCH, InvocationPolicy.SINGLE, new Callee(gone, 0, 8, 0, false, false));
    registrations.putIfAbsent(TOPIC, held);
    CompletionStage<SharedRecord.Outcome> wish =
        writer.register(TOPIC, InvocationPolicy.SINGLE, CALLEE);
    for (int i = 0; i < 100; i++) {
      timePasses();
    }
    assertThat(wish).isCompletedWithValueMatching(SharedRecord.Outcome.Refused.class::isInstance);
  }

  @Test
  void entryOfTheSessionThatAnEarlierWishLeftBehindIsTakenOver() {
    registrations.putIfAbsent(
        TOPIC, RegistrationRecord.first(9, Instant.EPOCH, InvocationPolicy.SINGLE, CALLEE));
    CompletionStage<SharedRecord.Outcome> wish =
        writer.register(TOPIC, InvocationPolicy.SINGLE, CALLEE);
    settle();
    assertThat(wish).isCompletedWithValueMatching(SharedRecord.Outcome.Settled.class::isInstance);
    assertThat(log)
        .containsExactly(new RegistryChange.CalleeAdded(TOPIC, 9, InvocationPolicy.SINGLE, CALLEE));
  }

  @Test
  void nodePutsBackWhatTheRecordHasLost() {
    CompletionStage<Long> subscribed = writer.subscribe(OTHER, 0, SESSION);
    writer.register(TOPIC, InvocationPolicy.ROUNDROBIN, CALLEE);
    settle();
    RegistrationRecord held = registrations.get(TOPIC).toCompletableFuture().join();
    registrations.remove(TOPIC, held);
    subscriptions.remove(OTHER, subscriptions.get(OTHER).toCompletableFuture().join());
    CompletionStage<?> done = writer.assertAgain();
    settle();
    assertThat(done).isCompleted();
    assertThat(registrations.get(TOPIC).toCompletableFuture().join()).isEqualTo(held);
    assertThat(subscriptions.get(OTHER).toCompletableFuture().join())
        .satisfies(
            record -> {
              assertThat(record.id()).isEqualTo(subscribed.toCompletableFuture().join());
              assertThat(record.nodes()).containsExactly(SELF);
            });
  }
}
