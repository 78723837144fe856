package io.tandem.node.router;

import io.tandem.cluster.delivery.CallAddress;
import io.tandem.cluster.delivery.Delivery;
import io.tandem.protocol.message.Call;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.protocol.wire.Payload;
import io.tandem.registry.Callee;
import io.tandem.registry.Registration;
import io.tandem.registry.Scheduler;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A CALL without a final answer. Owned by the caller's lane. */
final class PendingCall {

  /** What a pending call costs beside its payload, in octets, on both sides, roughly. */
  private static final int OVERHEAD = 1 << 10;

  /** Less than this does no harm where it is. */
  private static final int WORTH_DROPPING = 1 << 10;

  final CallAddress address;
  final Session caller;

  /** Without its payload, and most of its options, once these are not needed any more. */
  Call message;

  /** Octets that the caller's account is charged with. */
  private long kept;

  /** Whether the INVOCATION tells who calls, whatever the callee asked for. */
  final boolean disclosed;

  /** The callee that has the call now, set before the call leaves; null while it waits. */
  @Nullable Callee callee;

  /** Whether it was placed later than it came, so that events may have overtaken it. */
  boolean waited;

  /** Of the callee that had it last. */
  private long registration;

  /** Who could not take the call, and why. */
  private final Map<Refuser, Delivery.Refusal> refusals = new HashMap<>(2);

  private int busyCallees;

  /** When it came, in nanoseconds of the lane's clock, if it has a timeout. */
  long begun;

  /** Longest silence from the callee, or null without a limit watched here. */
  @Nullable Duration timeout;

  Scheduler.@Nullable Timer timer;

  /** Ends the wait for what the callee answers to a kill; null before one. */
  Scheduler.@Nullable Timer killGuard;

  PendingCall(CallAddress address, Session caller, Call message, boolean disclosed) {
    this.address = address;
    this.caller = caller;
    this.message = message;
    this.disclosed = disclosed;
  }

  /** Charges the caller for what the node has to keep of the call; false when that is too much. */
  boolean keep() {
    long octets = OVERHEAD + 2L * message.procedure().length() + arguments();
    if (!caller.memory.tryTake(octets)) {
      return false;
    }
    kept = octets;
    return true;
  }

  /** Octets of what only a callee needs. */
  private long arguments() {
    return (long) message.options().weight() + message.payload().kept();
  }

  /** The callee has the call, and nobody else will: what it was called with may go. */
  void accepted() {
    long octets = arguments();
    boolean isOver = kept == 0;
    if (octets > WORTH_DROPPING && !isOver) {
      Options rest = Options.EMPTY.withNullable(Keys.TIMEOUT, message.options().get(Keys.TIMEOUT));
      message = new Call(message.request(), rest, message.procedure(), Payload.EMPTY);
      octets -= arguments();
      kept -= octets;
      caller.memory.give(octets);
    }
  }

  /** The call is over; called as often as one likes. */
  void drop() {
    caller.memory.give(kept);
    kept = 0;
  }

  /** The call goes to this callee now. */
  void goesTo(Registration chosen, Callee newCallee) {
    registration = chosen.id();
    callee = newCallee;
  }

  /** What the callee is told beside the arguments. */
  Options detailsFor(Registration chosen, Callee invoked) {
    Options options = message.options();
    Options details = options.payloadKeys();
    if (options.is(Keys.RECEIVE_PROGRESS)) {
      details = details.with(Keys.RECEIVE_PROGRESS, true);
    }
    if (invoked.forwardTimeout() && options.get(Keys.TIMEOUT, 0L) > 0) {
      details = details.withNullable(Keys.TIMEOUT, options.get(Keys.TIMEOUT));
    }
    if (chosen.match() != MatchPolicy.EXACT) {
      details = details.with(Keys.PROCEDURE, message.procedure());
    }
    if (disclosed || invoked.discloseCaller()) {
      details =
          details
              .with(Keys.CALLER, caller.id())
              .with(Keys.CALLER_AUTHID, caller.principal().authid())
              .with(Keys.CALLER_AUTHROLE, caller.principal().authrole());
    }
    return details;
  }

  /** Grows with each call of the lane. */
  long number() {
    return address.number();
  }

  long registration() {
    return registration;
  }

  /** Whether the call is with this callee, for whichever of its registrations. */
  boolean isAt(Callee other) {
    return callee != null && callee.sameSession(other);
  }

  /** The callee that has the call cannot take it, and is not asked again. */
  void refused(Callee by, Delivery.Refusal reason) {
    callee = null;
    refusals.put(new Refuser(registration, by.session()), reason);
    if (reason == Delivery.Refusal.BUSY) {
      busyCallees++;
    }
  }

  /** How many could not take the call. */
  int refusals() {
    return refusals.size();
  }

  /** How many of them had too much to do. */
  int busyCallees() {
    return busyCallees;
  }

  /**
   * The callee of this registration that is next, passes, has not refused the call and was not
   * given a later one of the caller; or null.
   */
  @Nullable Callee pickFrom(Registration candidate, Predicate<Callee> passes) {
    return candidate.pick(
        other -> refusal(candidate, other) == null && !isOvertaken(other) && passes.test(other));
  }

  private boolean isOvertaken(Callee other) {
    CallOrder order = caller.order;
    return !refusals.isEmpty() && order != null && order.isOvertaken(this, other);
  }

  /** Whether somebody has not refused the call. */
  boolean hasUntried(Registration candidate) {
    return candidate.callees().stream().anyMatch(other -> refusal(candidate, other) == null);
  }

  /** Whether anybody is behind the registration, for all that the refusals have told. */
  boolean mayExist(Registration candidate) {
    return candidate.callees().stream()
        .anyMatch(other -> refusal(candidate, other) != Delivery.Refusal.GONE);
  }

  private Delivery.@Nullable Refusal refusal(Registration candidate, Callee by) {
    return refusals.get(new Refuser(candidate.id(), by.session()));
  }

  /** A session as callee of one of its registrations. */
  private record Refuser(long registration, long session) {}

  /** Whether the caller gave up in mode kill and waits for what the callee answers. */
  boolean isKilled() {
    return killGuard != null;
  }

  void stopTimer() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  void stopTimers() {
    stopTimer();
    if (killGuard != null) {
      killGuard.cancel();
    }
  }
}
