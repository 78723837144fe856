package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.message.Invocation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Callees that cannot take a call: how many of them are asked, and what the caller hears. */
class BusyCalleesTest {

  private static final String NOBODY_CAN =
      "'wamp.error.network_failure',['no callee of com.add can take the call now']]";

  /** Each call goes to the first callee that has nothing to do; each of them takes one. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void callIsGivenUpWhenSixteenCalleesHaveTooMuchToDo(int laneOfCallees) {
    try (World world = new World(2, realm -> realm.maxPendingCalls = 1)) {
      List<TestClient> callees = new ArrayList<>();
      for (int i = 0; i < 18; i++) {
        TestClient callee = world.join(laneOfCallees);
        callee.registers("com.add", "'invoke':'first'");
        callees.add(callee);
      }
      for (int i = 0; i < 16; i++) {
        TestClient caller = world.join(0);
        caller.calls("com.add");
        assertThat(caller.hears()).isEmpty();
        assertThat(callees.get(i).hears()).as("callee %d", i).containsExactly("[68,1,1,{}]");
      }
      TestClient caller = world.join(0);
      caller.calls("com.add");
      assertThat(caller.hears()).containsExactly("[8,48,1,{}," + NOBODY_CAN);
      assertThat(callees.get(16).hears()).as("the seventeenth").isEmpty();

      callees.get(15).says("[70,1,{}]");
      caller.calls("com.add");
      assertThat(callees.get(15).hears()).as("is free again").containsExactly("[68,2,1,{}]");
    }
  }

  /** Whoever calls it more than it reads must not close it: events and answers still have room. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void calleeThatDoesNotReadIsGivenNoMoreCallsAndOthersAre(int laneOfCallees) {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(laneOfCallees);
      TestClient carol = world.join(laneOfCallees);
      bob.registers("com.add", "'invoke':'first'");
      carol.registers("com.add", "'invoke':'first'");
      bob.subscribes("com.topic");
      bob.isCrowded = true;
      alice.calls("com.add");
      assertThat(bob.hears()).isEmpty();
      assertThat(carol.hears()).hasSize(1);
      carol.isCrowded = true;
      TestClient other = world.join(0);
      other.calls("com.add");
      assertThat(other.hears()).containsExactly("[8,48,1,{}," + NOBODY_CAN);
      other.says("[16," + other.next() + ",{},'com.topic']");
      assertThat(bob.hears()).singleElement().asString().startsWith("[36,");

      bob.isCrowded = false;
      other.calls("com.add");
      assertThat(bob.hears()).hasSize(1);
    }
  }

  /** A defect of the router's own costs the call that met it, and nobody else. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void callThatMeetsADefectIsAnsweredAndTheLaneGoesOn(int laneOfCallee) {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(laneOfCallee);
      TestClient carol = world.join(laneOfCallee);
      bob.registers("com.add");
      carol.registers("com.other");
      bob.listener =
          message -> {
            if (message instanceof Invocation) {
              throw new IllegalStateException("planted");
            }
          };
      alice.calls("com.add");
      assertThat(alice.hears()).containsExactly("[8,48,1,{}," + NOBODY_CAN);
      assertThat(alice.lane.pending()).isZero();

      alice.calls("com.other");
      assertThat(carol.hears()).containsExactly("[68,1,2,{}]");
    }
  }

  @Test
  void callThatMeetsADefectGoesToTheNextCallee() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      TestClient carol = world.join(1);
      bob.registers("com.add", "'invoke':'first'");
      carol.registers("com.add", "'invoke':'first'");
      bob.listener =
          message -> {
            if (message instanceof Invocation) {
              throw new IllegalStateException("planted");
            }
          };
      alice.calls("com.add");
      assertThat(alice.hears()).isEmpty();
      assertThat(carol.hears()).containsExactly("[68,1,1,{}]");
    }
  }

  @Test
  void callsOfACallerAndInvocationsOfACalleeAreBounded() {
    try (World world = new World(2, realm -> realm.maxPendingCalls = 1)) {
      TestClient alice = world.join(0);
      TestClient carol = world.join(0);
      TestClient bob = world.join(1);
      bob.registers("com.add");
      alice.calls("com.add");
      alice.calls("com.add");
      carol.calls("com.add");
      assertThat(alice.hears())
          .containsExactly(
              "[8,48,2,{},'wamp.error.not_authorized',['a session may have at most 1 calls under"
                  + " way']]");
      assertThat(carol.hears())
          .containsExactly(
              "[8,48,1,{},'wamp.error.network_failure',['no callee of com.add can take the call"
                  + " now']]");
      bob.says("[70,1,{}]");
      carol.calls("com.add");
      assertThat(bob.hears()).containsExactly("[68,1,1,{}]", "[68,2,1,{}]");
    }
  }

  @Test
  void busyCalleeIsPassedOver() {
    try (World world = new World(1, realm -> realm.maxPendingCalls = 1)) {
      TestClient alice = world.join(0);
      TestClient carol = world.join(0);
      TestClient bob = world.join(0);
      TestClient dave = world.join(0);
      bob.registers("com.add", "'invoke':'first'");
      dave.registers("com.add", "'invoke':'first'");
      alice.calls("com.add");
      carol.calls("com.add");
      assertThat(bob.hears()).containsExactly("[68,1,1,{}]");
      assertThat(dave.hears()).containsExactly("[68,1,1,{}]");
    }
  }

  @Test
  void callerHearsSoonWhenVeryManyCalleesAreBusy() {
    try (World world = new World(1, realm -> realm.maxPendingCalls = 1)) {
      for (int i = 0; i < 20; i++) {
        TestClient callee = world.join(0);
        callee.registers("com.add", "'invoke':'first'");
        callee.disconnected = true;
      }
      TestClient alice = world.join(0);
      alice.calls("com.add");
      assertThat(alice.hears())
          .containsExactly(
              "[8,48,1,{},'wamp.error.network_failure',['no callee of com.add can take the call"
                  + " now']]");
    }
  }
}
