package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.cluster.delivery.CallAddress;
import io.tandem.cluster.delivery.LaneAddress;
import io.tandem.protocol.message.Call;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.wire.Payload;
import io.tandem.registry.Callee;
import io.tandem.registry.NodeId;
import org.junit.jupiter.api.Test;

/** Which callee was given a later call of a session, as far as the session remembers. */
class OvertakenCallsTest {

  private static final NodeId NODE = new NodeId("A", 1);

  /** As many callees as a session remembers. */
  private static final int KNOWN = 48;

  private final Session caller = new World(1).join(0).session();
  private final CallOrder order = new CallOrder();

  private static Callee callee(long session) {
    return new Callee(NODE, 0, session, 0, false, false);
  }

  private PendingCall call(long number) {
    Call message = new Call(number, Options.EMPTY, "com.add", Payload.EMPTY);
    return new PendingCall(
        new CallAddress(new LaneAddress(NODE, 0), number), caller, message, false);
  }

  @Test
  void calleeOfALaterCallHasOvertakenTheEarlierOnesAlone() {
    order.given(callee(1), call(10));
    assertThat(order.isOvertaken(call(9), callee(1))).isTrue();
    assertThat(order.isOvertaken(call(10), callee(1))).isFalse();
    assertThat(order.isOvertaken(call(11), callee(1))).isFalse();
    assertThat(order.isOvertaken(call(9), callee(2))).isFalse();
    order.given(callee(1), call(7));
    assertThat(order.isOvertaken(call(9), callee(1))).as("the newest counts").isTrue();
  }

  @Test
  void eachOfManyCalleesIsRememberedForItself() {
    for (int i = 1; i <= KNOWN; i++) {
      order.given(callee(i * 1_000_003L), call(100 + i));
    }
    for (int i = 1; i <= KNOWN; i++) {
      assertThat(order.isOvertaken(call(100 + i - 1), callee(i * 1_000_003L))).isTrue();
      assertThat(order.isOvertaken(call(100 + i), callee(i * 1_000_003L))).isFalse();
    }
    assertThat(order.isOvertaken(call(1), callee(5))).as("it was given nothing").isFalse();
  }

  @Test
  void calleesBeyondThoseRememberedMayHaveBeenGivenAnyCall() {
    for (int i = 1; i <= KNOWN; i++) {
      order.given(callee(i), call(100 + i));
    }
    order.given(callee(KNOWN + 1), call(200));
    assertThat(order.isOvertaken(call(199), callee(1))).isTrue();
    assertThat(order.isOvertaken(call(200), callee(1))).isFalse();
    assertThat(order.isOvertaken(call(199), callee(KNOWN + 1))).isTrue();
    order.given(callee(1), call(150));
    assertThat(order.isOvertaken(call(151), callee(1))).as("it is remembered again").isFalse();
  }

  @Test
  void nothingIsRememberedOnceNoCallIsUnderWay() {
    for (int i = 1; i <= KNOWN + 1; i++) {
      order.given(callee(i), call(100 + i));
    }
    order.rest();
    for (int i = 1; i <= KNOWN + 1; i++) {
      assertThat(order.isOvertaken(call(1), callee(i))).isFalse();
    }
  }

  @Test
  void waitingCallsHaveTheirTurnInOrder() {
    assertThat(order.holds()).isFalse();
    assertThat(order.next()).isNull();
    PendingCall first = call(1);
    PendingCall second = call(2);
    order.await(second);
    order.await(first);
    assertThat(first.waited).isTrue();
    assertThat(order.holds()).isTrue();
    assertThat(order.next()).isSameAs(first);
    assertThat(order.next()).isSameAs(second);
    assertThat(order.next()).isNull();
    assertThat(order.holds()).isFalse();
  }

  @Test
  void callThatIsOverWaitsNoLonger() {
    order.await(call(1));
    assertThat(order.decided(call(1))).as("nobody waited for its verdict").isFalse();
    assertThat(order.next()).isNull();
  }
}
