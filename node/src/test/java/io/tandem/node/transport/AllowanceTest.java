package io.tandem.node.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.router.Rate;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How much may be sent, in a time that passes when told to. */
class AllowanceTest {

  private static final long MILLISECOND = Duration.ofMillis(1).toNanos();
  private static final long SECOND = 1_000 * MILLISECOND;

  private long now = Long.MAX_VALUE - 5; // such clocks run over

  private static Rate messages(long each, long burst) {
    return new Rate(each, burst, Rate.ANY, Rate.ANY);
  }

  private static Rate octets(long each, long burst) {
    return new Rate(Rate.ANY, Rate.ANY, each, burst);
  }

  /** How many messages of this length pass at once. */
  private int taken(Allowance allowance, int octets) {
    int taken = 0;
    while (allowance.pause(now) == 0 && taken < 100_000) {
      allowance.take(octets, now);
      taken++;
    }
    return taken;
  }

  @Test
  void asManyAsTheBurstPassAtOnceAndThenThoseOfTheTimeThatPasses() {
    Allowance allowance = new Allowance(messages(10, 30), now);
    assertThat(taken(allowance, 1)).isEqualTo(30);
    assertThat(allowance.pause(now)).isEqualTo(100 * MILLISECOND);
    now += SECOND;
    assertThat(taken(allowance, 1)).isEqualTo(10);
    now += 60 * SECOND;
    assertThat(taken(allowance, 1)).as("no more than the burst, however long").isEqualTo(30);
  }

  @Test
  void waitingForThePauseIsEnoughForOneMessage() {
    Allowance allowance = new Allowance(messages(4, 1), now);
    for (int i = 0; i < 10; i++) {
      assertThat(taken(allowance, 1)).isEqualTo(1);
      assertThat(allowance.pause(now)).isEqualTo(250 * MILLISECOND);
      now += allowance.pause(now);
    }
  }

  @Test
  void fastRateIsReachedWithFewPauses() {
    Allowance allowance = new Allowance(messages(5_000, 1), now);
    long end = now + SECOND;
    int taken = 0;
    int pauses = 0;
    while (now - end < 0) {
      taken += taken(allowance, 1);
      now += allowance.pause(now);
      pauses++;
    }
    assertThat(taken).isBetween(5_000, 5_100);
    assertThat(pauses).isLessThanOrEqualTo(50);
  }

  @Test
  void longMessageIsTakenAndPaidForAfterwards() {
    Allowance allowance = new Allowance(octets(1_000, 2_000), now);
    allowance.take(10_000, now);
    assertThat(allowance.pause(now)).isBetween(8 * SECOND, 8 * SECOND + 1);
    now += 8 * SECOND + 1;
    assertThat(taken(allowance, 1_000)).as("the last one by what is left").isEqualTo(1);
  }

  @Test
  void eachLimitHoldsByItself() {
    Allowance allowance = new Allowance(new Rate(10, 10, 1_000, 1_000), now);
    assertThat(taken(allowance, 1)).isEqualTo(10);
    now += SECOND;
    assertThat(taken(allowance, 500)).isEqualTo(2);
  }

  @Test
  void otherRateHoldsAtOnceAndLeavesNoOldDebts() {
    Allowance allowance = new Allowance(octets(1_000, 1_000), now);
    allowance.take(3_600_000, now);
    assertThat(allowance.pause(now)).isGreaterThan(3_000 * SECOND);
    allowance.limit(octets(1_000, 2_000), now);
    assertThat(allowance.pause(now)).isLessThan(SECOND);
    allowance.limit(null, now);
    assertThat(allowance.pause(now)).isZero();
    allowance.take(3_600_000, now);
    assertThat(allowance.pause(now)).isZero();
  }

  @Test
  void nextSessionOnTheTransportBeginsWithWhatTheLastOneLeft() {
    Allowance allowance = new Allowance(messages(10, 30), now);
    assertThat(taken(allowance, 1)).isEqualTo(30);
    allowance.limit(null, now);
    allowance.limit(messages(10, 30), now);
    assertThat(taken(allowance, 1)).isZero();
  }

  @Test
  void largestRatesAndMessagesDoNotOverflow() {
    Allowance allowance = new Allowance(new Rate(1_000_000, 1_000_000, 1 << 30, 1 << 30), now);
    for (int i = 0; i < 64; i++) {
      assertThat(allowance.pause(now)).isZero();
      allowance.take(16 << 20, now);
    }
    assertThat(allowance.pause(now)).isPositive();
    Allowance slow = new Allowance(new Rate(1, 1_000_000, 1 << 10, 1 << 30), now);
    slow.take(16 << 20, now);
    assertThat(slow.pause(now)).isZero();
  }
}
