package io.tandem.node.router;

import io.tandem.protocol.message.Keys;
import io.tandem.registry.Callee;
import io.tandem.registry.Scheduler;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * How long the callers of one lane wait: as long as the CALL says, and for a callee that was asked
 * to stop a while at most. Belongs to the lane.
 */
final class CallTimers {

  /** Longest wait for a callee that was asked to stop in mode kill (RPC-CAN-11). */
  private static final Duration KILL_GUARD = Duration.ofSeconds(60);

  /** Longer timeouts count as this one: no session lasts so long, and nanoseconds overflow. */
  private static final Duration LONGEST_TIMEOUT = Duration.ofDays(365);

  private static final long MAX_MILLIS = LONGEST_TIMEOUT.toMillis();

  /** What a callee that watches the timeout itself has beyond twice as long. */
  private static final Duration MARGIN = Duration.ofMinutes(1);

  private final Scheduler scheduler;
  private final Consumer<PendingCall> expired;
  private final Consumer<PendingCall> survived;

  /**
   * @param expired has the calls whose callee was silent for too long
   * @param survived has those whose callee was asked to stop and did not
   */
  CallTimers(Scheduler scheduler, Consumer<PendingCall> expired, Consumer<PendingCall> survived) {
    this.scheduler = scheduler;
    this.expired = expired;
    this.survived = survived;
  }

  /** The CALL is here. */
  void begin(PendingCall call) {
    call.begun = call.caller.since(scheduler);
  }

  /**
   * Watches the callee's silence. One that watches itself has much longer, in case that it does not
   * (RPC-TMO-02, RPC-TMO-04, RPC-TMO-07).
   */
  void watch(PendingCall call, Callee callee) {
    long millis = call.message.options().get(Keys.TIMEOUT, 0L);
    if (callee.forwardTimeout()) {
      call.stopTimer();
      call.isWatchedByCallee = true;
      call.timeout = millis > 0 ? bounded(2 * Math.min(millis, MAX_MILLIS)).plus(MARGIN) : null;
      restart(call);
    } else {
      start(call);
    }
  }

  /** The time runs from the CALL on, wherever that has been since. */
  void start(PendingCall call) {
    long millis = call.message.options().get(Keys.TIMEOUT, 0L);
    if (millis > 0 && (call.timer == null || call.isWatchedByCallee)) {
      call.stopTimer();
      call.isWatchedByCallee = false;
      call.timeout = bounded(millis);
      long spent = scheduler.nanoTime() - call.begun;
      expireIn(call, Math.max(0, call.timeout.toNanos() - spent));
    }
  }

  private static Duration bounded(long millis) {
    return Duration.ofMillis(Math.min(millis, MAX_MILLIS));
  }

  /** The callee was heard. */
  void restart(PendingCall call) {
    if (call.timeout != null) {
      call.stopTimer();
      expireIn(call, call.timeout.toNanos());
    }
  }

  private void expireIn(PendingCall call, long nanos) {
    call.timer = scheduler.schedule(Duration.ofNanos(nanos), () -> expired.accept(call));
  }

  /** The callee was asked to stop. */
  void guard(PendingCall call) {
    call.killGuard = scheduler.schedule(KILL_GUARD, () -> survived.accept(call));
  }
}
