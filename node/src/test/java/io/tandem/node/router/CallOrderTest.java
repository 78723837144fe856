package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.testing.Conformance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Calls that a callee cannot take, and the calls of their session that come later. */
class CallOrderTest {

  private static final String UNAVAILABLE =
      "'wamp.error.unavailable',['the callee of com.add left before it had the call']]";

  @Test
  @Conformance("ORD-03")
  void callsThatACalleeNoLongerTakesGoToTheNextInOrder() {
    try (World world = new World(3)) {
      TestClient alice = world.join(0);
      TestClient bob = callee(world, 1, "first");
      TestClient carol = callee(world, 2, "first");
      world.leavesUnseen(bob);
      for (int i = 1; i <= 3; i++) {
        calls(alice, i);
      }
      world.turnOf(alice);
      world.turnOf(bob);
      // The first refusal is known; the other two are on their way.
      calls(alice, 4);
      world.resume();
      assertThat(carol.hears())
          .containsExactly(
              "[68,1,1,{},[1]]", "[68,2,1,{},[2]]", "[68,3,1,{},[3]]", "[68,4,1,{},[4]]");
      assertThat(alice.hears()).isEmpty();
    }
  }

  @Test
  @Conformance("ORD-03")
  void callFailsRatherThanArriveAfterALaterOne() {
    try (World world = new World(3)) {
      TestClient alice = world.join(0);
      TestClient bob = callee(world, 1, "roundrobin");
      TestClient carol = callee(world, 2, "roundrobin");
      world.leavesUnseen(bob);
      calls(alice, 1);
      calls(alice, 2);
      world.turnOf(alice);
      world.resume();
      assertThat(carol.hears()).containsExactly("[68,1,1,{},[2]]");
      assertThat(alice.hears()).containsExactly("[8,48,1,{}," + UNAVAILABLE);
    }
  }

  @Test
  void callThatNoLaterOneHasOvertakenFindsAThirdCallee() {
    try (World world = new World(3)) {
      TestClient alice = world.join(0);
      TestClient bob = callee(world, 1, "roundrobin");
      TestClient carol = callee(world, 2, "roundrobin");
      TestClient dave = callee(world, 2, "roundrobin");
      world.leavesUnseen(bob);
      calls(alice, 1);
      calls(alice, 2);
      world.turnOf(alice);
      world.resume();
      assertThat(carol.hears()).containsExactly("[68,1,1,{},[2]]");
      assertThat(dave.hears()).containsExactly("[68,1,1,{},[1]]");
      assertThat(alice.hears()).isEmpty();
    }
  }

  @Test
  @Conformance("ORD-03")
  void laterCallOfAnotherProcedureWaitsToo() {
    try (World world = new World(3)) {
      TestClient alice = world.join(0);
      TestClient bob = callee(world, 1, "first");
      TestClient carol = callee(world, 2, "first");
      carol.registers("com.other");
      undecided(world, alice, bob);
      alice.says("[48,3,{},'com.other',[3]]");
      world.turnOf(alice);
      world.turnOf(carol);
      assertThat(carol.hears()).containsExactly("[68,1,1,{},[1]]");
      world.resume();
      assertThat(carol.hears()).containsExactly("[68,2,1,{},[2]]", "[68,3,2,{},[3]]");
    }
  }

  /** What is on its way to a callee that has left is undecided, whatever it calls. */
  @Test
  @Conformance("ORD-03")
  void callOfAnotherProcedureOfTheCalleeThatLeftKeepsItsPlaceToo() {
    try (World world = new World(3)) {
      TestClient alice = world.join(0);
      TestClient bob = callee(world, 1, "first");
      TestClient carol = callee(world, 2, "first");
      bob.registers("com.sub", "'invoke':'first'");
      carol.registers("com.sub", "'invoke':'first'");
      world.leavesUnseen(bob);
      calls(alice, 1);
      alice.says("[48,2,{},'com.sub',[2]]");
      world.turnOf(alice);
      refuseFirst(world, alice, bob);
      calls(alice, 3);
      world.turnOf(alice);
      world.resume();
      assertThat(carol.hears())
          .containsExactly("[68,1,1,{},[1]]", "[68,2,2,{},[2]]", "[68,3,1,{},[3]]");
      assertThat(alice.hears()).isEmpty();
    }
  }

  /** The first of two calls was refused, and what has become of the second nobody knows yet. */
  private static void undecided(World world, TestClient alice, TestClient bob) {
    world.leavesUnseen(bob);
    calls(alice, 1);
    calls(alice, 2);
    world.turnOf(alice);
    refuseFirst(world, alice, bob);
  }

  /** As if bob's lane stood still behind the first call. */
  private static void refuseFirst(World world, TestClient alice, TestClient bob) {
    alice.lane.execute(
        () -> {
          PendingCall first = alice.session().calls.get(1L);
          alice
              .realm()
              .receive(
                  new io.tandem.cluster.delivery.Delivery.Refused(
                      World.REALM,
                      first.address,
                      bob.id,
                      io.tandem.cluster.delivery.Delivery.Refusal.GONE));
        });
    world.turnOf(alice);
  }

  @Test
  @Conformance("RPC-CAN-06")
  void callThatWaitsCanBeCanceledInAnyMode() {
    for (String mode : List.of("skip", "kill", "killnowait")) {
      try (World world = new World(3)) {
        TestClient alice = world.join(0);
        TestClient bob = callee(world, 1, "first");
        TestClient carol = callee(world, 2, "first");
        undecided(world, alice, bob);
        calls(alice, 3);
        alice.says("[49,3,{'mode':'" + mode + "'}]");
        world.turnOf(alice);
        assertThat(alice.hears()).containsExactly("[8,48,3,{},'wamp.error.canceled']");
        world.resume();
        assertThat(carol.hears()).containsExactly("[68,1,1,{},[1]]", "[68,2,1,{},[2]]");
      }
    }
  }

  @Test
  @Conformance("RPC-TMO-02")
  void timeoutOfACallThatWaitsBeginsWithTheCall() {
    try (World world = new World(3)) {
      TestClient alice = world.join(0);
      TestClient bob = callee(world, 1, "first");
      TestClient carol = callee(world, 2, "first");
      undecided(world, alice, bob);
      alice.says("[48,3,{'timeout':100},'com.add',[3]]");
      world.turnOf(alice);
      world.clock.advance(Duration.ofMillis(100));
      world.turnOf(alice);
      assertThat(alice.hears())
          .containsExactly("[8,48,3,{},'wamp.error.timeout',['no answer in 100 ms']]");
      world.resume();
      assertThat(carol.hears()).containsExactly("[68,1,1,{},[1]]", "[68,2,1,{},[2]]");
    }
  }

  @Test
  @Conformance("RPC-17")
  void callerThatLeavesTakesItsWaitingCallsAlong() {
    try (World world = new World(3)) {
      TestClient alice = world.join(0);
      TestClient bob = callee(world, 1, "first");
      TestClient carol = callee(world, 2, "first");
      undecided(world, alice, bob);
      calls(alice, 3);
      alice.leave();
      world.resume();
      assertThat(carol.hears()).noneMatch(heard -> heard.contains("[3]"));
    }
  }

  @Test
  void nobodyWaitsLongForAVerdictThatDoesNotCome() {
    try (World world = new World(3)) {
      TestClient alice = world.join(0);
      TestClient bob = callee(world, 1, "first");
      TestClient carol = callee(world, 2, "first");
      undecided(world, alice, bob);
      calls(alice, 3);
      world.turnOf(alice);
      world.turnOf(carol);
      assertThat(carol.hears()).containsExactly("[68,1,1,{},[1]]");
      world.clock.advance(CallOrder.PATIENCE);
      world.turnOf(alice);
      world.turnOf(carol);
      assertThat(carol.hears()).containsExactly("[68,2,1,{},[3]]");
      world.resume();
      assertThat(alice.hears()).containsExactly("[8,48,2,{}," + UNAVAILABLE);
    }
  }

  @Test
  void calleeThatIsKnownToBeGoneIsNotAskedAgain() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient bob = callee(world, 1, "roundrobin");
      TestClient carol = callee(world, 0, "roundrobin");
      world.turns.stop("writer A");
      bob.leave();
      calls(alice, 1);
      calls(alice, 2);
      calls(alice, 3);
      assertThat(carol.hears())
          .containsExactly("[68,1,1,{},[1]]", "[68,2,1,{},[2]]", "[68,3,1,{},[3]]");
      assertThat(alice.hears()).isEmpty();
      world.turns.goOn("writer A");
    }
  }

  // ---- at random ----

  static List<Arguments> seeds() {
    List<Arguments> seeds = new ArrayList<>();
    for (long seed = 1; seed <= 10; seed++) {
      for (String way : List.of("UNREGISTER", "end")) {
        seeds.add(Arguments.of(1, way, seed));
        seeds.add(Arguments.of(2, way, seed));
      }
    }
    return seeds;
  }

  @ParameterizedTest(name = "{0} nodes, {1}, seed {2}")
  @MethodSource("seeds")
  @Conformance("ORD-03")
  void calleesOfASharedRegistrationMayComeAndGo(int nodes, String way, long seed) {
    Random random = new Random(seed);
    try (World world = new World(nodes, 3, seed, realm -> realm.maxPendingCalls = 1_000)) {
      List<TestClient> callers = new ArrayList<>();
      List<TestClient> callees = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        callers.add(world.join(world.nodes.get(i % nodes), i, client -> {}));
      }
      callees.add(callee(world, 0, "roundrobin"));
      List<TestClient> all = new ArrayList<>(callees);
      world.pause();
      for (int i = 1; i <= 60; i++) {
        for (TestClient caller : callers) {
          caller.says("[48," + i + ",{},'com.add',[" + caller.id + "," + i + "]]");
        }
        if (random.nextInt(3) == 0) {
          TestClient fresh =
              world.join(world.nodes.get(random.nextInt(nodes)), random.nextInt(3), client -> {});
          fresh.says("[64,1,{'invoke':'roundrobin'},'com.add']");
          callees.add(fresh);
          all.add(fresh);
        } else if (callees.size() > 2) {
          leave(callees.remove(1 + random.nextInt(callees.size() - 1)), way);
        }
        for (int turn = random.nextInt(12); turn > 0; turn--) {
          world.turns.step();
        }
      }
      world.resume();
      for (TestClient callee : all) {
        List<String> heard = callee.hears();
        for (TestClient caller : callers) {
          assertThat(numbersOf(caller, heard)).as("calls of %s at %s", caller, callee).isSorted();
        }
      }
      if (way.equals("UNREGISTER")) {
        for (TestClient caller : callers) {
          assertThat(caller.hears()).as("errors of %s", caller).isEmpty();
        }
      }
    }
  }

  private static void leave(TestClient callee, String way) {
    if (way.equals("end")) {
      callee.leave();
    } else {
      callee.says("[66,2,1]");
    }
  }

  /** What the callee heard of this caller, in its order. */
  private static List<Long> numbersOf(TestClient caller, List<String> heard) {
    return heard.stream()
        .filter(text -> text.startsWith("[68,") && text.contains(",[" + caller.id + ","))
        .map(text -> text.substring(text.lastIndexOf(',') + 1, text.length() - 2))
        .map(Long::parseLong)
        .toList();
  }

  private static void calls(TestClient caller, int number) {
    caller.says("[48," + number + ",{},'com.add',[" + number + "]]");
  }

  private static TestClient callee(World world, int lane, String policy) {
    TestClient callee = world.join(lane);
    callee.registers("com.add", "'invoke':'" + policy + "'");
    return callee;
  }
}
