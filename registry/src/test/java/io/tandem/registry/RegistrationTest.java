package io.tandem.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.testing.Conformance;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who of several callees gets the next call. */
class RegistrationTest {

  private static final NodeId NODE = new NodeId("A", 1);

  @ParameterizedTest
  @EnumSource
  void nobodyIsPickedWhereNobodyIs(InvocationPolicy policy) {
    assertThat(pick(of(policy), callee -> true)).isNull();
    assertThat(pick(of(policy, 0, 1), callee -> false)).isNull();
  }

  @ParameterizedTest
  @EnumSource
  void calleeThatDoesNotPassIsPassedOver(InvocationPolicy policy) {
    Registration registration = of(policy, 0, 1, 2);
    for (int i = 0; i < 20; i++) {
      assertThat(pick(registration, callee -> callee.ordinal() == 1)).isEqualTo(callee(1));
    }
  }

  @Test
  @Conformance("RPC-SHR-05")
  void firstAndLastGoByTheOrderOfRegistrationNotOfArrival() {
    assertThat(picks(of(InvocationPolicy.FIRST, 5, 2, 9), 2)).containsExactly(2L, 2L);
    assertThat(picks(of(InvocationPolicy.LAST, 5, 9, 2), 2)).containsExactly(9L, 9L);
  }

  @Test
  void lastGoesBackwardsOverThoseThatDoNotPass() {
    assertThat(pick(of(InvocationPolicy.LAST, 0, 1, 2), callee -> callee.ordinal() < 2))
        .isEqualTo(callee(1));
  }

  @Test
  @Conformance("RPC-SHR-05")
  void roundRobinGoesOnWhereItWasOverJoinsAndLeaves() {
    Registration registration = of(InvocationPolicy.ROUNDROBIN, 0, 1, 2);
    assertThat(picks(registration, 4)).containsExactly(0L, 1L, 2L, 0L);
    registration = registration.without(callee(1));
    assertThat(picks(registration, 3)).containsExactly(2L, 0L, 2L);
    registration = registration.with(callee(3));
    assertThat(picks(registration, 3)).containsExactly(3L, 0L, 2L);
    registration = registration.without(callee(3)).without(callee(2));
    assertThat(picks(registration, 2)).containsExactly(0L, 0L);
  }

  @Test
  void calleeThatIsAddedTwiceStandsThereOnce() {
    Registration registration = of(InvocationPolicy.FIRST, 0, 1).with(callee(1));
    assertThat(registration.callees()).containsExactly(callee(0), callee(1));
  }

  @Test
  @Conformance("RPC-SHR-05")
  void randomReachesEverybody() {
    // One of three is missed with a probability of 3 * (2/3)^300, some 10^-52.
    Set<Long> picked = new HashSet<>(picks(of(InvocationPolicy.RANDOM, 0, 1, 2), 300));
    assertThat(picked).containsExactlyInAnyOrder(0L, 1L, 2L);
  }

  private static Callee pick(Registration registration, Predicate<Callee> passes) {
    return registration.pick(passes, new CalleeLoads(), "key");
  }

  private static List<Long> picks(Registration registration, int times) {
    List<Long> picks = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      Callee callee = pick(registration, any -> true);
      assertThat(callee).isNotNull();
      picks.add(callee.ordinal());
    }
    return picks;
  }

  private static Registration of(InvocationPolicy policy, long... ordinals) {
    Registration registration = Registration.empty(1, MatchPolicy.EXACT, policy);
    for (long ordinal : ordinals) {
      registration = registration.with(callee(ordinal));
    }
    return registration;
  }

  private static Callee callee(long ordinal) {
    return new Callee(NODE, 0, 100 + ordinal, ordinal, false, false);
  }
}
