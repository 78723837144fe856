package io.tandem.node.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PaceTest {

  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final MockTicker time = Ticker.newMockTicker();
  private final Pace pace = new Pace(0);

  /** Control frames treated until the client is not read any more. */
  private int pings(long now, int octets) {
    int taken = 0;
    for (pace.turn(now); pace.mayReadOn(); pace.turn(now)) {
      pace.control(octets, now);
      taken++;
    }
    return taken;
  }

  @Test
  void turnHasABound() {
    for (int i = 0; i < Pace.FRAMES_IN_A_TURN; i++) {
      assertThat(pace.mayReadOn()).isTrue();
      pace.frame(time);
    }
    assertThat(pace.mayReadOn()).isFalse();
    assertThat(pace.pause(0)).as("no wait but for the others").isEqualTo(1);
    pace.turn(0);
    assertThat(pace.mayReadOn()).isTrue();
  }

  @Test
  void turnHasAnEndInTimeToo() {
    assertThat(frames(Duration.ofNanos(5_000))).isBetween(400, 450);
    assertThat(frames(Duration.ofNanos(100_000))).isEqualTo(32);
    assertThat(frames(Duration.ofMillis(10))).isEqualTo(16);
    assertThat(frames(Duration.ZERO)).isEqualTo(Pace.FRAMES_IN_A_TURN);
  }

  /** Frames treated in a turn, when each takes so long. */
  private int frames(Duration each) {
    pace.turn(0);
    int taken = 0;
    while (pace.mayReadOn()) {
      pace.frame(time);
      time.advance(each.toNanos(), TimeUnit.NANOSECONDS);
      taken++;
    }
    return taken;
  }

  @Test
  void controlFramesHaveARate() {
    assertThat(pings(0, 2)).isEqualTo(4_001);
    assertThat(pace.pause(0)).isBetween(1L, SECOND / 10);
    int taken = 0;
    for (long now = SECOND / 50; now <= 10 * SECOND; now += SECOND / 50) {
      taken += pings(now, 2);
    }
    assertThat(taken).isBetween(39_000, 41_000);
  }

  @Test
  void longControlFramesCostMore() {
    assertThat(pings(0, 1 << 20)).isEqualTo(16);
  }

  @Test
  void creditIsNotSavedForLater() {
    assertThat(pings(3_600 * SECOND, 0)).isEqualTo(4_001);
  }
}
