package io.tandem.registry.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.registry.InvocationPolicy;
import io.tandem.registry.RegistrationRecord;
import io.tandem.registry.RegistryChange;
import io.tandem.registry.record.SharedRecords;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** A record that fails the writer of a node, or has lost what it wrote. */
class RegistryFailureTest extends OneWriter {

  @Test
  void failureOfTheStoreIsTheAnswerAndTheNextWishIsServed() {
    subscriptions.lostAnswer = new IllegalStateException("no answer");
    CompletionStage<Long> failed = subscribe(TOPIC, 0, SESSION);
    CompletionStage<Long> next = subscribe(TOPIC, 1, SESSION);
    runAll();
    assertThat(failed).isCompletedExceptionally();
    assertThat(next).isCompleted();
    assertThat(lanes()).isEqualTo(0b10);
  }

  @Test
  void failureIsAnsweredBeforeItIsUndoneAndTheNextWishWaits() {
    subscriptions.lostAnswer = new IllegalStateException("no answer");
    subscriptions.meddlers.add(
        () -> subscriptions.lostRead = new IllegalStateException("no answer to the undoing"));
    CompletionStage<Long> failed = subscribe(TOPIC, 0, SESSION);
    CompletionStage<Long> next = subscribe(TOPIC, 1, SESSION);
    runAll();
    assertThat(failed).isCompletedExceptionally();
    assertThat(next).isNotCompleted();

    timePasses();
    assertThat(next).isCompleted();
    assertThat(lanes()).isEqualTo(0b10);
  }

  @Test
  void storeThatThrowsAtOnceIsAFailureLikeAnyOther() {
    subscriptions.thrown = new IllegalStateException("defect");
    CompletionStage<Long> failed = subscribe(TOPIC, 0, SESSION);
    CompletionStage<Long> elsewhere = subscribe(OTHER, 0, SESSION);
    runAll();
    assertThat(failed).isCompletedExceptionally();
    assertThat(elsewhere).isCompletedExceptionally();
    subscriptions.thrown = null;
    CompletionStage<Long> next = subscribe(TOPIC, 0, SESSION);
    runAll();
    assertThat(next).isCompleted();
  }

  @Test
  void calleeWhoseRegistrationIsInDoubtIsTakenBackFromTheRecord() {
    registrations.lostAnswer = new IllegalStateException("no answer, although it is done");
    CompletionStage<SharedRecords.Outcome> failed =
        writer.register(TOPIC, InvocationPolicy.SINGLE, CALLEE);
    runAll();
    assertThat(failed).isCompletedExceptionally();
    assertThat(registrations.get(TOPIC)).isCompletedWithValue(null);
    assertThat(log).isEmpty();
  }

  @Test
  void furtherWishThatFailsLeavesTheFirstInTheRecord() {
    writer.register(TOPIC, InvocationPolicy.ROUNDROBIN, CALLEE);
    runAll();
    registrations.lostRead = new IllegalStateException("no answer");
    CompletionStage<SharedRecords.Outcome> failed =
        writer.register(TOPIC, InvocationPolicy.ROUNDROBIN, CALLEE);
    runAll();
    assertThat(failed).isCompletedExceptionally();
    assertThat(registrations.get(TOPIC))
        .isCompletedWithValueMatching(record -> record != null && record.of(CALLEE) != null);
  }

  @Test
  void interestInDoubtIsTakenBackFromTheRecord() {
    subscriptions.lostAnswer = new IllegalStateException("no answer, although it is done");
    CompletionStage<Long> failed = subscribe(TOPIC, 0, SESSION);
    runAll();
    assertThat(failed).isCompletedExceptionally();
    assertThat(subscriptions.get(TOPIC)).isCompletedWithValue(null);
    assertThat(lanes()).isZero();
  }

  @Test
  void entryOfTheSessionThatAnEarlierWishLeftBehindIsTakenOver() {
    registrations.putIfAbsent(
        TOPIC, RegistrationRecord.first(9, Instant.EPOCH, InvocationPolicy.SINGLE, CALLEE));
    CompletionStage<SharedRecords.Outcome> wish =
        writer.register(TOPIC, InvocationPolicy.SINGLE, CALLEE);
    runAll();
    assertThat(wish).isCompletedWithValueMatching(SharedRecords.Outcome.Settled.class::isInstance);
    assertThat(log)
        .containsExactly(new RegistryChange.CalleeAdded(TOPIC, 9, InvocationPolicy.SINGLE, CALLEE));
  }

  @Test
  void nodePutsBackWhatTheRecordHasLost() {
    CompletionStage<Long> subscribed = subscribe(OTHER, 0, SESSION);
    writer.register(TOPIC, InvocationPolicy.ROUNDROBIN, CALLEE);
    runAll();
    RegistrationRecord held = registrations.get(TOPIC).toCompletableFuture().join();
    registrations.remove(TOPIC, held);
    subscriptions.remove(OTHER, subscriptions.get(OTHER).toCompletableFuture().join());
    CompletionStage<?> done = writer.assertAgain();
    runAll();
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
