package io.tandem.node.transport;

import io.netty.channel.EventLoop;
import io.tandem.node.router.Router;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that a lane has not had a turn for long: the process was frozen, by its scheduler, its
 * host or a signal. The other nodes may have gone on without it, so the lane reads nothing from
 * clients before it knows where the cluster stands. Belongs to the lane's event loop; a node that
 * stands alone has no use for it.
 */
final class FreezeWatch {

  private static final Logger LOG = LoggerFactory.getLogger(FreezeWatch.class);

  /** Less than what makes a node unreachable for the others. */
  private static final long GAP_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final long TICK_MILLIS = 500;

  private final Router router;
  private final EventLoop eventLoop;
  private final List<Runnable> waiting = new ArrayList<>();
  private long lastTurn = System.nanoTime();
  private boolean asking;

  FreezeWatch(Router router, EventLoop eventLoop) {
    this.router = router;
    this.eventLoop = eventLoop;
    eventLoop.scheduleAtFixedRate(this::mayRead, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Whether the lane may take what a client has sent; asked before each time. */
  boolean mayRead() {
    Router.RollCall rollCall = router.rollCall();
    if (rollCall == null) {
      return true;
    }
    long now = System.nanoTime();
    long gap = now - lastTurn;
    lastTurn = now;
    if (!asking && gap > GAP_NANOS) {
      LOG.warn("no turn for {} ms; asking the other nodes", TimeUnit.NANOSECONDS.toMillis(gap));
      asking = true;
      rollCall.after(now, gap, () -> eventLoop.execute(this::goOn));
    }
    return !asking;
  }

  /** Runs the task when the lane reads again. */
  void whenAwake(Runnable task) {
    waiting.add(task);
  }

  private void goOn() {
    asking = false;
    lastTurn = System.nanoTime();
    List<Runnable> tasks = List.copyOf(waiting);
    waiting.clear();
    tasks.forEach(Runnable::run);
  }
}
