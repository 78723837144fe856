package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.cluster.link.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A lane that has slept, and when it reads again. */
class FreezeWatchTest {

  private final ManualClock clock = new ManualClock();
  private final World world = new World(1);
  private final Router router = world.nodes.get(0).router;
  private final List<Runnable> answers = new ArrayList<>();
  private final FreezeWatch watch =
      new FreezeWatch(router, new Loop(Runnable::run, clock.scheduler(Runnable::run)));

  @BeforeEach
  void isOneOfSeveral() {
    router.clustered((since, goOn) -> answers.add(goOn), () -> true);
  }

  @Test
  void laneThatHasSleptReadsWhenTheOthersHaveAnswered() {
    clock.advance(Duration.ofMillis(1_900));
    assertThat(watch.mayRead()).isTrue();
    clock.advance(Duration.ofSeconds(3));
    assertThat(watch.mayRead()).isFalse();
    List<String> read = new ArrayList<>();
    watch.whenAwake(() -> read.add("what was unread"));
    answers.remove(0).run();
    assertThat(watch.mayRead()).isTrue();
    assertThat(read).hasSize(1);
  }

  @Test
  void answerFromBeforeAnotherSleepSaysNothing() {
    clock.advance(Duration.ofSeconds(3));
    assertThat(watch.mayRead()).isFalse();
    clock.advance(Duration.ofSeconds(4));
    answers.remove(0).run();
    assertThat(watch.mayRead()).isFalse();
    assertThat(answers).hasSize(1);
    answers.remove(0).run();
    assertThat(watch.mayRead()).isTrue();
  }

  @Test
  void laneThatHasNothingToReadIsNotAsleep() {
    for (int i = 0; i < 20; i++) {
      clock.advance(Duration.ofMillis(500));
    }
    assertThat(watch.mayRead()).isTrue();
    assertThat(answers).isEmpty();
  }

  @Test
  void gapOfTwoSecondsIsNoSleepAndALongerOneIs() {
    clock.advance(Duration.ofSeconds(1).plusMillis(500));
    assertThat(watch.mayRead()).isTrue();
    clock.advance(Duration.ofSeconds(2));
    assertThat(watch.mayRead()).isTrue();
    clock.advance(Duration.ofSeconds(2).plusNanos(1));
    assertThat(watch.mayRead()).isFalse();
  }

  @Test
  void nodeThatStandsAloneReadsHoweverLongItHasSlept() {
    World alone = new World(1);
    FreezeWatch watchAlone =
        new FreezeWatch(
            alone.nodes.get(0).router, new Loop(Runnable::run, clock.scheduler(Runnable::run)));
    clock.advance(Duration.ofMinutes(1));
    assertThat(watchAlone.mayRead()).isTrue();
  }

  @Test
  void whatWaitsIsReadOnce() {
    clock.advance(Duration.ofSeconds(3));
    List<String> read = new ArrayList<>();
    watch.whenAwake(() -> read.add("what was unread"));
    answers.remove(0).run();
    clock.advance(Duration.ofSeconds(3));
    answers.remove(0).run();
    assertThat(read).hasSize(1);
  }

  @Test
  void nothingIsReadInALifeThatIsOver() {
    assertThat(router.hasExpired()).isFalse();
    router.expire();
    assertThat(router.hasExpired()).isTrue();
    assertThat(watch.mayRead()).isFalse();

    clock.advance(Duration.ofSeconds(3));
    assertThat(watch.mayRead()).isFalse();
    answers.forEach(Runnable::run);
    assertThat(watch.mayRead()).as("whatever the others answer").isFalse();
  }
}
