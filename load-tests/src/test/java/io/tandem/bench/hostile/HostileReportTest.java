package io.tandem.bench.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.bench.hostile.Honest.Sample;
import io.tandem.bench.hostile.Honest.Wish;
import io.tandem.bench.hostile.HostileRun.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A quiet time from 0 to 10 s, an attack from 10 to 20 s. */
class HostileReportTest {

  private final List<Sample> samples = new ArrayList<>();
  private final List<String> complaints = new ArrayList<>();
  private boolean alive = true;
  private long heap = 50;
  private long resident = 500;
  private long sessions = 2;
  private @Nullable String missed;

  private Vitals vitals(boolean lives) {
    return new Vitals(lives, resident << 20, heap << 20, sessions, complaints);
  }

  private static long at(double seconds) {
    return (long) (seconds * 1e9);
  }

  private void call(double due, double answered, @Nullable String failure) {
    samples.add(new Sample(Wish.CALL, at(due), at(answered), failure));
  }

  private HostileReport report() {
    return new HostileReport(
        new HostileRun.Plan(List.of(), 1, "360m", Duration.ofSeconds(10)),
        List.of(
            new Phase("quiet", "nobody attacks", at(0), at(10), "", null, vitals(true)),
            new Phase("pings", "pings", at(10), at(20), "17 sent", missed, vitals(alive))),
        samples,
        new Vitals.Ceiling(600 << 20, 100 << 20, 4));
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

  @Test
  void attackersWhoWereToldSomethingElseAreAMiss() {
    missed = Fate.told("close 1002").missed(Map.of("close 1002", 7L, "end", 1L));

    assertThat(report().holds()).isFalse();
    assertThat(report().lines()).anyMatch(line -> line.contains("[end], not close 1002"));
  }

  @Test
  void heapThatStaysIsAMiss() {
    heap = 101;

    assertThat(report().holds()).isFalse();
  }

  @Test
  void processThatGrewBeyondItsLimitIsAMiss() {
    resident = 601;

    assertThat(report().holds()).isFalse();
  }

  @Test
  void sessionsThatStayAreAMiss() {
    sessions = 5;

    assertThat(report().holds()).isFalse();
  }

  @Test
  void complaintInTheLogIsAMissAndIsShown() {
    complaints.add("06:10:11.123 ERROR ClientTransport boom");

    assertThat(report().holds()).isFalse();
    assertThat(report().lines()).anyMatch(line -> line.contains("ClientTransport boom"));
  }
}
