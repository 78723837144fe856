package io.tandem.node.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.router.CloseCause;
import io.tandem.node.router.SendResult;
import io.tandem.node.router.Session;
import io.tandem.protocol.codec.ProtocolViolation;
import io.tandem.protocol.message.Goodbye;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.testing.Conformance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which message may come in which state, how long each may take, and what it is answered. */
class SessionMachineTest extends OneClient {

  /**
   * Every state, every kind of message: the code of the answer, with the reason of an ABORT, and
   * why the transport is closed.
   */
  @Conformance({"SES-10", "SES-21"})
  @ParameterizedTest(name = "{0}, {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
          CLOSED        | HELLO        | 2                                | -
          CLOSED        | AUTHENTICATE | 3 wamp.error.protocol_violation  | PROTOCOL_VIOLATION
          CLOSED        | GOODBYE      | 3 wamp.error.protocol_violation  | PROTOCOL_VIOLATION
          CLOSED        | ABORT        | -                                | ABORTED_BY_CLIENT
          CLOSED        | CALL         | 3 wamp.error.protocol_violation  | PROTOCOL_VIOLATION
          CLOSED        | WELCOME      | 3 wamp.error.protocol_violation  | PROTOCOL_VIOLATION
          CLOSED        | GARBAGE      | 3 wamp.error.protocol_violation  | PROTOCOL_VIOLATION
          THINKING      | HELLO        | 3 wamp.error.protocol_violation  | PROTOCOL_VIOLATION
          THINKING      | AUTHENTICATE | 3 wamp.error.protocol_violation  | PROTOCOL_VIOLATION
          THINKING      | GOODBYE      | 3 wamp.error.protocol_violation  | PROTOCOL_VIOLATION
          THINKING      | ABORT        | -                                | ABORTED_BY_CLIENT
          THINKING      | CALL         | 3 wamp.error.protocol_violation  | PROTOCOL_VIOLATION
          THINKING      | WELCOME      | 3 wamp.error.protocol_violation  | PROTOCOL_VIOLATION
          THINKING      | GARBAGE      | 3 wamp.error.protocol_violation  | PROTOCOL_VIOLATION
          CHALLENGED    | HELLO        | 3 wamp.error.protocol_violation  | PROTOCOL_VIOLATION
          CHALLENGED    | AUTHENTICATE | -                                | -
          CHALLENGED    | GOODBYE      | 3 wamp.error.protocol_violation  | PROTOCOL_VIOLATION
          CHALLENGED    | ABORT        | -                                | ABORTED_BY_CLIENT
          CHALLENGED    | CALL         | 3 wamp.error.protocol_violation  | PROTOCOL_VIOLATION
          CHALLENGED    | WELCOME      | 3 wamp.error.protocol_violation  | PROTOCOL_VIOLATION
          CHALLENGED    | GARBAGE      | 3 wamp.error.protocol_violation  | PROTOCOL_VIOLATION
          VERIFYING     | HELLO        | 3 wamp.error.protocol_violation  | PROTOCOL_VIOLATION
          VERIFYING     | AUTHENTICATE | 3 wamp.error.protocol_violation  | PROTOCOL_VIOLATION
          VERIFYING     | GOODBYE      | 3 wamp.error.protocol_violation  | PROTOCOL_VIOLATION
          VERIFYING     | ABORT        | -                                | ABORTED_BY_CLIENT
          VERIFYING     | CALL         | 3 wamp.error.protocol_violation  | PROTOCOL_VIOLATION
          ESTABLISHED   | HELLO        | 3 wamp.error.protocol_violation  | PROTOCOL_VIOLATION
          ESTABLISHED   | AUTHENTICATE | 3 wamp.error.protocol_violation  | PROTOCOL_VIOLATION
          ESTABLISHED   | GOODBYE      | 6 wamp.close.goodbye_and_out     | -
          ESTABLISHED   | ABORT        | -                                | ABORTED_BY_CLIENT
          ESTABLISHED   | CALL         | 8 wamp.error.no_such_procedure   | -
          ESTABLISHED   | WELCOME      | 3 wamp.error.protocol_violation  | PROTOCOL_VIOLATION
          ESTABLISHED   | GARBAGE      | 3 wamp.error.protocol_violation  | PROTOCOL_VIOLATION
          REOPENED      | HELLO        | 2                                | -
          REOPENED      | GOODBYE      | 3 wamp.error.protocol_violation  | PROTOCOL_VIOLATION
          REOPENED      | ABORT        | -                                | ABORTED_BY_CLIENT
          REOPENED      | CALL         | 3 wamp.error.protocol_violation  | PROTOCOL_VIOLATION
          SHUTTING_DOWN | HELLO        | -                                | -
          SHUTTING_DOWN | AUTHENTICATE | -                                | -
          SHUTTING_DOWN | GOODBYE      | -                                | GOODBYE
          SHUTTING_DOWN | ABORT        | -                                | -
          SHUTTING_DOWN | CALL         | -                                | -
          SHUTTING_DOWN | WELCOME      | -                                | -
          SHUTTING_DOWN | GARBAGE      | -                                | -
          ENDED         | HELLO        | -                                | ABORTED_BY_CLIENT
          ENDED         | GOODBYE      | -                                | ABORTED_BY_CLIENT
          ENDED         | CALL         | -                                | ABORTED_BY_CLIENT
          ENDED         | GARBAGE      | -                                | ABORTED_BY_CLIENT
          """)
  void everyMessageInEveryState(From state, String message, String answer, String closed) {
    state.reach(this);
    sent();

    receive(
        switch (message) {
          case "HELLO" -> ANONYMOUS;
          case "WELCOME" -> "[2,1,{\"roles\":{}}]";
          case "AUTHENTICATE" -> "[5,\"proof\",{}]";
          case "GOODBYE" -> "[6,{},\"wamp.close.normal\"]";
          case "ABORT" -> "[3,{},\"wamp.close.normal\"]";
          case "CALL" -> "[48,1,{},\"com.example.procedure\"]";
          default -> "[7,{}]";
        });

    assertThat(sent().stream().map(SessionMachineTest::codeAndUri)).isEqualTo(words(answer));
    assertThat(transport.closedFor)
        .isEqualTo(closed.equals("-") ? null : CloseCause.valueOf(closed));
  }

  private static List<String> words(String answer) {
    return answer.equals("-") ? List.of() : List.of(answer);
  }

  private static String codeAndUri(String json) {
    String code = json.substring(1, json.indexOf(','));
    return switch (code) {
      case "3", "6" -> code + json.replaceAll(".*\"([^\"]*)\"]$", " $1");
      case "8" -> code + json.replaceAll("^\\[8,48,1,\\{},\"([^\"]*)\".*", " $1");
      default -> code;
    };
  }

  /** A call whose arguments are nested more deeply than anybody reads. */
  private static String deepCall(int request) {
    return "[48," + request + ",{},\"com.example\"," + "[".repeat(70) + "]".repeat(70) + "]";
  }

  @Test
  void payloadThatNobodyMayReadCostsItsRequestAlone() {
    receive(ANONYMOUS);
    sent();
    receive(deepCall(1));
    assertThat(sent()).singleElement().asString().startsWith("[8,48,1,{},\"wamp.error.invalid_arg");
    assertThat(transport.closedFor).isNull();
    receive("[48,2,{},\"com.example\"]");
    assertThat(sent()).singleElement().asString().startsWith("[8,48,2,{},\"wamp.error.no_such_pro");
  }

  @Test
  void payloadThatNobodyMayReadChangesNothingInWhatMayCome() {
    receive(deepCall(1));
    assertThat(sent()).singleElement().asString().contains("CALL before HELLO");
  }

  // ---- time ----

  @Test
  @Conformance("SES-01")
  void withoutHelloTheTransportIsClosedAfterItsTimeAndNotBefore() {
    time.pass(TIMEOUTS.hello().minusMillis(1));
    assertThat(transport.closedFor).isNull();
    time.pass(Duration.ofMillis(1));
    assertThat(transport.closedFor).isEqualTo(CloseCause.HELLO_TIMEOUT);
    assertThat(sent()).isEmpty();
  }

  @Conformance("SES-13")
  @Test
  void sessionThatIsExpelledIsToldWhyAndTheTransportWaitsForItsAnswer() {
    From.ESTABLISHED.reach(this);
    sent();
    expel(new Goodbye(Options.of(Keys.MESSAGE, "enough"), "com.example.out"));
    assertThat(sent()).containsExactly("[6,{\"message\":\"enough\"},\"com.example.out\"]");
    assertThat(machine.endedBy()).isEqualTo(CloseCause.KILLED);
    assertThat(transport.closedFor).isNull();
    receive("[6,{},\"wamp.close.goodbye_and_out\"]");
    assertThat(transport.closedFor).isEqualTo(CloseCause.GOODBYE);
  }

  @Test
  void clientThatTakesNoMessageSoLongIsToldLess() {
    From.ESTABLISHED.reach(this);
    sent();
    transport.outcome = SendResult.TOO_LONG;
    expel(new Goodbye(Options.of(Keys.MESSAGE, "enough"), "com.example.out"));
    assertThat(sent()).last().isEqualTo("[6,{},\"wamp.close.killed\"]");
  }

  @Test
  void sessionThatHasLeftIsNotExpelled() {
    From.ESTABLISHED.reach(this);
    List<Session> there = sessions();
    receive("[6,{},\"wamp.close.normal\"]");
    sent();
    there.get(0).expel(KILLED, false);
    assertThat(sent()).isEmpty();
    assertThat(transport.closedFor).isNull();
  }

  private void expel(Goodbye goodbye) {
    sessions().get(0).expel(goodbye, false);
    assertThat(sessions()).isEmpty();
  }

  @Conformance("SES-14")
  @Test
  void afterGoodbyeOfTheNodeOnlyThatOfTheClientCountsUntilItIsClosed() {
    From.ESTABLISHED.reach(this);
    expel(KILLED);
    sent();
    for (String more : List.of("[48,1,{},\"com.add\"]", ANONYMOUS, "[7]", "[3,{},\"a.b\"]")) {
      receive(more);
    }
    time.pass(TIMEOUTS.goodbye().minusMillis(1));
    assertThat(sent()).isEmpty();
    assertThat(transport.closedFor).isNull();
    time.pass(Duration.ofMillis(1));
    assertThat(transport.closedFor).isEqualTo(CloseCause.GOODBYE_TIMEOUT);
  }

  @Conformance("SES-09")
  @Test
  void othersHearOfASessionWhenItsWelcomeIsSent() {
    List<Integer> sentByThen = new ArrayList<>();
    hearWhoJoins(session -> sentByThen.add(transport.sent.size()));
    receive(ANONYMOUS);
    assertThat(sentByThen).containsExactly(1);
    assertThat(sent()).singleElement().asString().startsWith("[2,");
  }

  @Test
  void goodbyeOfTheNodeNeedsNoAnswerForEver() {
    From.ESTABLISHED.reach(this);
    sent();
    machine.leave(KILLED, CloseCause.NODE_LEAVES);
    assertThat(sent()).containsExactly("[6,{},\"wamp.close.killed\"]");
    time.pass(TIMEOUTS.goodbye().minusMillis(1));
    assertThat(transport.closedFor).isNull();
    time.pass(Duration.ofMillis(1));
    assertThat(transport.closedFor).isEqualTo(CloseCause.GOODBYE_TIMEOUT);
    assertThat(sent()).isEmpty();
  }

  /** GOODBYE of a callee, while the record does not know yet that its procedure is free. */
  private void leaveAsCallee() {
    From.ESTABLISHED.reach(this);
    receive("[64,1,{},\"com.add\"]");
    sent();
    receiveOnly("[6,{},\"wamp.close.normal\"]");
    assertThat(sent()).isEmpty();
  }

  @Conformance("SES-12")
  @Test
  void goodbyeIsAnsweredWhenWhatTheSessionHeldIsFree() {
    leaveAsCallee();
    assertThat(transport.holds).as("what comes behind has to wait").isEqualTo(1);
    assertThat(machine.isBusy()).isTrue();
    runTasks();
    assertThat(sent()).containsExactly("[6,{},\"wamp.close.goodbye_and_out\"]");
    assertThat(transport.holds).isZero();
    assertThat(machine.isBusy()).isFalse();
    receive(ANONYMOUS);
    assertThat(sent()).singleElement().asString().startsWith("[2,");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[64,1,{},\"com.add\"]", "[66,2,1]"})
  void goodbyeIsAnsweredWhenWhatTheSessionHadJustAskedForIsFree(String request) {
    From.ESTABLISHED.reach(this);
    if (request.startsWith("[66")) {
      receive("[64,1,{},\"com.add\"]");
    }
    receiveOnly(request);
    sent();
    receiveOnly("[6,{},\"wamp.close.normal\"]");
    assertThat(sent()).isEmpty();
    runTasks();
    assertThat(sent()).containsExactly("[6,{},\"wamp.close.goodbye_and_out\"]");
  }

  @Test
  void nodeThatLeavesDoesNotWaitForAGoodbye() {
    leaveAsCallee();
    machine.leave(CloseCause.NODE_LEAVES);
    assertThat(transport.closedFor).isEqualTo(CloseCause.NODE_LEAVES);
    assertThat(transport.holds).isZero();
    runTasks();
    assertThat(sent()).isEmpty();
  }

  @Conformance("SES-12")
  @Test
  void goodbyeIsAnsweredInTimeWhateverTheRecordDoes() {
    leaveAsCallee();
    List<Runnable> late = List.copyOf(tasks);
    tasks.clear();
    time.pass(Duration.ofSeconds(4));
    assertThat(sent()).containsExactly("[6,{},\"wamp.close.goodbye_and_out\"]");
    tasks.addAll(late);
    runTasks();
    assertThat(sent()).isEmpty();
  }

  @Test
  void nothingIsSaidToAClientThatDoesNotWaitForGoodbye() {
    leaveAsCallee();
    machine.lost(CloseCause.TRANSPORT_LOST);
    runTasks();
    assertThat(sent()).isEmpty();
    assertThat(machine.endedBy()).isEqualTo(CloseCause.GOODBYE);
  }

  @Conformance("TR-03")
  @Test
  void nextHelloMustComeInTime() {
    From.REOPENED.reach(this);
    time.pass(TIMEOUTS.nextHello().minusMillis(1));
    assertThat(transport.closedFor).isNull();
    time.pass(Duration.ofMillis(1));
    assertThat(transport.closedFor).isEqualTo(CloseCause.GOODBYE);
  }

  @Test
  void sessionItselfHasNoTimeLimit() {
    From.ESTABLISHED.reach(this);
    time.pass(Duration.ofDays(1));
    assertThat(transport.closedFor).isNull();
  }

  @Conformance("SES-15")
  @Test
  void nothingIsSentAfterGoodbyeOfTheNode() {
    From.SHUTTING_DOWN.reach(this);
    sent();
    machine.violated(new ProtocolViolation("half a message"));
    receive("[48,1,{},\"com.example.procedure\"]");
    assertThat(sent()).isEmpty();
  }

  // ---- what the node does with it ----

  /**
   * A defect of the router's own costs the session that met it, without a word that may be wrong.
   */
  @Test
  void defectEndsTheSessionAndItsTransport() {
    receive(ANONYMOUS);
    sent();
    transport.defect = new IllegalStateException("planted");
    receive("[6,{},\"wamp.close.normal\"]");

    assertThat(transport.closedFor).isEqualTo(CloseCause.INTERNAL_ERROR);
    assertThat(machine.endedBy()).isEqualTo(CloseCause.INTERNAL_ERROR);
    assertThat(ids.claimed).isEmpty();
    transport.defect = null;
    receive(ANONYMOUS);
    assertThat(sent()).as("an answer after the end").isEmpty();
  }

  @Test
  void whatTheSessionHeldIsGivenBackAfterADefect() {
    receive(ANONYMOUS);
    assertThat(ids.claimed).hasSize(1);
    transport.defect = new IllegalStateException("planted");
    receive("[48,1,{},\"com.example\"]");
    assertThat(transport.closedFor).isEqualTo(CloseCause.INTERNAL_ERROR);
    assertThat(ids.claimed).isEmpty();
  }

  @Test
  void defectBeforeAnySessionEndsTheTransport() {
    transport.defect = new IllegalStateException("planted");
    receive("[1,\"no.such.realm\",{\"roles\":{\"caller\":{}}}]");
    assertThat(transport.closedFor).isEqualTo(CloseCause.INTERNAL_ERROR);
  }

  /** In characters; a pair of them that is one sign is not cut. */
  @Test
  void explanationQuotesLittleOfWhatTheClientSaid() {
    String sign = "\uD83D\uDE00";
    String prefix = "this router has no realm ";
    String realm = "r".repeat(199 - prefix.length()) + sign + "tail";
    receive("[1,\"" + realm + "\",{\"roles\":{\"caller\":{}}}]");
    assertThat(sent())
        .containsExactly(
            "[3,{\"message\":\""
                + (prefix + realm).substring(0, 199)
                + "...\"},\"wamp.error.no_such_realm\"]");
  }
}
