package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.testing.Conformance;
import org.junit.jupiter.api.Test;

/** What becomes of a call whose caller or callee leaves. */
class LostSidesTest {

  @Test
  @Conformance({"RPC-17", "RPC-PROG-08"})
  void calleeIsInterruptedIfItCanBeWhenTheCallerLeaves() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      TestClient carol =
          world.join(1, client -> client.features = new ClientFeatures(false, true, false));
      bob.registers("com.add");
      carol.registers("com.more");
      alice.says("[48,1,{'receive_progress':true},'com.add']");
      alice.calls("com.more");
      bob.hears();
      carol.hears();
      alice.leave();
      assertThat(bob.hears())
          .containsExactly("[69,1,{'mode':'killnowait','reason':'wamp.error.canceled'}]");
      assertThat(carol.hears()).isEmpty();
      bob.says("[70,1,{}]");
      carol.says("[70,1,{}]");
      assertThat(world.dropped(RouterMetrics.Drop.LATE_ANSWER)).isEqualTo(2);
    }
  }

  @Test
  @Conformance("QRK-07")
  void calleeThatCannotBeInterruptedHearsNothingOfIt() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob =
          world.join(1, client -> client.features = new ClientFeatures(false, true, false));
      bob.registers("com.add");
      alice.calls("com.add");
      bob.hears();
      alice.leave();
      bob.says("[70,1,{}]");
      assertThat(bob.hears()).isEmpty();
    }
  }

  @Test
  @Conformance("RPC-18")
  void callFailsWhenItsCalleeLeavesAndNobodyElseGetsIt() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      TestClient carol = world.join(1);
      bob.registers("com.add", "'invoke':'first'");
      carol.registers("com.add", "'invoke':'first'");
      alice.calls("com.add");
      bob.leave();
      assertThat(alice.hears())
          .containsExactly(
              "[8,48,1,{},'wamp.error.canceled',['the callee left before it answered']]");
      assertThat(carol.hears()).isEmpty();
    }
  }

  @Test
  void callOnItsWayToASessionThatJustEndedGoesToAnother() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      TestClient carol = world.join(0);
      bob.registers("com.add", "'invoke':'first'");
      carol.registers("com.add", "'invoke':'first'");
      world.pause();
      alice.calls("com.add");
      bob.leave();
      world.turnOf(alice);
      world.resume();
      assertThat(bob.hears()).isEmpty();
      assertThat(carol.hears()).containsExactly("[68,1,1,{}]");
    }
  }

  @Test
  @Conformance("RPC-05")
  void callOnItsWayToASoleCalleeThatJustEndedFindsNobody() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      bob.registers("com.add");
      world.leavesUnseen(bob);
      alice.calls("com.add");
      world.turnOf(alice);
      world.resume();
      assertThat(alice.hears())
          .containsExactly(
              "[8,48,1,{},'wamp.error.no_such_procedure',['nobody has registered com.add']]");
    }
  }

  @Test
  @Conformance("RPC-16")
  void callForACalleeWhoseTransportIsClosedFails() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      bob.registers("com.add");
      bob.disconnected = true;
      alice.calls("com.add");
      assertThat(alice.hears())
          .containsExactly(
              "[8,48,1,{},'wamp.error.network_failure',['no callee of com.add can take the call"
                  + " now']]");
    }
  }
}
