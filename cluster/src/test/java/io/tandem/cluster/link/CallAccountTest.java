package io.tandem.cluster.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.cluster.delivery.CallAddress;
import io.tandem.cluster.delivery.Delivery;
import io.tandem.cluster.delivery.LaneAddress;
import io.tandem.protocol.message.CancelMode;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.wire.Payload;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Which deliveries about a call are of use, at the side that calls and at the side that answers.
 */
class CallAccountTest {

  private static final CallAddress CALL = new CallAddress(new LaneAddress(Samples.SELF, 0), 1);
  private static final CallAddress OTHER = new CallAddress(new LaneAddress(Samples.SELF, 0), 2);

  private static final Delivery RESULT =
      new Delivery.Result("r", CALL, Options.EMPTY, Payload.EMPTY);
  private static final Delivery PROGRESS =
      new Delivery.Result("r", CALL, Options.of(Keys.PROGRESS, true), Payload.EMPTY);
  private static final Delivery FAILED =
      new Delivery.Failed("r", CALL, Options.EMPTY, "e", Payload.EMPTY);
  private static final Delivery REFUSED = new Delivery.Refused("r", CALL, 2, Delivery.Refusal.GONE);

  private final CallAccount caller = new CallAccount();
  private final CallAccount callee = new CallAccount();

  private static Delivery.Invoke invoke(CallAddress call) {
    return new Delivery.Invoke("r", call, 1, 2, Options.EMPTY, Payload.EMPTY);
  }

  private static Delivery cancel(CancelMode mode) {
    return new Delivery.Cancel("r", CALL, mode, "e");
  }

  private void call() {
    caller.leaves(invoke(CALL));
    callee.comes("r", CALL);
  }

  @Test
  void callsAreCountedBothWaysAndThoseMadeForThemselves() {
    caller.leaves(invoke(CALL));
    caller.leaves(invoke(OTHER));
    caller.comes("r", CALL);
    assertThat(caller.made()).isEqualTo(2);
    assertThat(caller.size()).isEqualTo(3);
  }

  @Test
  void finalAnswerPassesOnceAndEndsTheCall() {
    for (Delivery answer : List.of(RESULT, FAILED, REFUSED)) {
      call();
      assertThat(callee.mayLeave(answer)).isTrue();
      assertThat(callee.mayLeave(answer)).as("again").isFalse();
      assertThat(callee.size()).isZero();
      assertThat(caller.mayEnter(answer)).isTrue();
      assertThat(caller.mayEnter(answer)).as("again").isFalse();
      assertThat(caller.size()).isZero();
    }
  }

  @Test
  void partsAndTheirAcceptancePassAsLongAsTheCallIsOpen() {
    Delivery part = new Delivery.Part("r", CALL, false, Payload.EMPTY);
    Delivery accepted = new Delivery.Accepted("r", CALL);
    assertThat(caller.mayLeave(part)).isFalse();
    assertThat(callee.mayEnter(part)).isFalse();
    assertThat(callee.mayLeave(accepted)).isFalse();
    assertThat(caller.mayEnter(accepted)).isFalse();
    call();
    assertThat(caller.mayLeave(part)).isTrue();
    assertThat(callee.mayEnter(part)).isTrue();
    assertThat(callee.mayLeave(accepted)).isTrue();
    assertThat(caller.mayEnter(accepted)).isTrue();
    assertThat(caller.size()).isEqualTo(1);
    assertThat(callee.size()).isEqualTo(1);
  }

  @Test
  void progressPassesAsLongAsTheCallIsOpen() {
    call();
    assertThat(callee.mayLeave(PROGRESS)).isTrue();
    assertThat(caller.mayEnter(PROGRESS)).isTrue();
    assertThat(callee.mayLeave(PROGRESS)).isTrue();
    assertThat(caller.mayEnter(PROGRESS)).isTrue();
    callee.answered("r", CALL);
    assertThat(callee.mayLeave(PROGRESS)).isFalse();
    assertThat(caller.size()).isEqualTo(1);
    caller.mayEnter(FAILED);
    assertThat(caller.mayEnter(PROGRESS)).isFalse();
  }

  @Test
  void killPassesOnceAndLeavesTheCallOpen() {
    call();
    assertThat(caller.mayLeave(cancel(CancelMode.KILL))).isTrue();
    assertThat(caller.mayLeave(cancel(CancelMode.KILL))).isFalse();
    assertThat(callee.mayEnter(cancel(CancelMode.KILL))).isTrue();
    assertThat(callee.mayEnter(cancel(CancelMode.KILL))).isFalse();
    assertThat(callee.mayLeave(RESULT)).isTrue();
    assertThat(caller.mayEnter(RESULT)).isTrue();
  }

  @Test
  void strongerCancelPassesAfterAKillAndEndsTheCall() {
    for (CancelMode mode : List.of(CancelMode.SKIP, CancelMode.KILLNOWAIT)) {
      call();
      caller.mayLeave(cancel(CancelMode.KILL));
      callee.mayEnter(cancel(CancelMode.KILL));
      assertThat(caller.mayLeave(cancel(mode))).isTrue();
      assertThat(callee.mayEnter(cancel(mode))).isTrue();
      assertThat(caller.size() + callee.size()).isZero();
      assertThat(caller.mayLeave(cancel(mode))).isFalse();
      assertThat(callee.mayLeave(RESULT)).isFalse();
    }
  }

  @Test
  void whatIsAboutNoCallPassesAlways() {
    assertThat(caller.mayLeave(new Samples(1).event())).isTrue();
    assertThat(caller.mayEnter(new Samples(1).event())).isTrue();
    assertThat(caller.mayLeave(invoke(CALL))).isTrue();
    assertThat(caller.mayEnter(invoke(CALL))).isTrue();
  }

  @Test
  void callsOfTwoRealmsAreTwo() {
    call();
    Delivery elsewhere = new Delivery.Result("other", CALL, Options.EMPTY, Payload.EMPTY);
    assertThat(callee.mayLeave(elsewhere)).isFalse();
    assertThat(callee.size()).isEqualTo(1);
  }
}
