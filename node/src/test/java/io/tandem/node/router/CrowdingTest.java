package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.testing.Conformance;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A lane that does not come round to its mailbox: who waits, what is dropped, who is told. */
class CrowdingTest {

  private static final String BIG = "['" + "x".repeat(1 << 20) + "']";

  @Test
  void publisherIsHeldWhileALaneIsCrowdedAndReleasedWhenItIsNot() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      bob.subscribes("com.a");
      world.pause();
      publish(world, alice, 7);
      assertThat(alice.holds).isZero();
      publish(world, alice, 3);
      assertThat(alice.holds).isPositive();
      world.resume();
      assertThat(alice.holds).isZero();
      assertThat(bob.hears()).hasSize(10);
    }
  }

  @Test
  void publisherThatEndsWhileItIsHeldIsReleasedAllTheSame() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      world.join(1).subscribes("com.a");
      world.pause();
      publish(world, alice, 10);
      alice.leave();
      world.turnOf(alice);
      assertThat(alice.holds).isPositive();
      world.resume();
      assertThat(alice.holds).isZero();
    }
  }

  @Test
  @Conformance("RPC-PROG-12")
  void calleeIsHeldWhileItsPartsCrowdTheCallersLane() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      bob.registers("com.a");
      alice.says("[48,1,{'receive_progress':true},'com.a']");
      world.pause();
      for (int i = 0; i < 10; i++) {
        bob.says("[70,1,{'progress':true}," + BIG + "]");
      }
      world.turnOf(bob);
      assertThat(bob.holds).isPositive();
      world.resume();
      assertThat(bob.holds).isZero();
      assertThat(alice.hears()).hasSize(10);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"[70,N,{},BIG]", "[8,68,N,{},'com.error',BIG]"})
  void calleeIsHeldWhileItsAnswersCrowdTheCallersLane(String answer) {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      bob.registers("com.a");
      for (int i = 0; i < 10; i++) {
        alice.calls("com.a");
      }
      world.pause();
      for (int i = 1; i <= 10; i++) {
        bob.says(answer.replace("N", "" + i).replace("BIG", BIG));
      }
      world.turnOf(bob);
      assertThat(bob.holds).isPositive();
      assertThat(bob.session().invocations).as("not read yet").isNotEmpty();
      world.resume();
      assertThat(bob.holds).isZero();
      assertThat(alice.hears()).hasSize(10);
    }
  }

  @Test
  void subscribersMayAllLeaveWhileTheirEventsWait() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      bob.subscribes("com.a");
      world.pause();
      bob.leave();
      publish(world, alice, 10);
      world.resume();
      assertThat(bob.hears()).isEmpty();
      assertThat(alice.holds).isZero();
    }
  }

  @Test
  @Conformance("RPC-16")
  void fullLaneDropsEventsWithACountAndRefusesCallsWithAnAnswer() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      bob.subscribes("com.a");
      bob.registers("com.a");
      alice.calls("com.a");
      List<TestClient> publishers = Stream.generate(() -> world.join(0)).limit(17).toList();
      world.pause();
      // Each of them is held as soon as the lane is crowded, so it takes many.
      publishers.forEach(publisher -> publish(world, publisher, 1));
      assertThat(world.dropped(RouterMetrics.Drop.EVENT_LANE_FULL)).isPositive();
      alice.calls("com.a");
      world.turnOf(alice);
      assertThat(alice.hears())
          .containsExactly(
              "[8,48,2,{},'wamp.error.network_failure',['no callee of com.a can take the call"
                  + " now']]");
      world.resume();
      bob.says("[70,1,{}]");
      assertThat(alice.hears()).containsExactly("[50,1,{}]");
    }
  }

  private static void publish(World world, TestClient publisher, int times) {
    for (int i = 0; i < times; i++) {
      publisher.says("[16," + publisher.next() + ",{},'com.a'," + BIG + "]");
    }
    world.turnOf(publisher);
  }
}
