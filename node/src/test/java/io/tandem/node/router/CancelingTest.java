package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.testing.Conformance;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** CANCEL in its three modes, and INTERRUPT. */
class CancelingTest {

  static final String CANCELED = "[8,48,1,{},'wamp.error.canceled']";

  @ParameterizedTest
  @ValueSource(strings = {"", "'mode':'killnowait'"})
  @Conformance({"RPC-CAN-01", "RPC-CAN-04", "RPC-CAN-06"})
  void killnowaitAnswersTheCallerAtOnceAndInterruptsTheCallee(String options) {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = world.callee(1);
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
      TestClient bob = world.callee(1);
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
      TestClient bob = world.callee(1);
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
      TestClient bob = world.callee(0);
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
      TestClient bob = world.join(1, client -> client.features = TestClient.NO_FEATURES);
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
      TestClient bob = world.callee(0);
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
      TestClient bob = world.callee(1);
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
      TestClient bob = world.callee(1);
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
      TestClient bob = world.callee(0);
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
      TestClient bob = world.callee(1);
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
      TestClient bob = world.callee(1);
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
      TestClient bob = world.callee(1);
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
      TestClient bob = world.callee(1);
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
}
