package io.tandem.bench.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.bench.hostile.Honest.Sample;
import io.tandem.bench.hostile.Honest.Wish;
import io.tandem.bench.hostile.HostileRun.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A quiet time from 0 to 10 s, an attack from 10 to 20 s. */
class HostileReportTest {

  private final List<Sample> samples = new ArrayList<>();
  private boolean alive = true;

  private static long at(double seconds) {
    return (long) (seconds * 1e9);
  }

  private void call(double due, double answered, @Nullable String failure) {
    samples.add(new Sample(Wish.CALL, at(due), at(answered), failure));
  }

  private HostileReport report() {
    return new HostileReport(
        new HostileRun.Plan(List.of(Attack.PINGS), 1, "360m", Duration.ofSeconds(10)),
        List.of(
            new Phase("quiet", "nobody attacks", at(0), at(10), "", true),
            new Phase("pings", "pings", at(10), at(20), "17 sent, nothing refused", alive)),
        samples,
        0);
  }

  @Test
  void everythingGrantedHoldsHoweverLongItTook() {
    call(5, 5.001, null);
    call(11, 19, null);

    assertThat(report().holds()).isTrue();
    assertThat(report().lines()).anyMatch(line -> line.matches("ok +pings +80\\d\\d\\.\\d / 80.*"));
  }

  @Test
  void refusedCallIsAMissOfItsAttack() {
    call(5, 5.001, null);
    call(11, 11.1, "wamp.error.unavailable");

    assertThat(report().holds()).isFalse();
    assertThat(report().lines())
        .anyMatch(line -> line.startsWith("ok") && line.contains("quiet"))
        .anyMatch(line -> line.startsWith("MISS") && line.contains("pings"))
        .anyMatch(line -> line.contains("1 x call: wamp.error.unavailable"));
  }

  @Test
  void callWithoutAnAnswerIsAMiss() {
    call(22, 0, null); // in the pause after the attack

    assertThat(report().holds()).isFalse();
    assertThat(report().lines()).anyMatch(line -> line.contains("1 x call: no answer"));
  }

  @Test
  void nodeThatDiesIsAMiss() {
    alive = false;

    assertThat(report().holds()).isFalse();
  }
}
