package io.tandem.node.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.auth.AuthStep;
import io.tandem.node.router.CloseCause;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A session whose principal has proved who it is for a while only; in virtual time. */
class ExpiryTest extends OneClient {

  private static final Duration WHILE = Duration.ofHours(1);

  private void join(Duration lifetime) {
    receive(SLOWLY);
    answer(new AuthStep.Accepted(slow.peter().lasting(lifetime)));
    assertThat(sent()).singleElement().asString().startsWith("[2,");
  }

  @Test
  void sessionEndsWhenTheProofHoldsNoMore() {
    join(WHILE);
    time.pass(WHILE.minusNanos(1));
    assertThat(sent()).isEmpty();
    time.pass(Duration.ofNanos(1));
    assertThat(sent()).containsExactly("[6,{},\"wamp.error.authentication_required\"]");
    assertThat(machine.endedBy()).isEqualTo(CloseCause.EXPIRED);
    receive("[6,{},\"wamp.close.goodbye_and_out\"]");
    assertThat(transport.closedFor).isEqualTo(CloseCause.GOODBYE);
  }

  @Test
  void clientThatDoesNotAnswerIsClosed() {
    join(WHILE);
    time.pass(WHILE);
    time.pass(TIMEOUTS.goodbye());
    assertThat(transport.closedFor).isEqualTo(CloseCause.GOODBYE_TIMEOUT);
  }

  @Test
  void sessionThatIsOverByThenIsLeftAlone() {
    join(WHILE);
    receive("[6,{},\"wamp.close.normal\"]");
    receive(ANONYMOUS);
    sent();
    time.pass(WHILE);
    assertThat(sent()).as("the next session on the transport is another one").isEmpty();
  }

  @Test
  void sessionOfAnOlderProofEndsAtOnce() {
    join(Duration.ZERO);
    time.pass(Duration.ZERO);
    assertThat(sent()).singleElement().asString().contains("authentication_required");
  }
}
