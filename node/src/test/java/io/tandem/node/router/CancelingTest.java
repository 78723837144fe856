package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.wire.Serializer;
import io.tandem.testing.Conformance;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** CANCEL, INTERRUPT and timeouts. */
class CancelingTest {

  private static final String CANCELED = "[8,48,1,{},'wamp.error.canceled']";
  private static final ClientFeatures NO_FEATURES = new ClientFeatures(false, false, false);

  @ParameterizedTest
  @ValueSource(strings = {"", "'mode':'killnowait'"})
  @Conformance({"RPC-CAN-01", "RPC-CAN-04", "RPC-CAN-06"})
  void killnowaitAnswersTheCallerAtOnceAndInterruptsTheCallee(String options) {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = callee(world, 1);
      alice.calls("com.add");
      alice.says("[49,1,{" + options + "}]");
      assertThat(alice.hears()).containsExactly(CANCELED);
      assertThat(bob.hears())
          .containsExactly(
              "[68,1,1,{}]", "[69,1,{'mode':'killnowait','reason':'wamp.error.canceled'}]");
      bob.says("[70,1,{}]");
      assertThat(alice.hears()).isEmpty();
    }
  }

  @Test
  @Conformance({"RPC-CAN-02", "RPC-CAN-06"})
  void skipAnswersTheCallerAndLeavesTheCalleeAlone() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = callee(world, 1);
      alice.calls("com.add");
      alice.says("[49,1,{'mode':'skip'}]");
      assertThat(alice.hears()).containsExactly(CANCELED);
      bob.says("[70,1,{}]");
      assertThat(bob.hears()).containsExactly("[68,1,1,{}]");
      assertThat(alice.hears()).isEmpty();
    }
  }

  @Test
  @Conformance({"RPC-CAN-03", "RPC-CAN-09", "QRK-08"})
  void killWaitsForWhatTheCalleeAnswers() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = callee(world, 1);
      alice.calls("com.add");
      alice.says("[49,1,{'mode':'kill'}]");
      assertThat(alice.hears()).isEmpty();
      assertThat(bob.hears())
          .containsExactly("[68,1,1,{}]", "[69,1,{'mode':'kill','reason':'wamp.error.canceled'}]");
      bob.says("[70,1,{},['done after all']]");
      assertThat(alice.hears()).containsExactly("[50,1,{},['done after all']]");
    }
  }

  @Test
  @Conformance("RPC-CAN-10")
  void killForwardsTheCalleesOwnError() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      TestClient bob = callee(world, 0);
      alice.calls("com.add");
      alice.says("[49,1,{'mode':'kill'}]");
      bob.says("[8,68,1,{},'my.error.stopped',['halfway'],{'at':7}]");
      assertThat(alice.hears())
          .containsExactly("[8,48,1,{},'my.error.stopped',['halfway'],{'at':7}]");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"skip", "kill", "killnowait"})
  @Conformance({"RPC-CAN-05", "QRK-07"})
  void anyModeActsAsSkipForACalleeThatCannotBeInterrupted(String mode) {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1, client -> client.features = NO_FEATURES);
      bob.registers("com.add");
      alice.calls("com.add");
      alice.says("[49,1,{'mode':'" + mode + "'}]");
      assertThat(alice.hears()).containsExactly(CANCELED);
      bob.says("[70,1,{}]");
      assertThat(bob.hears()).containsExactly("[68,1,1,{}]");
      assertThat(alice.hears()).isEmpty();
    }
  }

  @Test
  @Conformance("RPC-CAN-07")
  void cancelOfWhatIsNotPendingIsIgnored() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      TestClient eve = world.join(0);
      TestClient bob = callee(world, 0);
      alice.calls("com.add");
      bob.hears();
      eve.says("[49,1,{}]");
      alice.says("[49,2,{}]");
      alice.says("[49,1,{'mode':'kill'}]");
      alice.says("[49,1,{'mode':'kill'}]");
      assertThat(bob.hears())
          .containsExactly("[69,1,{'mode':'kill','reason':'wamp.error.canceled'}]");
      bob.says("[70,1,{}]");
      alice.says("[49,1,{}]");
      assertThat(alice.hears()).containsExactly("[50,1,{}]");
      assertThat(eve.hears()).isEmpty();
    }
  }

  @Test
  @Conformance({"RPC-CAN-04", "RPC-CAN-09"})
  void killnowaitAfterKillAnswersTheCallerAtOnce() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = callee(world, 1);
      alice.calls("com.add");
      alice.says("[49,1,{'mode':'kill'}]");
      alice.says("[49,1,{'mode':'killnowait'}]");
      assertThat(alice.hears()).containsExactly(CANCELED);
      assertThat(bob.hears())
          .containsExactly(
              "[68,1,1,{}]",
              "[69,1,{'mode':'kill','reason':'wamp.error.canceled'}]",
              "[69,1,{'mode':'killnowait','reason':'wamp.error.canceled'}]");
      bob.says("[70,1,{}]");
      assertThat(alice.hears()).isEmpty();
    }
  }

  @Test
  @Conformance("RPC-CAN-02")
  void skipAfterKillAnswersTheCallerAtOnce() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = callee(world, 1);
      alice.calls("com.add");
      alice.says("[49,1,{'mode':'kill'}]");
      alice.says("[49,1,{'mode':'skip'}]");
      assertThat(alice.hears()).containsExactly(CANCELED);
      assertThat(bob.hears())
          .containsExactly("[68,1,1,{}]", "[69,1,{'mode':'kill','reason':'wamp.error.canceled'}]");
      bob.says("[70,1,{}]");
      assertThat(alice.hears()).isEmpty();
    }
  }

  @Test
  @Conformance("RPC-CAN-08")
  void illegalModeAborts() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      TestClient bob = callee(world, 0);
      alice.calls("com.add");
      alice.says("[49,1,{'mode':'gently'}]");
      assertThat(alice.hears()).singleElement().asString().startsWith("ABORT ").contains("mode");
      assertThat(bob.hears()).hasSize(2);
    }
  }

  @Test
  @Conformance("RPC-CAN-11")
  void killEndsAfterAMinuteWhateverTheCalleeDoes() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = callee(world, 1);
      alice.calls("com.add");
      alice.says("[49,1,{'mode':'kill'}]");
      world.advance(Duration.ofSeconds(59));
      assertThat(alice.hears()).isEmpty();
      world.advance(Duration.ofSeconds(1));
      assertThat(alice.hears()).containsExactly(CANCELED);
      assertThat(world.nodes.get(0).lanes.get(1).pending()).isZero();
      bob.says("[70,1,{}]");
      assertThat(alice.hears()).isEmpty();
    }
  }

  @Test
  void cancelEndsAProgressiveCall() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = callee(world, 1);
      alice.says("[48,1,{'receive_progress':true},'com.add']");
      bob.says("[70,1,{'progress':true},[1]]");
      alice.says("[49,1,{}]");
      bob.says("[70,1,{'progress':true},[2]]");
      bob.says("[70,1,{},[3]]");
      assertThat(alice.hears()).containsExactly("[50,1,{'progress':true},[1]]", CANCELED);
      assertThat(bob.hears())
          .containsExactly(
              "[68,1,1,{'receive_progress':true}]",
              "[69,1,{'mode':'killnowait','reason':'wamp.error.canceled'}]");
    }
  }

  @Test
  void cancelThatMeetsTheResultOnItsWayChangesNothing() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = callee(world, 1);
      alice.calls("com.add");
      world.pause();
      bob.says("[70,1,{},['first']]");
      world.turnOf(bob);
      alice.says("[49,1,{'mode':'kill'}]");
      world.resume();
      assertThat(alice.hears()).containsExactly("[50,1,{},['first']]");
      assertThat(bob.hears()).containsExactly("[68,1,1,{}]");
    }
  }

  @Test
  void calleeThatLeavesWhileItsCallIsKilledAnswersIt() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = callee(world, 1);
      alice.calls("com.add");
      alice.says("[49,1,{'mode':'kill'}]");
      bob.leave();
      assertThat(alice.hears())
          .containsExactly(
              "[8,48,1,{},'wamp.error.canceled',['the callee left before it answered']]");
    }
  }

  @Test
  void killedCallThatFindsItsCalleeGoneIsNotGivenToAnother() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      TestClient carol = world.join(0);
      bob.registers("com.add", "'invoke':'first'");
      carol.registers("com.add", "'invoke':'first'");
      world.pause();
      bob.leave();
      alice.calls("com.add");
      alice.says("[49,1,{'mode':'kill'}]");
      world.turnOf(alice);
      world.resume();
      assertThat(alice.hears()).containsExactly(CANCELED);
      assertThat(carol.hears()).isEmpty();
    }
  }

  // ---- timeouts ----

  @Test
  @Conformance("RPC-TMO-03")
  void callThatTakesTooLongFailsAndItsCalleeIsInterrupted() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = callee(world, 1);
      alice.says("[48,1,{'timeout':250},'com.add']");
      world.advance(Duration.ofMillis(249));
      assertThat(alice.hears()).isEmpty();
      world.advance(Duration.ofMillis(1));
      assertThat(alice.hears())
          .containsExactly("[8,48,1,{},'wamp.error.timeout',['no answer in 250 ms']]");
      assertThat(bob.hears())
          .containsExactly(
              "[68,1,1,{}]", "[69,1,{'mode':'killnowait','reason':'wamp.error.timeout'}]");
    }
  }

  @Test
  @Conformance("RPC-TMO-03")
  void timeoutDoesNotReachACalleeThatCannotBeInterrupted() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1, client -> client.features = NO_FEATURES);
      bob.registers("com.add");
      alice.says("[48,1,{'timeout':250},'com.add']");
      world.advance(Duration.ofMillis(250));
      assertThat(alice.hears()).hasSize(1);
      bob.says("[70,1,{}]");
      assertThat(bob.hears()).containsExactly("[68,1,1,{}]");
    }
  }

  @Test
  @Conformance({"RPC-TMO-02", "RPC-TMO-03"})
  void timeoutOfACallGoesOnWhileItIsKilled() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = callee(world, 1);
      alice.says("[48,1,{'timeout':250},'com.add']");
      world.advance(Duration.ofMillis(200));
      alice.says("[49,1,{'mode':'kill'}]");
      world.advance(Duration.ofMillis(49));
      assertThat(alice.hears()).isEmpty();
      world.advance(Duration.ofMillis(1));
      assertThat(alice.hears())
          .containsExactly("[8,48,1,{},'wamp.error.timeout',['no answer in 250 ms']]");
      assertThat(bob.hears())
          .containsExactly(
              "[68,1,1,{}]",
              "[69,1,{'mode':'kill','reason':'wamp.error.canceled'}]",
              "[69,1,{'mode':'killnowait','reason':'wamp.error.timeout'}]");
    }
  }

  @Test
  @Conformance("RPC-PROG-10")
  void partsOfAKilledCallRestartItsTimeoutButNotTheMinute() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = callee(world, 1);
      alice.says("[48,1,{'timeout':25000,'receive_progress':true},'com.add']");
      alice.says("[49,1,{'mode':'kill'}]");
      for (int part = 0; part < 2; part++) {
        world.advance(Duration.ofSeconds(20));
        bob.says("[70,1,{'progress':true}]");
      }
      assertThat(alice.hears()).hasSize(2);
      world.advance(Duration.ofSeconds(20));
      assertThat(alice.hears()).containsExactly(CANCELED);
    }
  }

  @Test
  @Conformance("RPC-TMO-01")
  void noTimeoutAndTimeoutZeroWaitForever() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      TestClient bob = callee(world, 0);
      alice.says("[48,1,{},'com.add']");
      alice.says("[48,2,{'timeout':0},'com.add']");
      world.advance(Duration.ofDays(1000));
      bob.says("[70,1,{}]");
      bob.says("[70,2,{}]");
      assertThat(alice.hears()).containsExactly("[50,1,{}]", "[50,2,{}]");
    }
  }

  @Test
  @Conformance("RPC-TMO-01")
  void negativeTimeoutAborts() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      callee(world, 0);
      alice.says("[48,1,{'timeout':-1},'com.add']");
      assertThat(alice.hears()).containsExactly("ABORT CALL.timeout must be zero or more");
    }
  }

  @Test
  @Conformance("RPC-TMO-01")
  void timeoutOfAgesIsTakenForALongOne() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      TestClient bob = callee(world, 0);
      alice.says("[48,1,{'timeout':9007199254740992},'com.add']");
      bob.says("[70,1,{}]");
      assertThat(alice.hears()).containsExactly("[50,1,{}]");
    }
  }

  @Test
  @Conformance("RPC-PROG-10")
  void timeoutLimitsTheSilenceBetweenPartsNotTheWholeCall() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = callee(world, 1);
      alice.says("[48,1,{'timeout':250,'receive_progress':true},'com.add']");
      for (int part = 0; part < 3; part++) {
        world.advance(Duration.ofMillis(200));
        bob.says("[70,1,{'progress':true}]");
      }
      assertThat(alice.hears()).hasSize(3);
      world.advance(Duration.ofMillis(250));
      assertThat(alice.hears()).singleElement().asString().contains("wamp.error.timeout");
    }
  }

  @Test
  @Conformance({"RPC-TMO-04", "RPC-TMO-06"})
  void calleeThatWatchesTheTimeoutItselfIsToldAndTrusted() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      bob.registers("com.add", "'forward_timeout':true");
      alice.says("[48,1,{'timeout':250},'com.add']");
      assertThat(bob.hears()).containsExactly("[68,1,1,{'timeout':250}]");
      world.advance(Duration.ofMinutes(1));
      bob.says("[8,68,1,{},'wamp.error.timeout']");
      assertThat(alice.hears()).containsExactly("[8,48,1,{},'wamp.error.timeout']");
    }
  }

  @Test
  @Conformance("RPC-TMO-04")
  void timeoutIsNotForwardedToACalleeWithoutTheFeature() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob =
          world.join(1, client -> client.features = new ClientFeatures(true, true, false));
      bob.registers("com.add", "'forward_timeout':true");
      alice.says("[48,1,{'timeout':250},'com.add']");
      assertThat(bob.hears()).containsExactly("[68,1,1,{}]");
      world.advance(Duration.ofMillis(250));
      assertThat(alice.hears()).singleElement().asString().contains("wamp.error.timeout");
    }
  }

  @Test
  @Conformance("RPC-TMO-04")
  void secondCalleeThatWatchesTheTimeoutItselfIsTrustedToo() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      TestClient carol = world.join(1);
      bob.registers("com.add", "'invoke':'first'");
      carol.registers("com.add", "'invoke':'first','forward_timeout':true");
      bob.disconnected = true;
      alice.says("[48,1,{'timeout':250},'com.add']");
      assertThat(carol.hears()).containsExactly("[68,1,1,{'timeout':250}]");
      world.advance(Duration.ofMinutes(1));
      assertThat(alice.hears()).isEmpty();
    }
  }

  @Test
  @Conformance("RPC-TMO-02")
  void timeRunsFromTheCallOnThoughACalleeThatWatchesItselfDidNotTakeIt() {
    try (World world = new World(3)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      TestClient carol = world.join(2);
      bob.registers("com.add", "'invoke':'first','forward_timeout':true");
      carol.registers("com.add", "'invoke':'first'");
      world.leavesUnseen(bob);
      alice.says("[48,1,{'timeout':250},'com.add']");
      world.turnOf(alice);
      world.clock.advance(Duration.ofMillis(200));
      world.resume();
      assertThat(carol.hears()).containsExactly("[68,1,1,{}]");
      world.advance(Duration.ofMillis(49));
      assertThat(alice.hears()).isEmpty();
      world.advance(Duration.ofMillis(1));
      assertThat(alice.hears())
          .containsExactly("[8,48,1,{},'wamp.error.timeout',['no answer in 250 ms']]");
    }
  }

  @Test
  void timerOfACallThatFailsAtOnceIsStopped() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      TestClient bob = callee(world, 0);
      bob.disconnected = true;
      alice.says("[48,1,{'timeout':250},'com.add']");
      assertThat(world.clock.pending()).isZero();
      assertThat(alice.hears()).hasSize(1);
    }
  }

  // ---- progress ----

  @Test
  @Conformance({"RPC-PROG-01", "RPC-PROG-03", "RPC-PROG-05"})
  void partsReachTheCallerAsTheyComeWhateverTheyHold() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = callee(world, 1);
      alice.says("[48,1,{'receive_progress':true},'com.add']");
      bob.says("[70,1,{'progress':true},[1]]");
      assertThat(alice.hears()).containsExactly("[50,1,{'progress':true},[1]]");
      bob.says("[70,1,{'progress':true}]");
      bob.says("[70,1,{'progress':true},[],{'k':1}]");
      bob.says("[70,1,{'progress':false}]");
      assertThat(bob.hears()).containsExactly("[68,1,1,{'receive_progress':true}]");
      assertThat(alice.hears())
          .containsExactly(
              "[50,1,{'progress':true}]", "[50,1,{'progress':true},[],{'k':1}]", "[50,1,{}]");
    }
  }

  @Test
  @Conformance({"RPC-PROG-04", "RPC-PROG-06"})
  void calleeMayIgnoreThatProgressIsWelcome() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      TestClient bob = callee(world, 0);
      alice.says("[48,1,{'receive_progress':true},'com.add']");
      bob.says("[70,1,{},['all']]");
      bob.says("[70,1,{'progress':true},['more']]");
      assertThat(alice.hears()).containsExactly("[50,1,{},['all']]");
    }
  }

  @Test
  @Conformance("RPC-PROG-07")
  void progressThatNobodyAskedForIsDroppedAndCounted() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      TestClient bob = callee(world, 0);
      alice.calls("com.add");
      bob.says("[70,1,{'progress':true},[1]]");
      bob.says("[70,1,{},[2]]");
      assertThat(bob.hears()).containsExactly("[68,1,1,{}]");
      assertThat(alice.hears()).containsExactly("[50,1,{},[2]]");
      assertThat(world.dropped(RouterMetrics.Drop.UNWANTED_PROGRESS)).isEqualTo(1);
    }
  }

  @Test
  @Conformance("RPC-PROG-01")
  void progressIsNotAskedOfACalleeThatDidNotAnnounceIt() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0, client -> client.features = NO_FEATURES);
      TestClient bob =
          world.join(0, client -> client.features = new ClientFeatures(true, false, false));
      TestClient carol = callee(world, 0);
      bob.registers("com.sub");
      alice.says("[48,1,{'receive_progress':true},'com.sub']");
      alice.says("[48,2,{'receive_progress':true},'com.add']");
      assertThat(bob.hears()).containsExactly("[68,1,2,{}]");
      assertThat(carol.hears()).containsExactly("[68,1,1,{'receive_progress':true}]");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @Conformance("RPC-PROG-02")
  void realmMayWantProgressOnlyFromCalleesThatCanBeInterrupted(boolean required) {
    try (World world = new World(1, realm -> realm.progressRequiresCanceling = required)) {
      TestClient alice = world.join(0);
      TestClient bob =
          world.join(0, client -> client.features = new ClientFeatures(false, true, false));
      bob.registers("com.add");
      alice.says("[48,1,{'receive_progress':true},'com.add']");
      assertThat(bob.hears())
          .containsExactly(required ? "[68,1,1,{}]" : "[68,1,1,{'receive_progress':true}]");
    }
  }

  @Test
  @Conformance("RPC-PROG-09")
  void calleeThatLeavesBetweenPartsFailsTheCall() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = callee(world, 1);
      alice.says("[48,1,{'receive_progress':true},'com.add']");
      bob.says("[70,1,{'progress':true},[1]]");
      bob.leave();
      assertThat(alice.hears())
          .containsExactly(
              "[50,1,{'progress':true},[1]]",
              "[8,48,1,{},'wamp.error.canceled',['the callee left before it answered']]");
    }
  }

  @Test
  @Conformance("RPC-PROG-11")
  void calleeThatGoesOnAfterASkipIsInterruptedOnce() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = callee(world, 1);
      alice.says("[48,1,{'receive_progress':true},'com.add']");
      bob.hears();
      alice.says("[49,1,{'mode':'skip'}]");
      assertThat(bob.hears()).isEmpty();
      bob.says("[70,1,{'progress':true}]");
      bob.says("[70,1,{'progress':true}]");
      bob.says("[70,1,{}]");
      assertThat(bob.hears())
          .containsExactly("[69,1,{'mode':'killnowait','reason':'wamp.error.canceled'}]");
      assertThat(alice.hears()).containsExactly(CANCELED);
    }
  }

  @Test
  @Conformance("RPC-PROG-11")
  void calleeThatGoesOnAfterItsCallerHasLeftIsInterruptedOnce() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = callee(world, 1);
      alice.says("[48,1,{'receive_progress':true},'com.add']");
      bob.hears();
      alice.leave();
      bob.says("[70,1,{'progress':true}]");
      bob.says("[70,1,{'progress':true}]");
      assertThat(bob.hears())
          .containsExactly("[69,1,{'mode':'killnowait','reason':'wamp.error.canceled'}]");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"skip", "caller gone"})
  @Conformance("RPC-PROG-11")
  void partsOfACalleeThatCannotBeInterruptedAreDiscarded(String end) {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob =
          world.join(1, client -> client.features = new ClientFeatures(false, true, false));
      bob.registers("com.add");
      alice.says("[48,1,{'receive_progress':true},'com.add']");
      bob.hears();
      if (end.equals("skip")) {
        alice.says("[49,1,{'mode':'skip'}]");
      } else {
        alice.leave();
      }
      bob.says("[70,1,{'progress':true}]");
      bob.says("[70,1,{}]");
      assertThat(bob.hears()).isEmpty();
      assertThat(world.dropped(RouterMetrics.Drop.LATE_ANSWER)).isEqualTo(2);
    }
  }

  @Test
  void calleeKeepsFewCallsThatAreOver() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = callee(world, 1);
      for (int i = 1; i <= 100; i++) {
        alice.says("[48," + i + ",{'receive_progress':true},'com.add']");
        alice.says("[49," + i + ",{'mode':'skip'}]");
      }
      assertThat(bob.session().invocations).hasSize(64);
      bob.hears();
      bob.says("[70,1,{'progress':true}]");
      bob.says("[70,2,{}]");
      bob.says("[8,68,3,{},'com.error']");
      bob.says("[70,100,{'progress':true}]");
      assertThat(bob.hears())
          .containsExactly("[69,1,{'mode':'killnowait','reason':'wamp.error.canceled'}]");
      assertThat(bob.session().invocations).hasSize(61);
      alice.says("[48,101,{'receive_progress':true},'com.add']");
      alice.says("[49,101,{'mode':'skip'}]");
      assertThat(bob.session().invocations).hasSize(62);
    }
  }

  @Test
  void partThatCannotBeDeliveredEndsTheCall() {
    try (World world = new World(2)) {
      TestClient alice =
          world.join(
              0,
              client -> {
                client.serializer = Serializer.MSGPACK;
                client.maxLength = 120;
              });
      TestClient bob = callee(world, 1);
      alice.says("[48,1,{'receive_progress':true},'com.add']");
      bob.says("[70,1,{'progress':true},['" + "x".repeat(200) + "']]");
      bob.says("[70,1,{}]");
      assertThat(alice.hears())
          .singleElement()
          .asString()
          .startsWith("[8,48,1,{},'wamp.error.payload_size_exceeded'");
      assertThat(bob.hears())
          .containsExactly(
              "[68,1,1,{'receive_progress':true}]",
              "[69,1,{'mode':'killnowait','reason':'wamp.error.canceled'}]");
    }
  }

  private static TestClient callee(World world, int lane) {
    TestClient callee = world.join(lane);
    callee.registers("com.add");
    return callee;
  }
}
