package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.testing.Conformance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Callees that were invoked and want others to have the call: call re-routing. */
class GivenBackTest {

  private static final String UNAVAILABLE = ",{},'wamp.error.unavailable',['no'],{'k':1}]";

  /** Two nodes, with the callees on both. */
  private static World world() {
    return new World(2, 2, 1, realm -> {});
  }

  private static TestClient callee(World world, String place, Set<ClientFeature> features) {
    return world.join(
        world.nodes.get(place.charAt(0) - 'A'),
        place.charAt(1) - '0',
        client -> client.features = new ClientFeatures(true, true, true, Set.of(), features));
  }

  private static TestClient callee(World world, String place, String policy) {
    TestClient callee = callee(world, place, Set.of(ClientFeature.values()));
    callee.registers("com.add", "'invoke':'" + policy + "','forward_timeout':true");
    return callee;
  }

  private static List<TestClient> callees(World world, String policy) {
    List<TestClient> callees = new ArrayList<>();
    for (String place : List.of("A0", "B1", "A1", "B0")) {
      callees.add(callee(world, place, policy));
    }
    return callees;
  }

  @ParameterizedTest
  @CsvSource({"roundrobin, 0123", "first, 0123", "last, 3210"})
  @Conformance({"RPC-RER-01", "RPC-RER-02", "RPC-RER-03"})
  void callThatIsGivenBackGoesToTheNextOneByThePolicy(String policy, String order) {
    try (World world = world()) {
      TestClient alice = world.join(0);
      List<TestClient> callees = callees(world, policy);
      alice.says("[48,1,{},'com.add',['x']]");
      for (int i = 0; i < order.length(); i++) {
        TestClient callee = callees.get(order.charAt(i) - '0');
        assertThat(alice.hears()).isEmpty();
        assertThat(callee.hears()).containsExactly("[68,1,1,{},['x']]");
        callee.says("[8,68,1" + UNAVAILABLE);
      }
      assertThat(alice.hears())
          .containsExactly(
              "[8,48,1,{},'wamp.error.no_available_callee',['no callee of com.add wants the"
                  + " call']]");
      assertThat(callees).allMatch(callee -> callee.hears().isEmpty());
    }
  }

  @Test
  @Conformance({"RPC-RER-02", "RPC-RER-03"})
  void randomChoiceMeetsEachOfTheRest() {
    try (World world = world()) {
      TestClient alice = world.join(0);
      List<TestClient> callees = callees(world, "random");
      alice.calls("com.add");
      for (int i = 0; i < 4; i++) {
        TestClient invoked =
            callees.stream().filter(callee -> !callee.hears().isEmpty()).findFirst().orElseThrow();
        invoked.says("[8,68,1" + UNAVAILABLE);
        callees.remove(invoked);
      }
      assertThat(alice.hears())
          .singleElement()
          .asString()
          .startsWith("[8,48,1,{},'wamp.error.no_available_callee'");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"A0", "B1"})
  @Conformance("RPC-RER-02")
  void callOfAnExclusiveProcedureHasNoOtherCallee(String place) {
    try (World world = world()) {
      TestClient alice = world.join(0);
      TestClient bob = callee(world, place, "single");
      alice.calls("com.add");
      bob.says("[8,68,1" + UNAVAILABLE);
      assertThat(alice.hears())
          .singleElement()
          .asString()
          .startsWith("[8,48,1,{},'wamp.error.no_available_callee'");
    }
  }

  @Test
  @Conformance("RPC-RER-04")
  void errorOfACalleeThatDidNotAnnounceItIsForwarded() {
    try (World world = world()) {
      TestClient alice = world.join(0);
      TestClient bob = callee(world, "A1", Set.of(ClientFeature.TAKES_PARTS));
      bob.registers("com.add", "'invoke':'roundrobin'");
      callee(world, "B0", "roundrobin");
      alice.calls("com.add");
      bob.says("[8,68,1" + UNAVAILABLE);
      assertThat(alice.hears()).containsExactly("[8,48,1" + UNAVAILABLE);
    }
  }

  @Test
  void otherErrorsOfACalleeThatAnnouncedItAreForwarded() {
    try (World world = world()) {
      TestClient alice = world.join(0);
      TestClient bob = callee(world, "A1", "first");
      callee(world, "B0", "first");
      alice.calls("com.add");
      bob.says("[8,68,1,{},'wamp.error.canceled']");
      assertThat(alice.hears()).containsExactly("[8,48,1,{},'wamp.error.canceled']");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"result", "part", "kill"})
  @Conformance({"RPC-RER-05", "RPC-CAN-10"})
  void callThatItsCalleeHasBegunIsNotGivenToAnother(String begun) {
    try (World world = world()) {
      TestClient alice =
          world.join(
              0,
              client ->
                  client.features =
                      new ClientFeatures(
                          true, true, true, Set.of(), Set.of(ClientFeature.values())));
      TestClient bob = callee(world, "A1", "first");
      TestClient carol = callee(world, "B0", "first");
      boolean inParts = begun.equals("part");
      alice.says("[48,1,{'receive_progress':true,'progress':" + inParts + "},'com.add']");
      switch (begun) {
        case "result" -> bob.says("[70,1,{'progress':true}]");
        case "part" -> alice.says("[48,1,{},'com.add']");
        default -> alice.says("[49,1,{'mode':'kill'}]");
      }
      alice.hears();
      bob.says("[8,68,1" + UNAVAILABLE);
      assertThat(alice.hears()).containsExactly("[8,48,1" + UNAVAILABLE);
      assertThat(carol.hears()).isEmpty();
    }
  }

  @Test
  @Conformance("RPC-RER-05")
  void timeoutGoesOnWhoeverHasTheCall() {
    try (World world = world()) {
      TestClient alice = world.join(0);
      TestClient bob = callee(world, "A1", "first");
      TestClient carol = callee(world, "B0", "first");
      TestClient dave = callee(world, "B1", Set.of());
      dave.registers("com.add", "'invoke':'first'");
      alice.says("[48,1,{'timeout':1000},'com.add']");
      assertThat(bob.hears()).containsExactly("[68,1,1,{'timeout':1000}]");
      world.advance(Duration.ofMillis(300));
      bob.says("[8,68,1" + UNAVAILABLE);
      assertThat(carol.hears()).containsExactly("[68,1,1,{'timeout':700}]");
      world.advance(Duration.ofMillis(300));
      carol.says("[8,68,1" + UNAVAILABLE);
      assertThat(dave.hears()).containsExactly("[68,1,1,{}]");
      world.advance(Duration.ofMillis(399));
      assertThat(alice.hears()).isEmpty();
      world.advance(Duration.ofMillis(2));
      assertThat(alice.hears()).singleElement().asString().contains("wamp.error.timeout");
    }
  }

  /** Its place among the session's calls was that at the first callee. */
  @Test
  void callThatIsGivenBackMayGoWhereLaterCallsAre() {
    try (World world = world()) {
      TestClient alice = world.join(0);
      TestClient bob = callee(world, "A1", "roundrobin");
      TestClient carol = callee(world, "B0", "roundrobin");
      alice.says("[48,1,{},'com.add',[1]]");
      alice.says("[48,2,{},'com.add',[2]]");
      bob.says("[8,68,1" + UNAVAILABLE);
      assertThat(carol.hears()).containsExactly("[68,1,1,{},[2]]", "[68,2,1,{},[1]]");
      carol.says("[70,2,{}]");
      carol.says("[70,1,{}]");
      assertThat(alice.hears()).containsExactly("[50,1,{}]", "[50,2,{}]");
    }
  }

  /** On one lane too, where nothing else needs it once a callee has the call. */
  @Test
  void argumentsAreKeptForWhoeverIsNext() {
    try (World world = world()) {
      TestClient alice = world.join(0);
      TestClient bob = callee(world, "A0", "first");
      TestClient carol = callee(world, "B0", "first");
      String big = "['" + "x".repeat(5_000) + "']";
      alice.says("[48,1,{},'com.add'," + big + "]");
      bob.says("[8,68,1" + UNAVAILABLE);
      assertThat(carol.hears()).containsExactly("[68,1,1,{}," + big + "]");
    }
  }
}
