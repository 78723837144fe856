package io.tandem.cluster.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.cluster.simulation.VirtualTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class EventGateTest {

  private final VirtualTime time = new VirtualTime();
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final Credit credit = new Credit(100);
  private final List<String> heard = new ArrayList<>();
  private final EventGate gate =
      new EventGate(credit, new Loop(tasks::add, time), Duration.ofMillis(100), new Listener());

  @Test
  void publishersAreHeldOnceWhenCreditComesAndGoesBeforeTheLoopTurns() {
    gate.admit(80);
    credit.grant(1_000);
    gate.granted();
    gate.admit(900);
    assertThat(tasks).hasSize(2);
    tasks.forEach(Runnable::run);
    assertThat(heard).containsExactly("hold");
    pass();
    assertThat(heard).containsExactly("hold", "resume");
  }

  @Test
  void publishersAreLetGoWhenTheEpochEnds() {
    gate.admit(80);
    tasks.remove().run();
    gate.close();
    pass();
    assertThat(heard).containsExactly("hold", "resume");
  }

  @Test
  void creditThatComesBackLetsPublishersGoAtOnce() {
    gate.admit(80);
    tasks.remove().run();
    credit.grant(140);
    gate.granted();
    assertThat(heard).containsExactly("hold", "resume");
    assertThat(gate.admit(10)).isTrue();
  }

  @Test
  void eventThatIsTooLargeForWhatIsLeftIsShedAlone() {
    gate.admit(40);
    assertThat(gate.admit(70)).isFalse();
    assertThat(gate.admit(10)).isTrue();
  }

  @Test
  void publishersAreNotHeldWhereCreditIsBackBeforeTheLoopTurns() {
    gate.admit(80);
    credit.grant(1_000);
    tasks.remove().run();
    assertThat(heard).containsExactly("hold", "resume");
    gate.admit(10);
    assertThat(tasks).isEmpty();
  }

  @Test
  void nobodyIsHeldForAnEpochThatIsOver() {
    gate.admit(80);
    gate.close();
    tasks.remove().run();
    assertThat(heard).isEmpty();
  }

  @Test
  void publishersAreHeldWhileAQuarterOrMoreIsLeftOnlyForAnEventThatDoesNotFit() {
    assertThat(gate.admit(75)).isTrue();
    assertThat(tasks).isEmpty();
    assertThat(gate.admit(26)).isFalse();
    assertThat(tasks).hasSize(1);
  }

  @Test
  void everyShortageHasAHoldOfItsOwnAndOneAlone() {
    gate.admit(80);
    gate.admit(30);
    gate.admit(30);
    assertThat(tasks).hasSize(1);
    tasks.remove().run();
    pass(Duration.ofMillis(60));
    credit.grant(200);
    gate.granted();
    assertThat(heard).containsExactly("hold", "resume");

    gate.admit(100);
    tasks.remove().run();
    pass(Duration.ofMillis(60));
    assertThat(heard).as("not let go by the timer of the first").hasSize(3).endsWith("hold");
    pass(Duration.ofMillis(60));
    assertThat(heard).containsExactly("hold", "resume", "hold", "resume");
    gate.admit(30);
    assertThat(tasks).as("the shortage has had its hold").isEmpty();
  }

  @Test
  void sheddingEndsAtHalfOfTheWindowAndNotBefore() {
    gate.admit(80);
    assertThat(gate.admit(30)).isFalse();
    credit.grant(129);
    gate.granted();
    assertThat(gate.admit(1)).isFalse();
    credit.grant(130);
    gate.granted();
    assertThat(gate.admit(1)).isTrue();
  }

  private void pass() {
    pass(Duration.ofSeconds(1));
  }

  private void pass(Duration duration) {
    time.runUntil(time.now() + duration.toNanos(), () -> {});
  }

  /** Writes down who is held. */
  private final class Listener extends QuietListener {

    @Override
    public void hold() {
      heard.add("hold");
    }

    @Override
    public void resume() {
      heard.add("resume");
    }
  }
}
