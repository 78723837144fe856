package io.tandem.node.router;

import io.tandem.cluster.CallAddress;
import io.tandem.cluster.Entry;
import io.tandem.cluster.Scheduler;
import io.tandem.protocol.message.Call;
import io.tandem.registry.Callee;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A CALL without a final answer. Owned by the caller's lane. */
final class PendingCall {

  final CallAddress address;
  final Session caller;
  final Call message;

  /** Whether the INVOCATION tells who calls, whatever the callee asked for. */
  final boolean disclosed;

  /** The callee that has the call now; set before the call leaves its lane. */
  @Nullable Callee callee;

  /** Sessions that could not take the call. */
  private final Set<Long> refusedBy = new HashSet<>(2);

  /** Longest silence from the callee, or null without a limit watched here. */
  @Nullable Duration timeout;

  Scheduler.@Nullable Timer timer;

  private boolean turnedAwayBusy;

  /** The caller gave up in mode kill and waits for what the callee answers. */
  boolean killed;

  PendingCall(CallAddress address, Session caller, Call message, boolean disclosed) {
    this.address = address;
    this.caller = caller;
    this.message = message;
    this.disclosed = disclosed;
  }

  /** A callee could not take the call; it is not asked again. */
  void refused(long session, Entry.Refusal reason) {
    refusedBy.add(session);
    turnedAwayBusy |= reason == Entry.Refusal.BUSY;
  }

  /** How many callees could not take the call. */
  int refusals() {
    return refusedBy.size();
  }

  /** Whether a callee was there but had no room; so the procedure exists. */
  boolean turnedAwayBusy() {
    return turnedAwayBusy;
  }

  boolean mayGoTo(Callee other) {
    return !refusedBy.contains(other.session());
  }

  void stopTimer() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }
}
