package io.tandem.node.transport;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.tandem.node.config.KeepAliveConfig;
import io.tandem.node.config.ListenerConfig;
import io.tandem.node.router.CloseCause;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Watches one client's silence: pings it, and finds out that it is dead, or that it stopped in the
 * middle of a message. One timer for each transport. Belongs to its event loop.
 */
final class KeepAlive {

  /** Longer than any process runs, and safe to add to a time. */
  private static final long NEVER = Long.MAX_VALUE / 4;

  private final ClientTransport transport;
  private final long pingAfter;
  private final long deadAfter;
  private final long stallAfter;
  private @Nullable EventExecutor executor;
  private @Nullable Future<?> timer;
  private long lastHeard;
  private boolean pinged;
  private long pingedAt;

  KeepAlive(ClientTransport transport, ListenerConfig config) {
    KeepAliveConfig keepAlive = config.keepAlive();
    boolean pings = transport.canPing() && !keepAlive.pingInterval().isZero();
    this.transport = transport;
    this.pingAfter = pings ? keepAlive.pingInterval().toNanos() : NEVER;
    this.deadAfter = keepAlive.pingTimeout().toNanos();
    this.stallAfter = config.timeouts().stall().toNanos();
  }

  void start(EventExecutor eventExecutor) {
    executor = eventExecutor;
    lastHeard = System.nanoTime();
    checkIn(Math.min(pingAfter, stallAfter));
  }

  void stop() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
      executor = null;
    }
  }

  /** Bytes arrived. */
  void heard() {
    lastHeard = System.nanoTime();
    pinged = false;
  }

  private void checkIn(long nanos) {
    if (executor != null) {
      timer = executor.schedule(this::check, nanos, TimeUnit.NANOSECONDS);
    }
  }

  private void check() {
    if (transport.turns().isHeld()) {
      heard();
    }
    long now = System.nanoTime();
    long silence = now - lastHeard;
    if (transport.isInsideMessage() && silence >= stallAfter) {
      transport.fail(CloseCause.STALLED);
      return;
    }
    if (pinged && now - pingedAt >= deadAfter) {
      transport.fail(CloseCause.DEAD_PEER);
      return;
    }
    if (!pinged && silence >= pingAfter) {
      pinged = true;
      pingedAt = now;
      transport.ping();
    }
    // The client may be heard, and a message may begin, right after this check: it is looked at
    // again in time for what would be due then.
    long untilPing = pinged ? Math.min(pingedAt + deadAfter - now, pingAfter) : pingAfter - silence;
    long untilStall = transport.isInsideMessage() ? stallAfter - silence : stallAfter;
    checkIn(Math.min(untilPing, untilStall));
  }
}
