package io.tandem.node.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.auth.AuthStep;
import io.tandem.node.auth.Opening;
import io.tandem.node.router.CloseCause;
import io.tandem.node.router.SendResult;
import io.tandem.node.testing.Clients;
import io.tandem.protocol.codec.MessageDecoder;
import io.tandem.protocol.codec.ProtocolViolation;
import io.tandem.protocol.wire.DecodeLimits;
import io.tandem.protocol.wire.Serializer;
import io.tandem.testing.Conformance;
import io.tandem.testing.Patience;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A client from its HELLO to WELCOME or ABORT, while authenticators judge it. */
class AuthenticatingTest extends OneClient {

  @Conformance("AUTH-07")
  @Test
  void authenticateMustComeInTime() {
    From.CHALLENGED.reach(this);
    sent();
    time.pass(TIMEOUTS.authenticate().minusMillis(1));
    assertThat(transport.closedFor).isNull();
    time.pass(Duration.ofMillis(1));

    assertThat(sent())
        .containsExactly(
            "[3,{\"message\":\"no AUTHENTICATE in time\"},\"wamp.error.authentication_failed\"]");
    assertThat(transport.closedFor).isEqualTo(CloseCause.REFUSED);
  }

  @ParameterizedTest
  @CsvSource({"THINKING", "VERIFYING"})
  void authenticatorMustAnswerInTime(From state) {
    state.reach(this);
    sent();
    time.pass(TIMEOUTS.authenticate());

    assertThat(sent())
        .containsExactly(
            "[3,{\"message\":\"authentication took too long\"},"
                + "\"wamp.error.authentication_failed\"]");
    answer(slow.accept());
    assertThat(sent()).as("too late").isEmpty();
  }

  @Conformance("QRK-15")
  @Test
  void welcomeHasTheSessionIdOfTheChallenge() {
    From.CHALLENGED.reach(this);
    long session = slow.requests.get(0).session();
    assertThat(sent()).containsExactly("[4,\"slow\",{\"session\":" + session + "}]");
    receive("[5,\"proof\",{}]");
    assertThat(slow.proofs).containsExactly("proof");
    assertThat(sent()).as("while it thinks").isEmpty();
    answer(slow.accept());

    assertThat(sent())
        .singleElement()
        .asString()
        .startsWith("[2," + session + ",")
        .contains("\"authid\":\"peter\"", "\"authextra\":{\"greeting\":\"hi\"}");
  }

  @Conformance("AUTH-04")
  @Test
  void refusedProofEndsInAbort() {
    From.VERIFYING.reach(this);
    sent();
    answer(new AuthStep.Refused("wamp.error.authentication_denied", "no"));

    assertThat(sent())
        .containsExactly("[3,{\"message\":\"no\"},\"wamp.error.authentication_denied\"]");
    assertThat(transport.closedFor).isEqualTo(CloseCause.REFUSED);
  }

  @Conformance({"SES-22", "AUTH-04"})
  @ParameterizedTest
  @CsvSource({"THINKING", "CHALLENGED", "VERIFYING"})
  void requestDoesNotOvertakeTheAuthentication(From state) {
    state.reach(this);
    sent();
    receive("[48,1,{},\"com.example.procedure\"]");

    assertThat(sent())
        .containsExactly("[3,{\"message\":\"CALL before WELCOME\"},\"" + VIOLATION + "\"]");
    answer(slow.accept());
    assertThat(sent()).as("nobody is welcome any more").isEmpty();
  }

  @Test
  void sessionWhoseWelcomeIsTooLongIsRefused() {
    transport.outcome = SendResult.TOO_LONG;
    receive(ANONYMOUS);

    assertThat(sent()).hasSize(2).last().asString().contains("payload_size_exceeded");
    assertThat(transport.closedFor).isEqualTo(CloseCause.REFUSED);
  }

  @Test
  void idThatIsClaimedTooLateIsGivenBack() {
    byte[] hello = SLOWLY.getBytes(StandardCharsets.UTF_8);
    try {
      machine.received(
          new MessageDecoder(Serializer.JSON, DecodeLimits.DEFAULT).decode(hello, 0, hello.length));
    } catch (ProtocolViolation e) {
      throw new AssertionError(e);
    }
    machine.lost(CloseCause.TRANSPORT_LOST);
    assertThat(ids.claimed).hasSize(1);
    runTasks();
    assertThat(ids.claimed).isEmpty();
    assertThat(slow.requests).isEmpty();
  }

  @Test
  void helloThatWouldTakeMuchMemoryIsRefused() {
    String many = "''" + ",'some text or other'".repeat(3_000);
    receive(
        "[1,'realm1',{'roles':{'caller':{'features':{'x':[MANY]}}}}]"
            .replace("MANY", many)
            .replace('\'', '"'));
    assertThat(transport.closedFor).isEqualTo(CloseCause.PROTOCOL_VIOLATION);
    assertThat(sent()).singleElement().asString().contains("HELLO.Details takes more than");
  }

  @Test
  void proofThatWouldTakeMuchMemoryIsRefused() {
    From.CHALLENGED.reach(this);
    sent();
    receive("[5,\"" + "x".repeat(65 << 10) + "\",{}]");
    assertThat(transport.closedFor).isEqualTo(CloseCause.PROTOCOL_VIOLATION);
    assertThat(sent()).singleElement().asString().contains("AUTHENTICATE takes more than");
    assertThat(slow.proofs).isEmpty();
  }

  @Test
  void authenticatorIsToldThatNobodyWaitsForItAnyMore() {
    From.VERIFYING.reach(this);
    assertThat(slow.isAbandoned).isFalse();
    machine.lost(CloseCause.TRANSPORT_LOST);
    assertThat(slow.isAbandoned).isTrue();
  }

  /** What the router does with the answer may fail as anything else may. */
  @ParameterizedTest
  @CsvSource({"THINKING", "VERIFYING"})
  void defectBehindALateAnswerEndsTheTransport(From state) {
    state.reach(this);
    transport.defect = new IllegalStateException("planted");
    answer(slow.accept());
    assertThat(transport.closedFor).isEqualTo(CloseCause.INTERNAL_ERROR);
    assertThat(ids.claimed).isEmpty();
  }

  // ---- evidence ----

  /** The transport was opened by a request with headers; only the conversation holds them. */
  private WeakReference<Opening> openWithHeaders() {
    Opening opening = new Opening("/ws", null, List.of(Map.entry("Cookie", "session=abc")));
    machine.opened(Clients.evidence("test", true, null, opening));
    return new WeakReference<>(opening);
  }

  /** Idle sessions are many. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        ANONYMOUS,
        "[1,\"realm3\",{\"roles\":{\"caller\":{}}}]",
        "[3,{},\"wamp.close.normal\"]"
      })
  void evidenceIsLetGoWhenTheClientIsJudged(String words) {
    WeakReference<Opening> opening = openWithHeaders();
    receive(words);
    Patience.until(
        "no header is left",
        () -> {
          System.gc();
          return opening.get() == null;
        });
  }

  @Test
  void authenticatorSeesTheOpeningOfTheFirstSessionAlone() {
    WeakReference<Opening> opening = openWithHeaders();
    receive(SLOWLY);
    assertThat(slow.requests.get(0).evidence().opening()).isSameAs(opening.get()).isNotNull();
    answer(slow.accept());
    receive("[6,{},\"wamp.close.normal\"]");
    receive(SLOWLY);
    assertThat(slow.requests.get(1).evidence().opening()).isNull();
    assertThat(slow.requests.get(1).evidence().address()).isEqualTo("test");
  }
}
