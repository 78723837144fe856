package io.tandem.cluster.nodes;

import io.tandem.cluster.link.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;

/** Those who wait until this node is in step with every other one that answers. Home thread. */
final class Steps {

  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

  private final Loop home;
  private final Duration unreachableAfter;
  private final LongPredicate areInStep;
  private final List<Check> checks = new ArrayList<>();
  private boolean over;

  private record Check(long since, boolean patient, long giveUp, Runnable passed) {}

  /**
   * @param unreachableAfter how long one without patience waits for a silent node
   * @param areInStep whether all are, each having answered something sent at that time or later
   */
  Steps(Loop home, Duration unreachableAfter, LongPredicate areInStep) {
    this.home = home;
    this.unreachableAfter = unreachableAfter;
    this.areInStep = areInStep;
  }

  boolean isAwaited() {
    return !checks.isEmpty();
  }

  void await(long since, boolean patient, Runnable passed) {
    long giveUp = home.scheduler().nanoTime() + unreachableAfter.toNanos();
    checks.add(new Check(since, patient, giveUp, passed));
    if (checks.size() == 1) {
      check();
    }
  }

  /** Nobody is called any more. */
  void end() {
    over = true;
    checks.clear();
  }

  private void check() {
    if (over || checks.isEmpty()) {
      return;
    }
    long now = home.scheduler().nanoTime();
    List<Check> passed =
        checks.stream()
            .filter(
                check ->
                    (!check.patient() && now - check.giveUp() >= 0)
                        || areInStep.test(check.since()))
            .toList();
    checks.removeAll(passed);
    passed.forEach(check -> check.passed().run());
    if (!checks.isEmpty()) {
      home.scheduler().schedule(LOOK_AGAIN, this::check);
    }
  }
}
