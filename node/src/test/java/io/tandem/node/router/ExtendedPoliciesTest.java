package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.testing.Conformance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Least busy and sticky, the policies beyond those of the specification, on three nodes. */
class ExtendedPoliciesTest {

  private static final String LEAST_BUSY = "'_invoke':'least_busy'";
  private static final String STICKY = "'_invoke':'sticky'";

  private final World world = new World(3, 2, 1, realm -> {});
  private final TestClient alice = join("A0");
  private final List<TestClient> callees = new ArrayList<>();

  private TestClient join(String place) {
    return world.join(
        world.nodes.get(place.charAt(0) - 'A'),
        place.charAt(1) - '0',
        who ->
            who.features =
                new ClientFeatures(true, true, true, Set.of(), Set.of(ClientFeature.values())));
  }

  private void register(String options, String... places) {
    for (String place : places) {
      TestClient callee = join(place);
      callee.registers("com.add", options);
      callees.add(callee);
    }
  }

  /** Who has got what the caller has just called, and under which ID. */
  private Map<TestClient, List<Long>> invoked() {
    Map<TestClient, List<Long>> invoked = new LinkedHashMap<>();
    for (TestClient callee : callees) {
      for (String heard : callee.hears()) {
        assertThat(heard).startsWith("[68,");
        invoked
            .computeIfAbsent(callee, who -> new ArrayList<>())
            .add(Long.valueOf(heard.replaceFirst("^\\[68,(\\d+),.*$", "$1")));
      }
    }
    return invoked;
  }

  private static void answer(TestClient callee, long request) {
    callee.says("[70," + request + ",{}]");
  }

  // ---- least busy ----

  @Test
  void callsGoWhereFewestAreUnderWay() {
    try (world) {
      register(LEAST_BUSY, "A1", "B0", "C1");
      TestClient beside = join("A1");
      for (int i = 0; i < 3; i++) {
        alice.calls("com.add");
        beside.calls("com.add");
      }
      Map<TestClient, List<Long>> invoked = invoked();
      assertThat(invoked.values()).hasSize(3).allMatch(calls -> calls.size() == 2);

      TestClient quick = callees.get(1);
      invoked.get(quick).forEach(request -> answer(quick, request));
      alice.calls("com.add");
      beside.calls("com.add");
      assertThat(invoked()).containsOnlyKeys(quick);
      assertThat(alice.hears().size() + beside.hears().size()).isEqualTo(2);
    }
  }

  /** A node knows what its own callers have made; that is what it evens out. */
  @Test
  void eachNodeEvensOutTheCallsOfItsOwnCallers() {
    try (world) {
      register(LEAST_BUSY, "B0", "C0");
      TestClient other = join("C1");
      for (int i = 0; i < 10; i++) {
        alice.calls("com.add");
      }
      assertThat(invoked().values()).allMatch(calls -> calls.size() == 5);
      for (int i = 0; i < 4; i++) {
        other.calls("com.add");
      }
      assertThat(invoked().values()).allMatch(calls -> calls.size() == 2);
    }
  }

  @Test
  void callThatIsCanceledTimesOutOrFailsIsNotUnderWay() {
    try (world) {
      register(LEAST_BUSY, "B0", "C0");
      for (String end : List.of("cancel", "timeout", "error")) {
        alice.says("[48," + alice.next() + ",{'timeout':1000},'com.add']");
        long first = alice.session().calls.keySet().iterator().next();
        Map<TestClient, List<Long>> invoked = invoked();
        TestClient busy = invoked.keySet().iterator().next();
        if (end.equals("cancel")) {
          alice.says("[49," + first + ",{'mode':'skip'}]");
        } else if (end.equals("timeout")) {
          world.advance(Duration.ofSeconds(2));
        } else {
          busy.says("[8,68," + invoked.get(busy).get(0) + ",{},'com.error']");
        }
        callees.forEach(TestClient::hears);
        assertThat(world.nodes.get(0).tables.realm(World.REALM).loads().callees()).as(end).isZero();
        alice.hears();
      }
    }
  }

  @Test
  void callThatGoesElsewhereCountsThere() {
    try (world) {
      register(LEAST_BUSY, "B0", "C0");
      alice.calls("com.add");
      TestClient first = invoked().keySet().iterator().next();
      TestClient second = callees.get(first == callees.get(0) ? 1 : 0);
      first.says("[8,68,1,{},'wamp.error.unavailable']");
      assertThat(invoked()).containsOnlyKeys(second);
      alice.calls("com.add");
      assertThat(invoked()).containsOnlyKeys(first);
    }
  }

  // ---- sticky ----

  @Test
  void callsWithOneKeyGoToOneCalleeFromEveryNode() {
    try (world) {
      register(STICKY, "A1", "B0", "C1", "B1");
      List<TestClient> callers = List.of(alice, join("B0"), join("C0"));
      Map<String, TestClient> places = new HashMap<>();
      for (int i = 0; i < 40; i++) {
        String key = "user" + i;
        callers.forEach(caller -> calls(caller, key));
        Map<TestClient, List<Long>> invoked = invoked();
        assertThat(invoked).hasSize(1);
        TestClient callee = invoked.keySet().iterator().next();
        assertThat(invoked.get(callee)).hasSize(3);
        places.put(key, callee);
      }
      assertThat(places.values()).containsAll(callees);

      TestClient gone = callees.remove(2);
      gone.leave();
      places.forEach(
          (key, callee) -> {
            calls(callers.get(1), key);
            TestClient now = invoked().keySet().iterator().next();
            assertThat(now.equals(callee)).as(key).isEqualTo(callee != gone);
          });
    }
  }

  private static void calls(TestClient caller, String key) {
    caller.says("[48," + caller.next() + ",{'_sticky_key':'" + key + "'},'com.add']");
  }

  @Test
  @Conformance("MSG-06")
  void keyIsNotToldToTheCallee() {
    try (world) {
      register(STICKY, "B0");
      alice.says("[48,1,{'_sticky_key':'secret','_other':1},'com.add',['x']]");
      assertThat(callees.get(0).hears()).containsExactly("[68,1,1,{},['x']]");
    }
  }

  @Test
  void callsWithoutAKeyTakeTurns() {
    try (world) {
      register(STICKY, "A1", "B0", "C1");
      for (int i = 0; i < 6; i++) {
        alice.calls("com.add");
      }
      assertThat(invoked().values()).hasSize(3).allMatch(calls -> calls.size() == 2);
    }
  }

  // ---- both ----

  /** Others may have named a policy of theirs so, and it is `invoke` that both know. */
  @ParameterizedTest
  @ValueSource(strings = {"'_invoke':'by_weight'", "'_invoke':7", "'_invoke':{'weight':[2]}"})
  @Conformance({"MSG-05", "MSG-06"})
  void policyOfAnotherRouterCountsAsNone(String options) {
    try (world) {
      register("'invoke':'last'," + options, "A1", "B0");
      alice.calls("com.add");
      alice.calls("com.add");
      assertThat(invoked()).containsOnlyKeys(callees.get(1));
    }
  }

  @Test
  @Conformance("RPC-SHR-03")
  void furtherCalleeAsksForTheSamePolicy() {
    try (world) {
      register("'invoke':'roundrobin'," + STICKY, "A1");
      TestClient dave = join("B0");
      dave.says("[64,1,{'invoke':'roundrobin'},'com.add']");
      dave.says("[64,2," + "{'_invoke':'least_busy'},'com.add']");
      assertThat(dave.hears())
          .hasSize(2)
          .allMatch(error -> error.contains("registered with invocation policy sticky"));
    }
  }
}
