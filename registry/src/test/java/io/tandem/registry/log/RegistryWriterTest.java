package io.tandem.registry.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.registry.Callee;
import io.tandem.registry.InvocationPolicy;
import io.tandem.registry.NodeId;
import io.tandem.registry.RegistrationRecord;
import io.tandem.registry.RegistryChange;
import io.tandem.registry.record.SharedRecords;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** The one writer of a node's registry: order, failure, and what it tells the other nodes. */
class RegistryWriterTest extends OneWriter {

  @Test
  void onlyTheFirstAndTheLastLaneAreToldToTheNodes() {
    CompletionStage<Long> first = subscribe(TOPIC, 0, SESSION);
    CompletionStage<Long> second = subscribe(TOPIC, 3, SESSION);
    runAll();
    assertThat(first).isCompletedWithValue(1L);
    assertThat(second).isCompletedWithValue(1L);
    assertThat(lanes()).isEqualTo(0b1001);
    writer.unsubscribe(TOPIC, 0, SESSION);
    runAll();
    assertThat(log).containsExactly(new RegistryChange.InterestGained(TOPIC));
    writer.unsubscribe(TOPIC, 3, SESSION);
    runAll();
    assertThat(lanes()).isZero();
    assertThat(log).last().isEqualTo(new RegistryChange.InterestLost(TOPIC));
  }

  @Test
  void wishesAboutOneResourceAreServedInTheOrderInWhichTheyCame() {
    List<String> answers = new ArrayList<>();
    subscribe(TOPIC, 0, SESSION).thenAccept(id -> answers.add("subscribed " + id));
    writer.unsubscribe(TOPIC, 0, SESSION).thenAccept(done -> answers.add("unsubscribed"));
    subscribe(TOPIC, 0, SESSION).thenAccept(id -> answers.add("subscribed " + id));
    runAll();
    assertThat(answers).containsExactly("subscribed 1", "unsubscribed", "subscribed 2");
    assertThat(lanes()).isEqualTo(1);
  }

  @Test
  void sessionThatAsksForMuchIsWaitedForByNobodyElse() {
    List<Long> answered = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      subscribe(topic(i), 0, SESSION).thenAccept(id -> answered.add(SESSION));
    }
    subscribe(OTHER, 0, 8).thenAccept(id -> answered.add(8L));
    Callee callee = new Callee(SELF, 0, 9, 0, false, false);
    writer.register(TOPIC, InvocationPolicy.SINGLE, callee).thenAccept(o -> answered.add(9L));
    runAll();
    assertThat(answered).hasSize(10_002);
    assertThat(answered.indexOf(8L)).isLessThanOrEqualTo(2 * Wishes.AT_ONCE);
    assertThat(answered.indexOf(9L)).isLessThanOrEqualTo(2 * Wishes.AT_ONCE);
  }

  @Test
  void loopComesRoundHoweverManyWishesThereAre() {
    List<Long> answered = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      subscribe(topic(i), 0, SESSION).thenAccept(answered::add);
    }
    turn();
    assertThat(answered).as("before anybody else had a turn").hasSize(Wishes.PER_TURN);
    nextTurn.remove().run();
    turn();
    assertThat(answered).hasSize(2 * Wishes.PER_TURN);
    runAll();
    assertThat(answered).hasSize(10_000);
  }

  @Test
  void sessionsThatAskForMuchAreServedInTurn() {
    List<Long> answered = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      long session = i < 500 ? 1 : i < 900 ? 2 : 3;
      subscribe(topic(i), 0, session).thenAccept(id -> answered.add(session));
    }
    runAll();
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
    CompletionStage<Long> other = subscribe(OTHER, 0, 8);
    runAll();
    assertThat(other).isCompleted();
    away.clear();
    timePasses();
  }

  @Test
  void answerWaitsForTheNodesAndHoldsUpNobodyElse() {
    NodeId otherNode = new NodeId("B", 1);
    registryLog.opened(otherNode, (sequence, change) -> {});
    CompletionStage<SharedRecords.Outcome> registered =
        writer.register(TOPIC, InvocationPolicy.SINGLE, CALLEE);
    CompletionStage<SharedRecords.Outcome> refused =
        writer.register(TOPIC, InvocationPolicy.SINGLE, CALLEE);
    runAll();
    assertThat(registered).isNotCompleted();
    assertThat(refused)
        .isCompletedWithValueMatching(
            outcome ->
                outcome instanceof SharedRecords.Outcome.Refused refusal
                    && refusal
                        .reason()
                        .equals("this session has registered the procedure already"));
    registryLog.acknowledged(otherNode, 1);
    assertThat(registered).isCompleted();
  }

  /**
   * A snapshot that begins with the entry of a pattern counts it in and reads it from the tables.
   */
  @Test
  void entryIsInTheTablesWhenTheNodesAreToldOfIt() {
    List<RegistryChange> found = new ArrayList<>();
    NodeId other = new NodeId("other", 1);
    registryLog.opened(
        other, (sequence, change) -> tables.slice(SELF).forEachRemaining(found::add));
    subscribe(TOPIC, 0, SESSION);
    runAll();
    assertThat(found).containsExactly(new RegistryChange.InterestGained(TOPIC));
    registryLog.unreachable(other);
  }

  @Test
  void calleeThatLeavesIsOutOfTheTablesBeforeTheAnswer() {
    writer.register(TOPIC, InvocationPolicy.SINGLE, CALLEE);
    runAll();
    assertThat(tables.realm("realm1").procedure("com.a")).isNotNull();
    CompletionStage<?> gone = writer.unregister(TOPIC, 1, CALLEE);
    gone.thenRun(() -> assertThat(tables.realm("realm1").procedure("com.a")).isNull());
    runAll();
    assertThat(gone).isCompleted();
    assertThat(registrations.get(TOPIC)).isCompletedWithValue(null);
  }

  @Test
  void wishToRegisterWaitsForHoldersThatAreAway() {
    NodeId gone = new NodeId("B", 1);
    away.add(gone);
    RegistrationRecord held =
        RegistrationRecord.first(
            9, Instant.EPOCH, InvocationPolicy.SINGLE, new Callee(gone, 0, 8, 0, false, false));
    registrations.putIfAbsent(TOPIC, held);
    CompletionStage<SharedRecords.Outcome> wish =
        writer.register(TOPIC, InvocationPolicy.SINGLE, CALLEE);
    timePasses();
    assertThat(wish).isNotCompleted();
    registrations.remove(TOPIC, held);
    timePasses();
    assertThat(wish).isCompletedWithValueMatching(SharedRecords.Outcome.Settled.class::isInstance);
  }

  @Test
  void wishToRegisterDoesNotWaitForEver() {
    NodeId gone = new NodeId("B", 1);
    away.add(gone);
    RegistrationRecord held =
        RegistrationRecord.first(
            9, Instant.EPOCH, InvocationPolicy.SINGLE, new Callee(gone, 0, 8, 0, false, false));
    registrations.putIfAbsent(TOPIC, held);
    CompletionStage<SharedRecords.Outcome> wish =
        writer.register(TOPIC, InvocationPolicy.SINGLE, CALLEE);
    for (int i = 0; i < 100; i++) {
      timePasses();
    }
    assertThat(wish).isCompletedWithValueMatching(SharedRecords.Outcome.Refused.class::isInstance);
  }
}
