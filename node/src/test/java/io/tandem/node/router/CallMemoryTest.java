package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Calls whose callee does not answer: what they make the node keep has an end (B1). */
class CallMemoryTest {

  private static final long MEMORY = 4 << 20;
  private static final String BIG = "['" + "x".repeat(60_000) + "']";
  private static final String LONG_OPTION = "'ppt_scheme':'x_" + "y".repeat(60_000) + "'";
  private static final String REFUSED =
      "'wamp.error.unavailable',['this session's calls under way take all the memory that it may"
          + " have now']]";

  private static World world() {
    return new World(2, realm -> realm.nodeMemory = MEMORY);
  }

  /** The requests that were refused. */
  private static List<String> callsUntilRefused(TestClient caller) {
    return callsUntilRefused(caller, "{},'com.silent'," + BIG);
  }

  /** Likewise, of calls that say this. */
  private static List<String> callsUntilRefused(TestClient caller, String call) {
    List<String> heard = List.of();
    for (int i = 0; heard.isEmpty(); i++) {
      assertThat(i).as("calls").isLessThan(95);
      caller.says("[48," + caller.next() + "," + call + "]");
      heard = caller.hears();
    }
    return heard;
  }

  private static Budget memory(World world) {
    return world.nodes.get(0).router.memory();
  }

  @Test
  void callerIsRefusedBeforeItsPayloadsTakeAllMemoryAndOthersAreServed() {
    try (World world = world()) {
      TestClient mallory = world.join(0);
      TestClient silent = world.join(1);
      silent.registers("com.silent");
      assertThat(callsUntilRefused(mallory)).singleElement().asString().endsWith(REFUSED);
      assertThat(memory(world).used()).isBetween(MEMORY / 4, MEMORY / 2);

      TestClient alice = world.join(0);
      TestClient bob = world.join(1);
      bob.registers("com.add");
      for (int i = 1; i <= 10; i++) {
        alice.says("[48," + i + ",{},'com.add'," + BIG + "]");
        assertThat(bob.hears()).hasSize(1);
        bob.says("[70," + i + ",{}]");
        assertThat(alice.hears()).containsExactly("[50," + i + ",{}]");
      }
    }
  }

  @Test
  void callThatIsAnsweredMakesRoomForTheNextOne() {
    try (World world = world()) {
      TestClient mallory = world.join(0);
      TestClient silent = world.join(1);
      silent.registers("com.silent");
      callsUntilRefused(mallory);
      silent.says("[70,1,{}]");
      assertThat(mallory.hears()).containsExactly("[50,1,{}]");
      mallory.says("[48," + mallory.next() + ",{},'com.silent'," + BIG + "]");
      assertThat(mallory.hears()).isEmpty();
      mallory.leave();
      assertThat(memory(world).used()).isLessThan(64 << 10);
    }
  }

  @Test
  void payloadIsNotKeptOnceACalleeOfTheSameLaneHasIt() {
    try (World world = world()) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(0);
      bob.registers("com.add");
      for (int i = 1; i <= 99; i++) {
        alice.says("[48," + i + ",{},'com.add'," + BIG + "]");
      }
      assertThat(bob.hears()).hasSize(99);
      assertThat(alice.session().memory.used()).isBetween(99L << 10, 99L << 11);
    }
  }

  @Test
  void payloadIsKeptForTheCalleeThatTakesTheCallAfterAnotherHasRefusedIt() {
    try (World world = world()) {
      TestClient alice = world.join(0);
      TestClient full = world.join(0, client -> client.disconnected = false);
      TestClient bob = world.join(1);
      full.registers("com.add", "'invoke':'first'");
      bob.registers("com.add", "'invoke':'first'");
      full.disconnected = true;
      alice.says("[48,1,{},'com.add'," + BIG + "]");
      assertThat(bob.hears()).singleElement().asString().contains("xxxx");
      assertThat(alice.session().memory.used()).isGreaterThan(60_000);
    }
  }

  @Test
  void optionsOfACallCountLikeItsPayload() {
    try (World world = world()) {
      TestClient mallory = world.join(0);
      TestClient silent = world.join(1);
      silent.registers("com.silent");
      assertThat(callsUntilRefused(mallory, "{" + LONG_OPTION + "},'com.silent'"))
          .singleElement()
          .asString()
          .endsWith(REFUSED);
      assertThat(memory(world).used()).isBetween(MEMORY / 4, MEMORY / 2);
    }
  }

  @Test
  void optionsAreNotKeptOnceACalleeOfTheSameLaneHasTheCallButForItsTimeout() {
    try (World world = world()) {
      TestClient alice = world.join(0);
      TestClient bob = world.join(0);
      bob.registers("com.add");
      for (int i = 1; i <= 9; i++) {
        alice.says("[48," + i + ",{'timeout':1000," + LONG_OPTION + "},'com.add']");
      }
      assertThat(bob.hears()).hasSize(9);
      assertThat(alice.session().memory.used()).isBetween(9L << 10, 9L << 11);
      world.advance(Duration.ofSeconds(1));
      assertThat(alice.hears()).hasSize(9).allMatch(end -> end.contains("wamp.error.timeout"));
    }
  }

  @Test
  void smallCallsCountTooSinceTheyAreMany() {
    try (World world =
        new World(
            2,
            realm -> {
              realm.nodeMemory = 1 << 20;
              realm.maxPendingCalls = 10_000;
            })) {
      TestClient mallory = world.join(0);
      TestClient silent = world.join(1);
      silent.registers("com.silent");
      List<String> heard = List.of();
      while (heard.isEmpty()) {
        mallory.calls("com.silent");
        heard = mallory.hears();
      }
      assertThat(heard).singleElement().asString().endsWith(REFUSED);
      assertThat(mallory.session().calls).hasSizeBetween(200, 400);
    }
  }
}
