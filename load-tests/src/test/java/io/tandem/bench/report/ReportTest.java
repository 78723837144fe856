package io.tandem.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.bench.load.LoadPlan;
import io.tandem.protocol.wire.Serializer;
import java.time.Instant;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class ReportTest {

  private static final LoadPlan OPEN_LOOP =
      new LoadPlan(LoadPlan.Kind.PUBSUB, Serializer.JSON, 1, 1000, 256, 100, 1, 1);

  private static Leg leg(String target, int round, Double cpuSeconds) {
    return new Leg(
        target,
        round,
        10,
        1_000_000,
        100,
        0,
        new Histogram(3),
        0,
        cpuSeconds,
        null,
        0.1,
        0.5,
        0.0,
        List.of());
  }

  private static Report report(Leg... legs) {
    return new Report(
        Instant.EPOCH, new Surroundings("c", "17", "os", 2), "bench", OPEN_LOOP, List.of(legs));
  }

  @Test
  void ratioIsTheMedianOfTheRounds() {
    Report report =
        report(
            leg("router", 1, 2.2),
            leg("relay", 1, 2.0),
            leg("router", 2, 9.0),
            leg("relay", 2, 2.0),
            leg("router", 3, 3.6),
            leg("relay", 3, 3.0));
    assertThat(report.cpuRatio()).isEqualTo(1.2);
    assertThat(report.bestCpuRatio()).isEqualTo(1.1);
    assertThat(report.warnings()).isEmpty();
  }

  @Test
  void unknownCpuTimeMakesNoRatio() {
    Report report = report(leg("router", 1, null), leg("relay", 1, 2.0));
    assertThat(report.cpuRatio()).isNull();
    assertThat(report.throughputRatio()).isEqualTo(1.0);
    assertThat(TextReport.lines(report)).anyMatch(line -> line.contains("n/a"));
  }

  @Test
  void relayThatIsFarTooSlowVoidsTheRun() {
    Report report = report(leg("router", 1, 9.0), leg("relay", 1, 8.0));
    assertThat(report.warnings()).singleElement().asString().contains("this run is void");
  }

  @Test
  void generatorThatIsTheBottleneckIsNamed() {
    Leg busy =
        new Leg(
            "router",
            1,
            10,
            1_000_000,
            80,
            7,
            new Histogram(3),
            2_000_000,
            1.0,
            1L,
            0.5,
            0.97,
            0.3,
            List.of());
    assertThat(String.join("\n", report(busy).warnings()))
        .contains("the generator is the bottleneck")
        .contains("only 80 messages per second left, of 100 wanted")
        .contains("2.0 ms late")
        .contains("7 messages never arrived")
        .contains("other processes used 30 %");
  }
}
