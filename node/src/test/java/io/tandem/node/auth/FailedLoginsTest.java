package io.tandem.node.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.auth.FailedLogins.Attempt;
import io.tandem.node.auth.FailedLogins.Pause;
import io.tandem.node.auth.FailedLogins.Policy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who pauses for how long, in a time that passes when told to. */
class FailedLoginsTest {

  private static final Attempt JOE = new Attempt("realm1", "joe", "10.0.0.1");
  private static final Attempt JOE_ELSEWHERE = new Attempt("realm1", "joe", "10.0.0.2");
  private static final Attempt JANE = new Attempt("realm1", "jane", "10.0.0.1");

  private final FailedLogins failed =
      new FailedLogins(
          new Policy(
              3, 6, 10, Duration.ofSeconds(1), Duration.ofSeconds(8), Duration.ofMinutes(1)));

  private long now = Long.MAX_VALUE - 5; // such clocks run over

  private void pass(Duration time) {
    now += time.toNanos();
  }

  private @Nullable Pause fail(Attempt attempt) {
    return failed.failed(attempt, now);
  }

  private boolean isPaused(Attempt attempt) {
    return failed.isPaused(attempt, now);
  }

  @Test
  void pausesDoubleUpToTheLongest() {
    assertThat(fail(JOE)).isNull();
    assertThat(fail(JOE)).isNull();
    assertThat(isPaused(JOE)).isFalse();
    for (int seconds : new int[] {1, 2, 4, 8, 8, 8}) {
      failed.succeeded(JANE); // only the authid counts
      Pause pause = fail(JOE);
      assertThat(pause).isNotNull();
      assertThat(pause.length()).hasSeconds(seconds);
      assertThat(pause.ofAddress()).isFalse();
      pass(pause.length().minusNanos(1));
      assertThat(isPaused(JOE)).as("in its pause").isTrue();
      pass(Duration.ofNanos(1));
      assertThat(isPaused(JOE)).as("after it").isFalse();
    }
  }

  @Test
  void nobodyElsePausesThanWhoHasFailed() {
    for (int i = 0; i < 3; i++) {
      fail(JOE);
    }
    assertThat(isPaused(JOE)).isTrue();
    assertThat(isPaused(JOE_ELSEWHERE)).isFalse();
    assertThat(isPaused(JANE)).isFalse();
    assertThat(isPaused(new Attempt("realm2", "joe", "10.0.0.1"))).isFalse();
  }

  @Test
  void addressPausesWhateverAuthidsItTries() {
    Pause pause = null;
    for (int i = 0; i < 6; i++) {
      assertThat(pause).isNull();
      pause = fail(new Attempt("realm1", "name" + i, "10.0.0.1"));
    }
    assertThat(pause).isEqualTo(new Pause(6, Duration.ofSeconds(1), true));
    assertThat(isPaused(JOE)).isTrue();
    assertThat(isPaused(new Attempt("realm1", null, "10.0.0.1"))).isTrue();
    assertThat(isPaused(JOE_ELSEWHERE)).isFalse();
  }

  @Test
  void whoNamesNoAuthidIsCountedByItsAddress() {
    for (int i = 0; i < 6; i++) {
      fail(new Attempt("realm1", null, "10.0.0.1"));
    }
    assertThat(isPaused(new Attempt("realm1", null, "10.0.0.1"))).isTrue();
    assertThat(isPaused(new Attempt("realm1", null, "10.0.0.2"))).isFalse();
  }

  @Test
  void whoHasLoggedInBeforeIsNotKeptOutByOthersAtItsAddress() {
    failed.succeeded(JOE);
    for (int i = 0; i < 6; i++) {
      fail(new Attempt("realm1", "name" + i, "10.0.0.1"));
    }
    assertThat(isPaused(JANE)).isTrue();
    assertThat(isPaused(JOE)).isFalse();
  }

  @Test
  void successForgetsTheFailuresOfItsAddressAndOfNobodyElse() {
    for (int i = 0; i < 2; i++) {
      fail(JOE);
      fail(JANE);
    }
    failed.succeeded(JOE);
    assertThat(fail(JOE)).isNull();
    assertThat(fail(JANE)).as("the third failure of jane").isNotNull();
    assertThat(isPaused(JOE)).isFalse();
    for (int i = 0; i < 3; i++) {
      assertThat(fail(new Attempt("realm1", "name" + i, "10.0.0.1"))).isNull();
    }
    assertThat(fail(new Attempt("realm1", "last", "10.0.0.1"))).as("the sixth since").isNotNull();
  }

  @Test
  void strangersEverywhereHaveOneAttemptEachAndDoNotLockTheirVictimOut() {
    failed.succeeded(JOE);
    for (int i = 0; i < 10; i++) {
      fail(new Attempt("realm1", "joe", "192.0.2." + i));
    }
    Attempt another = new Attempt("realm1", "joe", "198.51.100.1");
    assertThat(isPaused(another)).as("the first attempt from there").isFalse();
    assertThat(fail(another)).isEqualTo(new Pause(1, Duration.ofSeconds(1), false));
    assertThat(isPaused(JOE)).isFalse();
    assertThat(fail(JOE)).as("where joe has logged in before").isNull();
    assertThat(isPaused(JOE_ELSEWHERE)).as("joe, on a journey").isFalse();
  }

  @Test
  void failuresAreForgottenAfterAWhile() {
    fail(JOE);
    fail(JOE);
    pass(Duration.ofMinutes(1).plusNanos(1));
    assertThat(fail(JOE)).isNull();
    assertThat(fail(JOE)).isNull();
    pass(Duration.ofMinutes(1));
    assertThat(fail(JOE)).isNotNull();
  }

  @Test
  void anotherPolicyHoldsForWhatFailsFromThenOn() {
    fail(JOE);
    failed.policy(
        new Policy(1, 6, 10, Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMinutes(1)));
    assertThat(isPaused(JOE)).isFalse();
    assertThat(fail(JOE)).isEqualTo(new Pause(2, Duration.ofSeconds(5), false));
  }

  @Test
  void oneAuthidIsOneHoweverItIsWritten() {
    fail(JOE);
    fail(new Attempt("realm1", "jo\u00ade", "10.0.0.1"));
    fail(new Attempt("realm1", "\uff4a\uff4f\uff45", "10.0.0.1"));
    assertThat(isPaused(JOE)).isTrue();
  }

  @Test
  void oldestEntriesGo() {
    for (int i = 0; i < 3; i++) {
      fail(JOE);
    }
    pass(Duration.ofMillis(1));
    for (int i = 0; i < FailedLogins.MOST - 1; i++) {
      Attempt other = new Attempt("realm1", "name" + i, "net" + i);
      fail(other);
      failed.succeeded(new Attempt("realm1", "other" + i, "elsewhere"));
    }
    assertThat(isPaused(JOE)).isTrue();
    for (int i = 0; i < 10; i++) {
      Attempt other = new Attempt("realm1", "last" + i, "last" + i);
      fail(other);
      failed.succeeded(new Attempt("realm1", "last" + i, "elsewhere"));
    }
    assertThat(isPaused(JOE)).isFalse();
    assertThat(failed.entries()).isEqualTo(4 * FailedLogins.MOST);
  }

  @Test
  void withoutAPolicyNobodyPauses() {
    FailedLogins none = new FailedLogins(Policy.NONE);
    for (int i = 0; i < 1_000; i++) {
      assertThat(none.failed(JOE, now)).isNull();
    }
    assertThat(none.isPaused(JOE, now)).isFalse();
  }
}
