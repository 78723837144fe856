package io.tandem.node.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.testing.ManualTime;
import io.tandem.testing.Conformance;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When a long-poll client counts as gone. */
class LongPollIdleTest {

  private final ManualTime time = new ManualTime();
  private boolean isAtWork;
  private int gone;
  private final LongPollIdle idle =
      new LongPollIdle(time, Duration.ofSeconds(10), () -> isAtWork, () -> gone++);

  private void pass(int seconds) {
    for (int i = 0; i < seconds; i++) {
      time.pass(Duration.ofSeconds(1));
    }
  }

  @Test
  @Conformance("LP-12")
  void whoIsSilentForAsLongAsItMayIsGone() {
    idle.begin();
    pass(9);
    idle.heard();
    pass(9);
    assertThat(gone).isZero();
    pass(1);
    assertThat(gone).isEqualTo(1);
    pass(20);
    assertThat(gone).isEqualTo(1);
  }

  @Test
  @Conformance("LP-12")
  void whoIsMadeToWaitIsNotSilent() {
    idle.begin();
    isAtWork = true;
    pass(100);
    isAtWork = false;
    pass(9);
    assertThat(gone).isZero();
    pass(11);
    assertThat(gone).isEqualTo(1);
  }

  @Test
  void whoHasEndedIsNotWatched() {
    idle.begin();
    idle.end();
    assertThat(time.timers()).isZero();
    pass(20);
    assertThat(gone).isZero();
  }
}
