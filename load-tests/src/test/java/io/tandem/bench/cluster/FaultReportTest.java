package io.tandem.bench.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.bench.cluster.Traffic.OneCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A node is killed at 10 s; the others see it at 13 s. */
class FaultReportTest {

  private final List<OneCall> calls = new ArrayList<>();
  private final List<Wishes.Wish> wishes = new ArrayList<>();
  private List<String> believers = List.of("one");
  private List<String> ghosts = List.of();
  private OptionalLong detected = OptionalLong.of(at(13));

  private static long at(double seconds) {
    return (long) (seconds * 1e9);
  }

  private void call(int from, int to, double due, double answered, @Nullable String failure) {
    calls.add(new OneCall(from, to, at(due), at(answered), failure));
  }

  private FaultReport report() {
    return new FaultReport(
        new FaultRun.Plan(
            Fault.KILL, 3, 0, Duration.ofSeconds(1), Duration.ofSeconds(30), 100, 10, "socket"),
        List.of(0),
        at(10),
        at(10),
        OptionalLong.of(at(14)),
        Map.of(List.of(1, 0), detected, List.of(2, 0), detected),
        Map.of(1, OptionalLong.of(at(14)), 2, OptionalLong.of(at(14))),
        new Traffic.Outcome(calls, List.of(), Map.of(), 0),
        wishes,
        List.of(1, 2),
        List.of(),
        Map.of(1, "one", 2, "one"),
        believers,
        ghosts);
  }

  private static List<String> missed(FaultReport report) {
    return report.targets().stream().filter(target -> !target.holds()).map(Target::what).toList();
  }

  @Test
  void callsThatTheLostNodeHeldAreMeasuredFromTheFaultAndFromDetection() {
    call(1, 0, 5, 5.1, null); // over before the fault
    call(1, 0, 9.5, 13.2, "wamp.error.network_failure");
    call(2, 0, 12, 13.5, "wamp.error.network_failure");
    call(2, 0, 20, 29, "wamp.error.no_such_procedure"); // made after detection

    FaultReport report = report();

    assertThat(report.detectionSeconds()).isEqualTo(3);
    assertThat(report.answerSeconds()).isEqualTo(0.5);
    assertThat(report.longestWaitSeconds()).isEqualTo(3.7);
    assertThat(report.holds()).isTrue();
  }

  @Test
  void callWithoutAnAnswerIsAMiss() {
    call(1, 0, 9.5, 0, null);

    assertThat(missed(report()))
        .containsExactly("its calls answered <= 1 s after detection", "every call has an answer");
  }

  @Test
  void failedCallOfTheOthersIsAMiss() {
    call(1, 2, 12, 12.1, "wamp.error.network_failure");

    assertThat(missed(report())).containsExactly("the others' calls do not fail");
  }

  @Test
  void refusedOrVeryLateWishOfTheOthersIsAMiss() {
    wishes.add(new Wishes.Wish(0, at(11), at(40), "wamp.error.network_failure")); // of the victim
    wishes.add(new Wishes.Wish(1, at(11), at(13), null));
    assertThat(report().holds()).isTrue();

    wishes.add(new Wishes.Wish(1, at(12), at(12.1), "wamp.error.network_failure"));
    assertThat(missed(report())).containsExactly("the others' SUBSCRIBE and REGISTER <= 10 s");

    wishes.set(2, new Wishes.Wish(2, at(12), 0, null));
    assertThat(missed(report())).containsExactly("the others' SUBSCRIBE and REGISTER <= 10 s");
  }

  @Test
  void nodeThatNobodyMissesIsAMiss() {
    detected = OptionalLong.empty();

    assertThat(missed(report())).contains("lost node detected <= 4 s after the fault");
  }

  @Test
  void twoWhoBelieveToBeTheOneCalleeAreAMiss() {
    believers = List.of("one", "other");

    assertThat(missed(report())).containsExactly("one exclusive callee, and the other knows");
  }

  @Test
  void ghostIsAMiss() {
    ghosts = List.of("node2 tandem_sessions 1");

    assertThat(missed(report())).containsExactly("no ghosts");
    assertThat(report().lines()).anyMatch(line -> line.contains("MISS") && line.contains("node2"));
  }
}
