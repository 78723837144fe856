package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.testing.Conformance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A payload that crosses the decoder's limits costs its request, and nothing else. */
class PayloadLimitsTest {

  private static final String DEEP = "[".repeat(64) + "]".repeat(64);

  private static final String WHY = "['payload: nested deeper than 64']";

  @Test
  void callIsAnsweredWithAnErrorAndTheSessionGoesOn() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      bob.registers("com.add");
      alice.says("[48,1,{},'com.add'," + DEEP + "]");
      assertThat(alice.hears())
          .containsExactly("[8,48,1,{},'wamp.error.invalid_argument'," + WHY + "]");
      alice.calls("com.add");
      assertThat(bob.hears()).containsExactly("[68,1,1,{}]");
    }
  }

  @Test
  void requestIdOfACallUnderWayIsNotAnsweredTwice() {
    try (World world = new World(2, realm -> realm.strictRequestIds = false)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      bob.registers("com.add");
      alice.calls("com.add");
      alice.says("[48,1,{},'com.add'," + DEEP + "]");
      assertThat(alice.hears()).containsExactly("ABORT call 1 is still under way");
    }
  }

  @Test
  void publicationIsAnsweredWhereItAsksForThatAndCountedWhereNot() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      bob.subscribes("com.news");
      alice.says("[16,1,{},'com.news',[],{'k':" + DEEP + "}]");
      assertThat(alice.hears()).isEmpty();
      assertThat(world.dropped(RouterMetrics.Drop.PUBLICATION_REFUSED)).isEqualTo(1);
      alice.says("[16,2,{'acknowledge':true},'com.news'," + DEEP + "]");
      assertThat(alice.hears())
          .containsExactly("[8,16,2,{},'wamp.error.invalid_argument'," + WHY + "]");
      alice.says("[16,3,{},'com.news']");
      assertThat(bob.hears()).containsExactly("[36,1,P1,{}]");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"[70,1,{},", "[8,68,1,{},'com.error',"})
  void callerHearsOfAnAnswerThatNobodyMayRead(String answer) {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      bob.registers("com.add");
      alice.calls("com.add");
      bob.hears();
      bob.says(answer + DEEP + "]");
      assertThat(alice.hears())
          .containsExactly("[8,48,1,{},'wamp.error.invalid_argument'," + WHY + "]");
      alice.calls("com.add");
      assertThat(bob.hears()).containsExactly("[68,2,1,{}]");
      bob.says("[70,2,{}]");
      assertThat(alice.hears()).containsExactly("[50,2,{}]");
    }
  }

  @Test
  @Conformance("RPC-PROG-07")
  void progressThatNobodyAskedForIsDroppedWhateverItIs() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      bob.registers("com.add");
      alice.calls("com.add");
      bob.says("[70,1,{'progress':true}," + DEEP + "]");
      assertThat(alice.hears()).isEmpty();
      assertThat(world.dropped(RouterMetrics.Drop.UNWANTED_PROGRESS)).isEqualTo(1);
      bob.says("[70,1,{},[2]]");
      assertThat(alice.hears()).containsExactly("[50,1,{},[2]]");
    }
  }

  /** What ends a session does so whatever its payload. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "[48,2,{'progress':true},'com.add',",
        "[48,2,{'ppt_scheme':'x_a'},'com.add',",
        "[16,2,{'ppt_scheme':'x_a'},'com.news',",
        "[70,1,{'ppt_scheme':'x_a'},",
        "[8,68,1,{'ppt_scheme':'x_a'},'com.error',"
      })
  void violationIsOneWhateverItsPayload(String message) {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob =
          world.join(1, client -> client.features = new ClientFeatures(true, true, true));
      bob.registers("com.add");
      alice.calls("com.add");
      bob.hears();
      bob.says(message + DEEP + "]");
      assertThat(bob.hears()).singleElement().asString().startsWith("ABORT p");
    }
  }

  @Test
  void callIsCountedWhateverItsPayload() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      alice.says("[48,1,{},'com.add'," + DEEP + "]");
      assertThat(alice.hears()).hasSize(1);
      assertThat(world.nodes.get(0).router.metrics().calls.sum()).isEqualTo(1);
    }
  }

  @Test
  void progressThatNobodyMayReadEndsTheCallOnBothSides() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      bob.registers("com.add");
      alice.says("[48,1,{'receive_progress':true},'com.add']");
      bob.hears();
      bob.says("[70,1,{'progress':true}," + DEEP + "]");
      assertThat(alice.hears())
          .containsExactly("[8,48,1,{},'wamp.error.invalid_argument'," + WHY + "]");
      assertThat(bob.hears())
          .containsExactly("[69,1,{'mode':'killnowait','reason':'wamp.error.canceled'}]");
      bob.says("[70,1,{}," + DEEP + "]");
      assertThat(world.dropped(RouterMetrics.Drop.LATE_ANSWER)).isEqualTo(1);
      bob.says("[70,9,{}," + DEEP + "]");
      assertThat(bob.hears()).containsExactly("ABORT no invocation 9 was sent to this session");
    }
  }
}
