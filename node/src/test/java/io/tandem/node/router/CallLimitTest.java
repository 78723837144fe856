package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.testing.Conformance;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Callees that say how many calls they take at once. */
class CallLimitTest {

  private static final String TWO = "'concurrency':2";

  private static World world(int maxWaiting) {
    return new World(
        2,
        2,
        1,
        realm ->
            realm.calls = new CallSettings(null, null, CallSettings.Forwarding.ASKED, maxWaiting));
  }

  private static TestClient join(World world, String place) {
    return world.join(
        world.nodes.get(place.charAt(0) - 'A'),
        place.charAt(1) - '0',
        client ->
            client.features =
                new ClientFeatures(true, true, true, Set.of(), Set.of(ClientFeature.values())));
  }

  private static void call(TestClient caller, int from, int to) {
    for (int i = from; i <= to; i++) {
      caller.says("[48," + i + ",{},'com.add',[" + i + "]]");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"A0", "A1", "B0"})
  @Conformance("RPC-SHR-09")
  void callsBeyondTheLimitWaitInOrderUntilTheCalleeHasRoom(String place) {
    try (World world = world(2)) {
      TestClient alice = join(world, "A0");
      TestClient bob = join(world, place);
      bob.registers("com.add", TWO);
      call(alice, 1, 5);
      assertThat(bob.hears()).containsExactly("[68,1,1,{},[1]]", "[68,2,1,{},[2]]");
      assertThat(alice.hears())
          .containsExactly(
              "[8,48,5,{},'crossbar.error.max_concurrency_reached',['the callees of com.add have"
                  + " as many calls as they take at once']]");
      bob.says("[70,2,{}]");
      assertThat(bob.hears()).containsExactly("[68,3,1,{},[3]]");
      bob.says("[8,68,1,{},'com.error']");
      assertThat(bob.hears()).containsExactly("[68,4,1,{},[4]]");
      bob.says("[70,3,{}]");
      bob.says("[70,4,{}]");
      assertThat(bob.hears()).isEmpty();
      assertThat(alice.hears())
          .containsExactly("[50,2,{}]", "[8,48,1,{},'com.error']", "[50,3,{}]", "[50,4,{}]");
    }
  }

  @Test
  void callGoesToAnotherCalleeWhereAsManyWaitForOneAsMay() {
    try (World world = world(0)) {
      TestClient alice = join(world, "A0");
      TestClient bob = join(world, "A1");
      TestClient carol = join(world, "B0");
      bob.registers("com.add", "'invoke':'first'," + TWO);
      carol.registers("com.add", "'invoke':'first'");
      call(alice, 1, 3);
      assertThat(bob.hears()).hasSize(2);
      assertThat(carol.hears()).containsExactly("[68,1,1,{},[3]]");
    }
  }

  @Test
  void limitIsOfOneRegistration() {
    try (World world = world(9)) {
      TestClient alice = join(world, "A0");
      TestClient bob = join(world, "B0");
      bob.registers("com.add", "'concurrency':1");
      bob.registers("com.sub");
      call(alice, 1, 2);
      alice.calls("com.sub");
      assertThat(bob.hears()).containsExactly("[68,1,1,{},[1]]", "[68,2,2,{}]");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"skip", "kill", "killnowait"})
  void callThatWaitsCanBeCanceled(String mode) {
    try (World world = world(9)) {
      TestClient alice = join(world, "A0");
      TestClient bob = join(world, "B0");
      bob.registers("com.add", "'concurrency':1");
      call(alice, 1, 3);
      alice.says("[49,2,{'mode':'" + mode + "'}]");
      assertThat(alice.hears()).containsExactly("[8,48,2,{},'wamp.error.canceled']");
      bob.says("[70,1,{}]");
      assertThat(bob.hears()).containsExactly("[68,1,1,{},[1]]", "[68,2,1,{},[3]]");
    }
  }

  @Test
  void timeoutOfACallThatWaitsGoesOn() {
    try (World world = world(9)) {
      TestClient alice = join(world, "A0");
      TestClient bob = join(world, "B0");
      bob.registers("com.add", "'concurrency':1");
      call(alice, 1, 1);
      alice.says("[48,2,{'timeout':100},'com.add']");
      world.advance(Duration.ofMillis(100));
      assertThat(alice.hears()).singleElement().asString().contains("wamp.error.timeout");
      bob.says("[70,1,{}]");
      assertThat(bob.hears()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"leaves", "unregisters"})
  void whatWaitsIsRefusedWhenTheCalleeIsGone(String how) {
    try (World world = world(9)) {
      TestClient alice = join(world, "A0");
      TestClient bob = join(world, "B0");
      TestClient carol = join(world, "A1");
      bob.registers("com.add", "'invoke':'first','concurrency':1");
      carol.registers("com.add", "'invoke':'first'");
      call(alice, 1, 3);
      if (how.equals("leaves")) {
        bob.leave();
      } else {
        bob.says("[66,2,1]");
      }
      assertThat(carol.hears()).containsExactly("[68,1,1,{},[2]]", "[68,2,1,{},[3]]");
      assertThat(alice.hears()).hasSize(how.equals("leaves") ? 1 : 0);
    }
  }

  @Test
  void callerThatLeavesWaitsForNothing() {
    try (World world = world(9)) {
      TestClient alice = join(world, "A0");
      TestClient dave = join(world, "A0");
      TestClient bob = join(world, "B0");
      bob.registers("com.add", "'concurrency':1");
      call(dave, 1, 1);
      call(alice, 1, 2);
      alice.leave();
      bob.says("[70,1,{}]");
      assertThat(bob.hears()).hasSize(1);
    }
  }

  @Test
  void partsFollowTheirCallThatHasWaited() {
    try (World world = world(9)) {
      TestClient alice = join(world, "A0");
      TestClient bob = join(world, "B0");
      bob.registers("com.add", "'concurrency':1");
      call(alice, 1, 1);
      alice.says("[48,2,{'progress':true},'com.add',[2]]");
      call(alice, 3, 3);
      alice.says("[48,2,{},'com.add',[4]]");
      assertThat(bob.hears()).hasSize(1);
      bob.says("[70,1,{}]");
      assertThat(bob.hears())
          .containsExactly("[68,2,1,{'progress':true},[2]]", "[68,2,1,{'progress':false},[4]]");
      bob.says("[70,2,{}]");
      assertThat(bob.hears()).containsExactly("[68,3,1,{},[3]]");
    }
  }

  /** The caller pays for what it makes the node keep, on whichever lane. */
  @Test
  void argumentsOfACallThatWaitsStayInItsCallersMemory() {
    try (World world = world(9)) {
      TestClient alice = join(world, "A0");
      TestClient bob = join(world, "A0");
      bob.registers("com.add", "'concurrency':1");
      call(alice, 1, 1);
      alice.says("[48,2,{},'com.add',['" + "x".repeat(60_000) + "']]");
      assertThat(alice.session().memory.used()).isGreaterThan(60_000);
    }
  }

  @Test
  void limitOfNothingIsRefused() {
    try (World world = world(9)) {
      TestClient bob = join(world, "A0");
      bob.says("[64,1,{'concurrency':0},'com.add']");
      assertThat(bob.hears()).singleElement().asString().contains("wamp.error.invalid_argument");
      bob.says("[64,2,{'concurrency':-1},'com.add']");
      assertThat(bob.hears()).singleElement().asString().contains("wamp.error.invalid_argument");
    }
  }
}
