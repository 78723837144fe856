package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.cluster.delivery.CallAddress;
import io.tandem.cluster.delivery.Delivery;
import io.tandem.cluster.delivery.LaneAddress;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.protocol.wire.Payload;
import io.tandem.registry.Callee;
import io.tandem.registry.NodeId;
import io.tandem.registry.Resource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Calls that come before their callee is told of its registration. */
class EarlyInvokesTest {

  private static final NodeId HERE = new NodeId("A", 1);
  private static final NodeId ELSEWHERE = new NodeId("B", 1);

  private final ManualClock clock = new ManualClock();
  private final List<Long> refused = new ArrayList<>();
  private final EarlyInvokes early =
      new EarlyInvokes(
          clock.scheduler(Runnable::run),
          (callee, invoke) -> refused.add(invoke.call().number()),
          part -> refused.add(part.call().number()));
  private final Session callee = new World(1).join(0).session();

  private static CallAddress call(NodeId node, long number) {
    return new CallAddress(new LaneAddress(node, 0), number);
  }

  private static Delivery.Invoke invoke(NodeId from, long number, long registration) {
    return new Delivery.Invoke(
        "r", call(from, number), registration, 1, Options.EMPTY, Payload.EMPTY);
  }

  private boolean takes(long number, long registration) {
    return early.takes(callee, invoke(HERE, number, registration));
  }

  private void registers() {
    callee.registering++;
    callee.registerAsked = clock.scheduler(Runnable::run).nanoTime();
  }

  private void registered(long id) {
    callee.registering--;
    if (id != 0) {
      Resource resource = new Resource("r", MatchPolicy.EXACT, "com.p" + id);
      Callee self = new Callee(HERE, 0, 1, 0, false, false);
      callee.registrations.put(id, new LocalRegistration(id, resource, self, null, false));
    }
    early.answered(callee);
  }

  @Test
  void nothingWaitsForACalleeThatAsksForNothing() {
    assertThat(takes(1, 7)).isFalse();
    assertThat(early.isEmpty()).isTrue();
    assertThat(early.count()).isZero();
  }

  @Test
  void callsWaitInOrderUntilTheCalleeIsTold() {
    registers();
    assertThat(takes(1, 7)).isTrue();
    assertThat(takes(2, 7)).isTrue();
    assertThat(early.isEmpty()).isFalse();
    assertThat(early.count()).isEqualTo(2);
    assertThat(refused).isEmpty();
    registered(7);
    assertThat(refused).containsExactly(1L, 2L);
    assertThat(early.isEmpty()).isTrue();
    assertThat(takes(3, 7)).isFalse();
    assertThat(clock.pending()).as("timers").isZero();
  }

  @Test
  void callOfARegistrationThatIsThereWaitsBehindOneThatIsNot() {
    registers();
    registered(5);
    registers();
    assertThat(takes(1, 5)).as("nothing waits yet").isFalse();
    assertThat(takes(2, 7)).isTrue();
    assertThat(takes(3, 5)).as("in order").isTrue();
    registered(7);
    assertThat(refused).containsExactly(2L, 3L);
  }

  @Test
  void callGoesOnWaitingForAnotherRegistration() {
    registers();
    registers();
    assertThat(takes(1, 7)).isTrue();
    assertThat(takes(2, 8)).isTrue();
    registered(7);
    assertThat(refused).containsExactly(1L);
    assertThat(early.count()).isEqualTo(1);
    registered(0);
    assertThat(refused).as("nothing is to come any more").containsExactly(1L, 2L);
  }

  @Test
  void callWaits200MillisecondsAtMost() {
    registers();
    assertThat(takes(1, 7)).isTrue();
    clock.advance(Duration.ofMillis(199));
    assertThat(refused).isEmpty();
    clock.advance(Duration.ofMillis(1));
    assertThat(refused).containsExactly(1L);
    assertThat(takes(2, 7)).as("for a REGISTER so old").isFalse();
    assertThat(early.isEmpty()).isTrue();
  }

  @Test
  void registerIsWaitedForAsLongAsItIsYoung() {
    registers();
    clock.advance(Duration.ofMillis(199));
    assertThat(takes(1, 7)).isTrue();
  }

  @Test
  void noMoreThan256WaitForOneCallee() {
    registers();
    for (int number = 1; number <= 256; number++) {
      assertThat(takes(number, 7)).isTrue();
    }
    assertThat(takes(257, 7)).as("it is treated as it is").isFalse();
    assertThat(refused).hasSize(256).isSorted();
    assertThat(early.count()).isZero();
  }

  @Test
  void canceledCallWaitsNoLonger() {
    registers();
    assertThat(takes(1, 7)).isTrue();
    assertThat(takes(2, 7)).isTrue();
    assertThat(early.cancel(call(HERE, 3))).isFalse();
    assertThat(early.cancel(call(HERE, 1))).isTrue();
    assertThat(early.cancel(call(HERE, 1))).isFalse();
    assertThat(early.cancel(call(HERE, 2))).isTrue();
    assertThat(early.isEmpty()).isTrue();
    assertThat(clock.pending()).as("timers").isZero();
    assertThat(callee.callsWait).isFalse();
    registered(7);
    assertThat(refused).isEmpty();
  }

  @Test
  void callsOfALostNodeWaitNoLongerAndOthersDo() {
    registers();
    assertThat(early.takes(callee, invoke(ELSEWHERE, 1, 7))).isTrue();
    assertThat(takes(2, 7)).isTrue();
    early.lost(ELSEWHERE);
    assertThat(early.count()).isEqualTo(1);
    registered(7);
    assertThat(refused).containsExactly(2L);
  }

  @Test
  void nothingWaitsForACalleeThatLeft() {
    registers();
    assertThat(takes(1, 7)).isTrue();
    early.leave(callee);
    assertThat(refused).containsExactly(1L);
    assertThat(early.isEmpty()).isTrue();
    assertThat(clock.pending()).as("timers").isZero();
  }
}
