package io.tandem.node.router;

import io.tandem.cluster.link.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that a lane has not had a turn for long: the process was frozen, by its scheduler, its
 * host or a signal. The other nodes may have gone on without it, so the lane reads nothing from
 * clients before it knows where the cluster stands. Belongs to the lane's thread; a node that
 * stands alone has no use for it.
 */
public final class FreezeWatch {

  private static final Logger LOG = LoggerFactory.getLogger(FreezeWatch.class);

  /** Less than what makes a node unreachable for the others. */
  private static final Duration GAP = Duration.ofSeconds(2);

  private static final Duration TICK = Duration.ofMillis(500);

  private final Router router;
  private final Loop lane;
  private final List<Runnable> waiting = new ArrayList<>();
  private long lastTurn;
  private boolean asking;

  /** How often it has asked; only the answer to the last question counts. */
  private long questions;

  /** Watches from now on, as long as the lane's thread lives. */
  public FreezeWatch(Router router, Loop lane) {
    this.router = router;
    this.lane = lane;
    this.lastTurn = lane.scheduler().nanoTime();
    lane.executor().execute(this::tick);
  }

  private void tick() {
    mayRead();
    lane.scheduler().schedule(TICK, this::tick);
  }

  /** Whether the lane may take what a client has sent; asked before each time. */
  public boolean mayRead() {
    Router.RollCall rollCall = router.rollCall();
    if (router.hasExpired()) {
      return false;
    }
    if (rollCall != null) {
      look(rollCall);
    }
    return !asking;
  }

  private void look(Router.RollCall rollCall) {
    long now = lane.scheduler().nanoTime();
    long gap = now - lastTurn;
    lastTurn = now;
    if (gap > GAP.toNanos()) {
      LOG.warn("no turn for {} ms; asking the other nodes", Duration.ofNanos(gap).toMillis());
      asking = true;
      long question = ++questions;
      rollCall.after(now, () -> lane.executor().execute(() -> answered(rollCall, question)));
    }
  }

  /** Runs the task when the lane reads again. */
  public void whenAwake(Runnable task) {
    waiting.add(task);
  }

  /** An answer from before another sleep says nothing, and it may come before that is noticed. */
  private void answered(Router.RollCall rollCall, long question) {
    look(rollCall);
    if (question == questions) {
      asking = false;
      List<Runnable> tasks = List.copyOf(waiting);
      waiting.clear();
      tasks.forEach(Runnable::run);
    }
  }
}
