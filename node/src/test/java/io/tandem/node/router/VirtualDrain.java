package io.tandem.node.router;

import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * How a {@link VirtualLife} drains, as {@code Life.leave} does it: callers leave when they are
 * idle, each callee is withdrawn and leaves when it has answered, and last goes what is kept for
 * others.
 */
final class VirtualDrain {

  private static final Duration LIMIT = Duration.ofSeconds(4);
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);
  private static final Duration LOOK = Duration.ofMillis(20);

  private final VirtualLife life;
  private final VirtualLoop home;
  private final long deadline;

  VirtualDrain(VirtualLife life) {
    this.life = life;
    this.home = life.home;
    this.deadline = home.nanoTime() + LIMIT.toNanos();
  }

  void begin() {
    home.execute(
        () -> {
          life.router.drains(life.id);
          life.otherNodes().drain();
        });
    home.execute(this::drainCallers);
  }

  private boolean isTime() {
    return home.nanoTime() - deadline >= 0;
  }

  private void drainCallers() {
    List<ClusterClient> here = life.cluster.clientsOf(life);
    for (ClusterClient client : here) {
      client.paused = true;
      if (!client.session().isCallee()) {
        client.loop().execute(client::departs);
      }
    }
    if (here.stream().allMatch(client -> client.session().isCallee()) || isTime()) {
      drainCallees();
    } else {
      home.schedule(LOOK, this::drainCallers);
    }
  }

  private void drainCallees() {
    List<ClusterClient> here = life.cluster.clientsOf(life);
    for (ClusterClient client : here) {
      client.loop().execute(isTime() ? client::leaves : client::departs);
    }
    if (here.isEmpty()) {
      boolean[] recorded = {false};
      life.registry.recorded().thenRun(() -> recorded[0] = true);
      until(() -> recorded[0] && life.otherNodes().isDelivered(), this::leave);
    } else {
      home.schedule(LOOK, this::drainCallees);
    }
  }

  private void leave() {
    life.otherNodes().leave();
    until(
        life.otherNodes()::isDelivered,
        () -> {
          life.leavesMembers();
          until(life.otherNodes()::hasParted, life::left);
        });
  }

  private void until(BooleanSupplier condition, Runnable then) {
    until(condition, then, home.nanoTime() + LAST_WORDS.toNanos());
  }

  private void until(BooleanSupplier condition, Runnable then, long latest) {
    if (condition.getAsBoolean() || home.nanoTime() - latest >= 0) {
      then.run();
    } else {
      home.schedule(Duration.ofMillis(10), () -> until(condition, then, latest));
    }
  }
}
