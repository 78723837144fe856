package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.wire.Serializer;
import io.tandem.testing.Conformance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Results that come in parts, and callees that go on when nobody listens any more. */
class ProgressTest {

  @Test
  @Conformance({"RPC-PROG-01", "RPC-PROG-03", "RPC-PROG-05"})
  void partsReachTheCallerAsTheyComeWhateverTheyHold() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = world.callee(1);
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
      TestClient bob = world.callee(0);
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
      TestClient bob = world.callee(0);
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
      TestClient alice = world.join(0, client -> client.features = TestClient.NO_FEATURES);
      TestClient bob =
          world.join(0, client -> client.features = new ClientFeatures(true, false, false));
      TestClient carol = world.callee(0);
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
      TestClient bob = world.callee(1);
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
      TestClient bob = world.callee(1);
      alice.says("[48,1,{'receive_progress':true},'com.add']");
      bob.hears();
      alice.says("[49,1,{'mode':'skip'}]");
      assertThat(bob.hears()).isEmpty();
      bob.says("[70,1,{'progress':true}]");
      bob.says("[70,1,{'progress':true}]");
      bob.says("[70,1,{}]");
      assertThat(bob.hears())
          .containsExactly("[69,1,{'mode':'killnowait','reason':'wamp.error.canceled'}]");
      assertThat(alice.hears()).containsExactly(CancelingTest.CANCELED);
    }
  }

  @Test
  @Conformance("RPC-PROG-11")
  void calleeThatGoesOnAfterItsCallerHasLeftIsInterruptedOnce() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = world.callee(1);
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
      TestClient bob = world.callee(1);
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
      TestClient bob = world.callee(1);
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
}
