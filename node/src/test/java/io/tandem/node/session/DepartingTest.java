package io.tandem.node.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.cluster.delivery.CallAddress;
import io.tandem.cluster.delivery.Delivery;
import io.tandem.cluster.delivery.LaneAddress;
import io.tandem.node.router.CloseCause;
import io.tandem.protocol.message.CancelMode;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a session ends that the node wants to go, and what it may still do until then. */
class DepartingTest extends OneClient {

  @Test
  void sessionIsACalleeWhileItHoldsARegistrationAndBusyWhileACallIsUnderWay() {
    assertThat(machine.isCallee()).isFalse();
    assertThat(machine.isBusy()).isFalse();
    receive(ANONYMOUS);
    assertThat(machine.isCallee()).isFalse();
    receive("[64,1,{},\"com.add\"]");
    assertThat(machine.isCallee()).isTrue();
    assertThat(machine.isBusy()).isFalse();
    receive("[48,2,{},\"com.add\"]");
    assertThat(machine.isBusy()).isTrue();
    receive("[70,1,{}]");
    assertThat(machine.isBusy()).isFalse();
    assertThat(sent()).last().isEqualTo("[50,2,{}]");
  }

  @Test
  void departingSessionIsClosedInTheTurnOfItsLastAnswer() {
    receive(ANONYMOUS);
    receive("[64,1,{},\"com.add\"]");
    receive("[48,2,{},\"com.add\"]");
    sent();
    machine.departure().begin();
    runTasks();
    machine.departure().turned();
    receive("[48,3,{},\"com.add\"]");
    assertThat(sent()).singleElement().asString().startsWith("[8,48,3,{},\"wamp.error.");
    assertThat(transport.closedFor).isNull();
    assertThat(transport.readsNoMore).as("it owes an answer").isFalse();
    receive("[70,1,{}]");
    assertThat(sent()).containsExactly("[50,2,{}]");
    machine.departure().turned();
    assertThat(transport.closedFor).isEqualTo(CloseCause.NODE_LEAVES);
  }

  @Test
  void sessionMayMoveThatIsIdleAndThatNobodyCalls() {
    assertThat(machine.departure().movableSince()).as("no session").isEmpty();
    receive(ANONYMOUS);
    assertThat(machine.departure().movableSince()).isPresent();
    receive("[64,1,{},\"com.add\"]");
    assertThat(machine.departure().movableSince()).as("a callee").isEmpty();
    receive("[66,2,1]");
    receiveOnly("[32,3,{},\"com.b\"]");
    assertThat(machine.departure().movableSince()).as("it waits for an answer").isEmpty();
    runTasks();
    assertThat(machine.departure().movableSince()).isPresent();
    machine.departure().move();
    assertThat(machine.departure().movableSince()).as("it leaves").isEmpty();
    runTasks();
    machine.departure().turned();
    assertThat(transport.closedFor).isEqualTo(CloseCause.REBALANCED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[64,2,{},\"com.b\"]", "[66,2,1]", "[32,2,{},\"com.b\"]"})
  void departingSessionIsClosedWhenWhatItAskedForIsAnswered(String request) {
    receive(ANONYMOUS);
    receive("[64,1,{},\"com.a\"]");
    sent();
    receiveOnly(request);
    machine.departure().begin();
    machine.departure().turned();
    assertThat(transport.closedFor).isNull();
    runTasks();
    assertThat(sent()).hasSize(1);
    machine.departure().turned();
    assertThat(transport.closedFor).isEqualTo(CloseCause.NODE_LEAVES);
  }

  /** Who was skipped may go on for as long as it likes; nobody waits for that. */
  @Test
  void departingSessionDoesNotStayForACallThatWasGivenUp() {
    String features = "{'call_canceling':true,'progressive_call_results':true}";
    String hello = "[1,'realm1',{'roles':{'callee':{'features':" + features + "}}}]";
    receive(hello.replace('\'', '"'));
    receive("[64,1,{},\"com.add\"]");
    receive("[48,2,{\"receive_progress\":true},\"com.add\"]");
    receive("[49,2,{\"mode\":\"skip\"}]");
    machine.departure().begin();
    runTasks();
    assertThat(transport.closedFor).isEqualTo(CloseCause.NODE_LEAVES);
  }

  @Test
  void departingSessionTakesNoRegistration() {
    receive(ANONYMOUS);
    receiveOnly("[64,1,{},\"com.a\"]");
    machine.departure().begin();
    receive("[64,2,{},\"com.b\"]");
    assertThat(sent())
        .filteredOn(message -> message.startsWith("[8,64,"))
        .hasSize(2)
        .allMatch(message -> message.contains("wamp.error.unavailable"));
  }

  @Test
  void departingSessionIsClosedWhenWhatWasReadFromItIsTreated() {
    receive(ANONYMOUS);
    sent();
    transport.behind = true;
    machine.departure().begin();
    runTasks();
    machine.departure().turned();
    assertThat(transport.closedFor).isNull();
    assertThat(transport.readsNoMore).isTrue();
    receive("[16,1,{\"acknowledge\":true},\"com.a\"]");
    assertThat(sent()).hasSize(1);
    transport.behind = false;
    machine.departure().turned();
    assertThat(transport.closedFor).isEqualTo(CloseCause.NODE_LEAVES);
  }

  @Test
  void departingSessionTakesWhatIsOnItsWayBeforeItIsClosed() {
    receive(ANONYMOUS);
    receive("[64,1,{},\"com.add\"]");
    receive("[48,2,{},\"com.add\"]");
    machine.departure().begin();
    runTasks();
    sendFromAnotherLane();
    receiveOnly("[70,1,{}]");
    machine.departure().turned();
    assertThat(transport.closedFor).isNull();
    runTasks();
    machine.departure().turned();
    assertThat(transport.closedFor).isEqualTo(CloseCause.NODE_LEAVES);
  }

  @Test
  void departingSessionIsClosedInTheEndHoweverMuchIsOnItsWay() {
    receive(ANONYMOUS);
    receive("[64,1,{},\"com.add\"]");
    receive("[48,2,{},\"com.add\"]");
    machine.departure().begin();
    runTasks();
    sendFromAnotherLane();
    receiveOnly("[70,1,{}]");
    for (int look = 0; look < 10; look++) {
      machine.departure().turned();
      assertThat(transport.closedFor).isNull();
      runTasks();
      sendFromAnotherLane();
      time.pass(Duration.ofMillis(20));
    }
    machine.departure().turned();
    assertThat(transport.closedFor).isEqualTo(CloseCause.NODE_LEAVES);
    runTasks();
  }

  private void sendFromAnotherLane() {
    LaneAddress other = new LaneAddress(router.self(), 1);
    router.receive(
        0,
        new Delivery.Cancel("realm1", new CallAddress(other, 7), CancelMode.SKIP, "com.reason"),
        () -> {});
  }

  @Test
  void helloThatWasTakenIsAnsweredBeforeTheTransportDeparts() {
    receiveOnly(ANONYMOUS);
    machine.departure().begin();
    assertThat(transport.closedFor).isNull();
    runTasks();
    isWelcomedAndDepartsThen();
  }

  private void isWelcomedAndDepartsThen() {
    assertThat(sent()).singleElement().asString().startsWith("[2,");
    machine.departure().begin();
    runTasks();
    assertThat(transport.closedFor).isEqualTo(CloseCause.NODE_LEAVES);
  }

  @Test
  void proofThatWasTakenIsJudgedBeforeTheTransportDeparts() {
    From.VERIFYING.reach(this);
    sent();
    machine.departure().begin();
    assertThat(transport.closedFor).isNull();
    answer(slow.accept());
    isWelcomedAndDepartsThen();
  }

  @Test
  void clientThatOwesAProofIsClosedAtOnceWhenTheNodeLeaves() {
    From.CHALLENGED.reach(this);
    machine.departure().begin();
    assertThat(transport.closedFor).isEqualTo(CloseCause.NODE_LEAVES);
  }

  @Test
  void transportWithoutASessionDepartsAtOnce() {
    machine.departure().begin();
    assertThat(transport.closedFor).isEqualTo(CloseCause.NODE_LEAVES);
  }

  @Test
  void nodeThatLeavesEndsTheSessionWithoutAWord() {
    receive(ANONYMOUS);
    sent();
    machine.leave(CloseCause.NODE_LEAVES);
    assertThat(transport.closedFor).isEqualTo(CloseCause.NODE_LEAVES);
    assertThat(machine.endedBy()).isEqualTo(CloseCause.NODE_LEAVES);
    assertThat(sent()).isEmpty();
    assertThat(ids.claimed).isEmpty();
  }

  @Test
  void sessionIsRetiringUntilNobodySendsToItAnyMore() {
    receive(ANONYMOUS);
    receive("[64,1,{},\"com.add\"]");
    receive("[48,2,{},\"com.add\"]");
    assertThat(machine.departure().hasBegun()).isFalse();
    assertThat(machine.departure().isRetiring()).isFalse();
    machine.departure().begin();
    assertThat(machine.departure().hasBegun()).isTrue();
    assertThat(machine.departure().isRetiring()).isTrue();
    runTasks();
    assertThat(machine.departure().hasBegun()).isTrue();
    assertThat(machine.departure().isRetiring()).isFalse();
    receive("[70,1,{}]");
  }

  @Test
  void departingSessionIsReadAsLongAsOthersMaySendToIt() {
    receive(ANONYMOUS);
    receive("[64,1,{},\"com.add\"]");
    receiveOnly("[32,2,{},\"com.topic\"]");
    machine.departure().begin();
    machine.departure().turned();
    machine.departure().begin();
    assertThat(transport.readsNoMore).as("told twice").isFalse();
    assertThat(transport.closedFor).isNull();
    runTasks();
    machine.departure().turned();
    assertThat(transport.closedFor).isEqualTo(CloseCause.NODE_LEAVES);
  }

  @Test
  void idleSessionIsClosedAsSoonAsNobodySendsToIt() {
    receive(ANONYMOUS);
    receive("[64,1,{},\"com.add\"]");
    machine.departure().begin();
    assertThat(transport.closedFor).isNull();
    runTasks();
    assertThat(transport.closedFor).isEqualTo(CloseCause.NODE_LEAVES);
    assertThat(machine.endedBy()).isEqualTo(CloseCause.NODE_LEAVES);
  }

  @Test
  void sessionThatHasEndedIsNotClosedAgain() {
    receive(ANONYMOUS);
    machine.departure().begin();
    receive("[3,{},\"wamp.close.normal\"]");
    assertThat(transport.closedFor).isEqualTo(CloseCause.ABORTED_BY_CLIENT);
    runTasks();
    machine.departure().turned();
    machine.departure().begin();
    assertThat(machine.endedBy()).isEqualTo(CloseCause.ABORTED_BY_CLIENT);
  }

  @Test
  void sessionThatIsToStayMayHaveAsManyTurnsAsItLikes() {
    receive(ANONYMOUS);
    machine.departure().turned();
    assertThat(transport.closedFor).isNull();
  }

  @Test
  void clientThatWaitsForGoodbyeHearsItBeforeItIsClosed() {
    receive(ANONYMOUS);
    receive("[64,1,{},\"com.add\"]");
    sent();
    receiveOnly("[6,{},\"wamp.close.normal\"]");
    machine.departure().begin();
    assertThat(transport.closedFor).isNull();
    assertThat(transport.readsNoMore).isTrue();
    runTasks();
    assertThat(sent()).containsExactly("[6,{},\"wamp.close.goodbye_and_out\"]");
    machine.departure().begin();
    assertThat(transport.closedFor).isEqualTo(CloseCause.NODE_LEAVES);
  }

  @ParameterizedTest
  @CsvSource({"CLOSED", "THINKING", "CHALLENGED", "VERIFYING", "REOPENED"})
  void transportWithoutASessionIsClosedInsteadOfGoodbye(From state) {
    state.reach(this);
    sent();
    machine.leave(KILLED, CloseCause.NODE_LEAVES);
    assertThat(sent()).isEmpty();
    assertThat(transport.closedFor).isEqualTo(CloseCause.NODE_LEAVES);
  }

  @Test
  void goodbyeIsSaidOnce() {
    From.SHUTTING_DOWN.reach(this);
    sent();
    machine.leave(KILLED, CloseCause.NODE_LEAVES);
    assertThat(sent()).isEmpty();
    assertThat(transport.closedFor).isNull();
    assertThat(machine.endedBy()).isEqualTo(CloseCause.NODE_LEAVES);
  }

  @Test
  void nodeThatStartsOverSaysSo() {
    receive(ANONYMOUS);
    machine.leave(CloseCause.NODE_STARTS_OVER);
    assertThat(transport.closedFor).isEqualTo(CloseCause.NODE_STARTS_OVER);
    assertThat(machine.endedBy()).isEqualTo(CloseCause.NODE_STARTS_OVER);
  }

  // ---- what the end is counted as ----

  @Test
  void transportThatNeverHadASessionEndsByItsOwnCause() {
    machine.lost(CloseCause.BAD_FRAME);
    assertThat(machine.endedBy()).isEqualTo(CloseCause.BAD_FRAME);
    machine.lost(CloseCause.TRANSPORT_LOST);
    assertThat(machine.endedBy()).as("the first one").isEqualTo(CloseCause.BAD_FRAME);
  }

  @Test
  void sessionThatWasLostEndsByThat() {
    receive(ANONYMOUS);
    machine.lost(CloseCause.SLOW_READER);
    assertThat(machine.endedBy()).isEqualTo(CloseCause.SLOW_READER);
    assertThat(ids.claimed).isEmpty();
  }

  @Test
  void violationIsTheEndOfItsSession() {
    receive(ANONYMOUS);
    receive("[7,{}]");
    assertThat(machine.endedBy()).isEqualTo(CloseCause.PROTOCOL_VIOLATION);
  }

  @ParameterizedTest
  @CsvSource({"CLOSED", "THINKING", "CHALLENGED", "VERIFYING", "REOPENED", "SHUTTING_DOWN"})
  void nothingIsTimedAnyMoreOnceTheTransportIsClosed(From state) {
    state.reach(this);
    assertThat(time.timers()).isEqualTo(1);
    receive(state == From.SHUTTING_DOWN ? "[6,{},\"wamp.close.normal\"]" : "[7,{}]");
    assertThat(transport.closedFor).isNotNull();
    assertThat(time.timers()).isZero();
  }

  /** ABORT is never answered, not even where it breaks the protocol itself (SES-10). */
  @ParameterizedTest
  @CsvSource({"CLOSED", "THINKING", "CHALLENGED", "VERIFYING", "ESTABLISHED", "REOPENED"})
  void abortWithoutAProperReasonIsAViolationThatIsNotAnswered(From state) {
    state.reach(this);
    sent();
    receive("[3,{},\"no uri\"]");
    assertThat(sent()).isEmpty();
    assertThat(transport.closedFor).isEqualTo(CloseCause.PROTOCOL_VIOLATION);
  }

  @Test
  void goodbyeWithoutAProperReasonIsAViolation() {
    receive(ANONYMOUS);
    sent();
    receive("[6,{},\"no uri\"]");
    assertThat(sent())
        .containsExactly(
            "[3,{\"message\":\"GOODBYE.Reason must be a URI\"},\"" + VIOLATION + "\"]");
    assertThat(transport.closedFor).isEqualTo(CloseCause.PROTOCOL_VIOLATION);
  }
}
