package io.tandem.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.uri.MatchPolicy;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Calls go where fewest are under way. */
class LeastBusyTest {

  private final CalleeLoads loads = new CalleeLoads();
  private final Registration registration = of(5);

  @Test
  void nobodyHasTwoCallsMoreThanAnother() {
    Map<Long, Integer> calls = new HashMap<>();
    for (int call = 1; call <= 50; call++) {
      long callee = pick();
      loads.begin(callee);
      calls.merge(callee, 1, Integer::sum);
      int share = (call + 4) / 5;
      assertThat(calls.values()).allMatch(count -> count <= share);
    }
    assertThat(calls.values()).containsOnly(10);
  }

  @Test
  void whoHasAnsweredIsNext() {
    Random random = new Random(3);
    LongStream.range(0, 5).forEach(loads::begin);
    for (int i = 0; i < 100; i++) {
      long free = random.nextInt(5);
      loads.end(free);
      assertThat(pick()).isEqualTo(free);
      loads.begin(free);
    }
  }

  @Test
  void whoMayNotHaveItIsPassedOverHoweverIdle() {
    loads.begin(1);
    loads.begin(1);
    loads.begin(2);
    for (int i = 0; i < 20; i++) {
      assertThat(registration.pick(it -> it.session() == 1 || it.session() == 2, loads, null))
          .extracting(Callee::session)
          .isEqualTo(2L);
    }
  }

  @Test
  void amongIdleOnesAnybodyMayBegin() {
    Set<Long> begun = new HashSet<>();
    // One of five is missed with a probability of 5 * (4/5)^300, some 10^-29.
    for (int i = 0; i < 300; i++) {
      begun.add(pick());
    }
    assertThat(begun).isEqualTo(Set.of(0L, 1L, 2L, 3L, 4L));
  }

  @Test
  void whatIsOverIsNotRemembered() {
    loads.begin(1);
    loads.begin(1);
    loads.begin(2);
    loads.end(1);
    assertThat(loads.callees()).isEqualTo(2);
    loads.end(1);
    loads.end(2);
    loads.end(2);
    assertThat(loads.callees()).isZero();
  }

  @Test
  void nodeOfAnEarlierReleaseDoesNotTakeThePolicyAway() {
    RealmRegistry table = new RealmRegistry();
    List<Callee> callees = of(3).callees();
    table.addCallee(MatchPolicy.EXACT, "a", 1, InvocationPolicy.ROUNDROBIN, callees.get(0));
    table.addCallee(MatchPolicy.EXACT, "a", 1, InvocationPolicy.STICKY, callees.get(1));
    table.addCallee(MatchPolicy.EXACT, "a", 1, InvocationPolicy.ROUNDROBIN, callees.get(2));
    Registration found = table.procedure("a");
    assertThat(found.policy()).isEqualTo(InvocationPolicy.STICKY);
    assertThat(found.callees()).hasSize(3);
  }

  private long pick() {
    return registration.pick(any -> true, loads, null).session();
  }

  private static Registration of(int callees) {
    Registration registration =
        Registration.empty(1, MatchPolicy.EXACT, InvocationPolicy.LEAST_BUSY);
    for (int i = 0; i < callees; i++) {
      registration = registration.with(new Callee(new NodeId("A", 1), 0, i, i, false, false));
    }
    return registration;
  }
}
