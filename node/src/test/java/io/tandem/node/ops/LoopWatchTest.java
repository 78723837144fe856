package io.tandem.node.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.cluster.link.Loop;
import io.tandem.node.testing.ManualTime;
import io.tandem.registry.Histogram;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Whether a loop has time for what is due. */
class LoopWatchTest {

  private final ManualTime time = new ManualTime();
  private final Histogram late = Histogram.ofTimes();
  private final LoopWatch watch = new LoopWatch(new Loop(Runnable::run, time), late);

  @Test
  void loopInTimeIsNotLate() {
    for (int tick = 0; tick < 40; tick++) {
      time.pass(Duration.ofMillis(250));
    }
    assertThat(late.read().sum()).isZero();
    assertThat(Arrays.stream(late.read().counts()).sum()).isEqualTo(41);
    assertThat(watch.silence()).isZero();
  }

  @Test
  void blockedLoopIsLateByWhatItHadElseToDo() {
    time.pass(Duration.ofMillis(1_250));
    assertThat(late.read().sum()).isEqualTo(1);
    time.pass(Duration.ofMillis(250));
    assertThat(late.read().sum()).isEqualTo(1);
  }

  @Test
  void loopThatIsBlockedNowIsSeenFromOutside() {
    ManualTime stopped = new ManualTime();
    LoopWatch blocked = new LoopWatch(new Loop(task -> {}, stopped), late);
    stopped.pass(Duration.ofSeconds(7));
    assertThat(blocked.silence()).isEqualTo(7);
  }
}
