package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.testing.Conformance;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long a call may take, and who watches the time. */
class CallTimeoutTest {

  @Test
  @Conformance("RPC-TMO-03")
  void callThatTakesTooLongFailsAndItsCalleeIsInterrupted() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = world.callee(1);
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
      TestClient bob = world.join(1, client -> client.features = TestClient.NO_FEATURES);
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
      TestClient bob = world.callee(1);
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
      TestClient bob = world.callee(1);
      alice.says("[48,1,{'timeout':25000,'receive_progress':true},'com.add']");
      alice.says("[49,1,{'mode':'kill'}]");
      for (int part = 0; part < 2; part++) {
        world.advance(Duration.ofSeconds(20));
        bob.says("[70,1,{'progress':true}]");
      }
      assertThat(alice.hears()).hasSize(2);
      world.advance(Duration.ofSeconds(20));
      assertThat(alice.hears()).containsExactly(CancelingTest.CANCELED);
    }
  }

  @Test
  @Conformance("RPC-TMO-01")
  void noTimeoutAndTimeoutZeroWaitForever() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      TestClient bob = world.callee(0);
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
      world.callee(0);
      alice.says("[48,1,{'timeout':-1},'com.add']");
      assertThat(alice.hears()).containsExactly("ABORT CALL.timeout must be zero or more");
    }
  }

  @Test
  @Conformance("RPC-TMO-01")
  void timeoutOfAgesIsTakenForALongOne() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      TestClient bob = world.callee(0);
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
      TestClient bob = world.callee(1);
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
  @Conformance("RPC-TMO-07")
  void calleeThatWatchesTheTimeoutItselfAndDoesNotHasAMuchLongerOne() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      bob.registers("com.add", "'forward_timeout':true");
      alice.says("[48,1,{'timeout':1000},'com.add']");
      world.advance(Duration.ofMillis(61_999));
      assertThat(alice.hears()).isEmpty();
      world.advance(Duration.ofMillis(1));
      assertThat(alice.hears()).singleElement().asString().contains("wamp.error.timeout");
      assertThat(bob.hears())
          .containsExactly(
              "[68,1,1,{'timeout':1000}]",
              "[69,1,{'mode':'killnowait','reason':'wamp.error.timeout'}]");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ASKED, true, true",
    "ASKED, false, false",
    "ALWAYS, false, true",
    "NEVER, true, false"
  })
  @Conformance("RPC-TMO-05")
  void realmSaysWhichCalleesWatchTheTimeout(
      CallSettings.Forwarding forwarding, boolean asks, boolean watches) {
    try (World world =
        new World(2, realm -> realm.calls = new CallSettings(null, null, forwarding, 9))) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      TestClient carol =
          world.join(1, client -> client.features = new ClientFeatures(true, true, false));
      bob.registers("com.add", "'forward_timeout':" + asks);
      carol.registers("com.sub", "'forward_timeout':" + asks);
      alice.says("[48,1,{'timeout':250},'com.add']");
      alice.says("[48,2,{'timeout':250},'com.sub']");
      assertThat(bob.hears()).containsExactly(watches ? "[68,1,1,{'timeout':250}]" : "[68,1,1,{}]");
      assertThat(carol.hears()).containsExactly("[68,1,2,{}]");
    }
  }

  /** The timeout that a call has by the realm's usual one, its longest one, and its own. */
  @ParameterizedTest
  @CsvSource({
    "100, , 0, 100",
    "100, , 200, 200",
    ", 300, 0, 300",
    ", 300, 400, 300",
    ", 300, 200, 200",
    "100, 300, 0, 100",
    "100, 300, 200, 200",
    "100, 300, 400, 300"
  })
  @Conformance("RPC-TMO-07")
  void realmHasAUsualAndALongestTimeout(Long usual, Long longest, long asked, long expected) {
    try (World world =
        new World(
            2,
            realm ->
                realm.calls = new CallSettings(usual, longest, CallSettings.Forwarding.ASKED, 9))) {
      TestClient alice = world.join(0);
      world.callee(1);
      alice.says("[48,1,{'timeout':" + asked + "},'com.add']");
      world.advance(Duration.ofMillis(expected - 1));
      assertThat(alice.hears()).isEmpty();
      world.advance(Duration.ofMillis(1));
      assertThat(alice.hears())
          .containsExactly("[8,48,1,{},'wamp.error.timeout',['no answer in " + expected + " ms']]");
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
      TestClient bob = world.callee(0);
      bob.disconnected = true;
      alice.says("[48,1,{'timeout':250},'com.add']");
      assertThat(world.clock.pending()).isZero();
      assertThat(alice.hears()).hasSize(1);
    }
  }
}
