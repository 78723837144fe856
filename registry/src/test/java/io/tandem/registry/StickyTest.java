package io.tandem.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.uri.MatchPolicy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Calls with one key go to one callee. */
class StickyTest {

  private static final int KEYS = 10_000;

  private final CalleeLoads loads = new CalleeLoads();
  private final Registration ten = of(InvocationPolicy.STICKY, 10);

  @Test
  void keysSpreadEvenly() {
    Map<Long, Integer> keys = new HashMap<>();
    places(ten).values().forEach(callee -> keys.merge(callee, 1, Integer::sum));
    assertThat(keys).hasSize(10);
    // 1,000 each, with a standard deviation of 30.
    assertThat(keys.values()).allMatch(count -> count > 800 && count < 1_200);
  }

  @Test
  void whenACalleeGoesOnlyItsKeysMove() {
    Map<String, Long> before = places(ten);
    Map<String, Long> after = places(ten.without(ten.callees().get(3)));
    long gone = ten.callees().get(3).session();
    before.forEach(
        (key, callee) -> {
          if (callee == gone) {
            assertThat(after.get(key)).isNotEqualTo(gone);
          } else {
            assertThat(after.get(key)).isEqualTo(callee);
          }
        });
    assertThat(after.entrySet().stream().filter(it -> before.get(it.getKey()) == gone))
        .extracting(Map.Entry::getValue)
        .as("they go to all of the rest")
        .containsAll(ten.callees().stream().map(Callee::session).filter(it -> it != gone).toList());
  }

  @Test
  void whenACalleeComesKeysMoveToItAlone() {
    Map<String, Long> before = places(ten);
    Callee newcomer = callee(77, 10);
    Map<String, Long> after = places(ten.with(newcomer));
    int moved = 0;
    for (Map.Entry<String, Long> each : before.entrySet()) {
      long now = after.get(each.getKey());
      if (now != each.getValue()) {
        assertThat(now).isEqualTo(newcomer.session());
        moved++;
      }
    }
    assertThat(moved).isBetween(700, 1_150);
  }

  @Test
  void whoCannotTakeACallIsPassedOverInTheSameWayAsOneThatIsGone() {
    Callee busy = ten.callees().get(5);
    Registration rest = ten.without(busy);
    for (int i = 0; i < 1_000; i++) {
      assertThat(pick(ten, "key" + i, it -> !it.equals(busy)))
          .isEqualTo(pick(rest, "key" + i, any -> true));
    }
  }

  /** Nodes hear of callees in any order, and name the same ones. */
  @Test
  void orderInWhichANodeHasHeardOfCalleesDoesNotMatter() {
    List<Callee> shuffled = new ArrayList<>(ten.callees());
    for (int round = 0; round < 20; round++) {
      Collections.shuffle(shuffled, new Random(round));
      Registration other = of(InvocationPolicy.STICKY, 0);
      for (Callee callee : shuffled) {
        other = other.with(callee);
      }
      assertThat(pick(other, "key" + round, any -> true))
          .isEqualTo(pick(ten, "key" + round, any -> true));
    }
  }

  /** What releases agree on: nodes of two of them serve one cluster. */
  @Test
  void placesOfKeysStayAsTheyAre() {
    assertThat(List.of("", "a", "user-4711", "grüße", "😀"))
        .extracting(key -> pick(ten, key, any -> true).ordinal())
        .containsExactly(7L, 5L, 6L, 5L, 3L);
  }

  @Test
  void callsWithoutAKeyTakeTurns() {
    List<Long> turns = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      turns.add(ten.pick(any -> true, loads, null).ordinal());
    }
    assertThat(turns).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 0L, 1L);
  }

  private Map<String, Long> places(Registration registration) {
    Map<String, Long> places = new HashMap<>();
    for (int i = 0; i < KEYS; i++) {
      places.put("key" + i, pick(registration, "key" + i, any -> true).session());
    }
    return places;
  }

  private Callee pick(Registration registration, String key, Predicate<Callee> passes) {
    return registration.pick(passes, loads, key);
  }

  private static Registration of(InvocationPolicy policy, int callees) {
    Registration registration = Registration.empty(1, MatchPolicy.EXACT, policy);
    for (int i = 0; i < callees; i++) {
      registration = registration.with(callee(1_000_003L * (i + 1), i));
    }
    return registration;
  }

  private static Callee callee(long session, long ordinal) {
    return new Callee(new NodeId("A", 1), 0, session, ordinal, false, false);
  }
}
