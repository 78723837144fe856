package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.registry.Callee;
import io.tandem.registry.InvocationPolicy;
import io.tandem.registry.NodeId;
import io.tandem.registry.Registration;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a lane remembers of callees that are gone. */
class DepartedTest {

  private static final Callee BOB = new Callee(new NodeId("A", 1), 0, 102, 0, false, false);
  private static final Callee CAROL = new Callee(new NodeId("A", 1), 0, 103, 1, false, false);

  private final ManualClock clock = new ManualClock();
  private final Departed departed = new Departed(clock.scheduler(Runnable::run));

  @Test
  void calleeIsGoneForOneOfItsRegistrationsAndForASecond() {
    departed.add(1, BOB);
    assertThat(departed.contains(registration(1), BOB)).isTrue();
    assertThat(departed.contains(registration(2), BOB)).isFalse();
    assertThat(departed.contains(registration(1), CAROL)).isFalse();
    clock.advance(Duration.ofMillis(900));
    departed.add(1, CAROL);
    clock.advance(Duration.ofMillis(101));
    assertThat(departed.contains(registration(1), BOB)).isFalse();
    assertThat(departed.contains(registration(1), CAROL)).isTrue();
  }

  /** A lane whose callees stay pays nothing for those that left some time ago. */
  @Test
  void whatNobodyLooksForAgainIsForgottenToo() {
    departed.add(1, BOB);
    clock.advance(Duration.ofMillis(1_001));
    assertThat(departed.contains(registration(2), CAROL)).isFalse();
    assertThat(departed.isEmpty()).isTrue();
  }

  @Test
  void calleesThatLeaveInGreatNumberAreForgotten() {
    for (int i = 0; i < 300; i++) {
      departed.add(i, BOB);
    }
    assertThat(departed.contains(registration(0), BOB)).isFalse();
    assertThat(departed.contains(registration(299), BOB)).isTrue();
  }

  private static Registration registration(long id) {
    return Registration.empty(id, MatchPolicy.EXACT, InvocationPolicy.FIRST);
  }
}
