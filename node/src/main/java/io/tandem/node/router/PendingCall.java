package io.tandem.node.router;

import io.tandem.cluster.delivery.CallAddress;
import io.tandem.cluster.delivery.Delivery;
import io.tandem.protocol.message.Call;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.protocol.wire.Payload;
import io.tandem.registry.Callee;
import io.tandem.registry.CalleeLoads;
import io.tandem.registry.InvocationPolicy;
import io.tandem.registry.Registration;
import io.tandem.registry.Scheduler;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
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

  /** What has come of it beyond its first CALL; null for a call in one piece. */
  final @Nullable CallParts parts;

  /** Whether the INVOCATION tells who calls, whatever the callee asked for. */
  final boolean disclosed;

  /** How far its caller is trusted, for the callee to read; null for nothing. */
  @Nullable Long trust;

  /** What is told of it to who collects traces; null for nothing. */
  private @Nullable TracedStep span;

  /** The callee that has the call now, set before the call leaves; null while it waits. */
  @Nullable Callee callee;

  /** What counts it as one that the callee has; null where that does not matter. */
  private @Nullable CalleeLoads loads;

  /** How often it was given to a callee. */
  private int times;

  /** Whether it was placed later than it came, so that events may have overtaken it. */
  boolean waited;

  /** Of the callee that had it last. */
  private long registration;

  /** Who could not take the call, and why. */
  private final Map<Refuser, Delivery.Refusal> refusals = new HashMap<>(2);

  private int busyCallees;

  /** How many of them had as many calls as they take. */
  private int fullCallees;

  /** How many callees have given it back. */
  private int givenBack;

  /** When it came, in nanoseconds of the lane's clock. */
  long begun;

  /** Longest silence from the callee, or null without a limit watched here. */
  @Nullable Duration timeout;

  /** Whether its callee watches the timeout, so that the timer here is a longer one. */
  boolean isWatchedByCallee;

  Scheduler.@Nullable Timer timer;

  /** Ends the wait for what the callee answers to a kill; null before one. */
  Scheduler.@Nullable Timer killGuard;

  PendingCall(CallAddress address, Session caller, Call message, boolean disclosed) {
    this.address = address;
    this.caller = caller;
    this.message = message;
    this.disclosed = disclosed;
    this.parts = message.options().is(Keys.PROGRESS) ? new CallParts() : null;
  }

  /** Charges the caller for what the node has to keep of the call; false when that is too much. */
  boolean keep() {
    long octets = octets();
    if (!caller.memory.tryTake(octets)) {
      return false;
    }
    kept = octets;
    return true;
  }

  /**
   * The same for a further part of it; takes note of the part if so.
   *
   * @param nextCall the number that the lane gives its next call
   */
  boolean keep(Call part, long nextCall) {
    CallParts all = Objects.requireNonNull(parts);
    long octets = all.cost(part.payload());
    if (!caller.memory.tryTake(octets)) {
      return false;
    }
    kept += octets;
    all.add(new CallParts.Part(part.payload(), !part.options().is(Keys.PROGRESS)), nextCall);
    return true;
  }

  private long octets() {
    return OVERHEAD + 2L * message.procedure().length() + arguments();
  }

  /** Octets of what only a callee needs. */
  private long arguments() {
    return (long) message.options().weight() + message.payload().kept();
  }

  /** Whether it makes the node keep more than is worth a thought. */
  boolean keepsMuch() {
    return arguments() > WORTH_DROPPING;
  }

  /** The callee has the call, and nobody else will: what it was called with may go. */
  void accepted() {
    if (parts != null) {
      accepted(parts);
      return;
    }
    long octets = arguments();
    if (keepsMuch() && !isOver()) {
      Options rest = Options.EMPTY.withNullable(Keys.TIMEOUT, message.options().get(Keys.TIMEOUT));
      message = new Call(message.request(), rest, message.procedure(), Payload.EMPTY);
      octets -= arguments();
      kept -= octets;
      caller.memory.give(octets);
    }
  }

  /** The callee's lane repeats the options with every part, so they count until the end. */
  private void accepted(CallParts all) {
    if (!isOver()) {
      all.accepted();
      if (message.payload().kept() > WORTH_DROPPING) {
        message =
            new Call(message.request(), message.options(), message.procedure(), Payload.EMPTY);
      }
      long rest = octets();
      caller.memory.give(kept - rest);
      kept = rest;
    }
  }

  /** The number below which calls came before all that its callee is given of this one (O1). */
  long nextCall() {
    return parts == null ? number() : Math.max(number(), parts.nextCall());
  }

  boolean isOver() {
    return kept == 0;
  }

  /** The call is over; called as often as one likes. */
  void drop() {
    countNoMore();
    caller.memory.give(kept);
    kept = 0;
  }

  /**
   * The call goes to this callee now.
   *
   * @param loads of the realm's callees
   */
  void goesTo(Registration chosen, Callee newCallee, CalleeLoads loads) {
    times++;
    registration = chosen.id();
    callee = newCallee;
    if (chosen.policy() == InvocationPolicy.LEAST_BUSY) {
      loads.begin(newCallee.session());
      this.loads = loads;
    }
  }

  private void countNoMore() {
    if (loads != null && callee != null) {
      loads.end(callee.session());
    }
    loads = null;
  }

  /** What the callee is told beside the arguments. */
  Options detailsFor(Registration chosen, Callee invoked, Scheduler clock) {
    Options options = message.options();
    Options details = options.payloadKeys();
    if (parts != null) {
      details = details.with(Keys.PROGRESS, true);
    }
    if (options.is(Keys.RECEIVE_PROGRESS)) {
      details = details.with(Keys.RECEIVE_PROGRESS, true);
    }
    if (invoked.forwardTimeout() && options.get(Keys.TIMEOUT, 0L) > 0) {
      details = details.with(Keys.TIMEOUT, timeLeft(options.get(Keys.TIMEOUT, 0L), clock));
    }
    if (chosen.match() != MatchPolicy.EXACT) {
      details = details.with(Keys.PROCEDURE, message.procedure());
    }
    details = details.withNullable(Keys.TRUSTLEVEL, trust);
    if (disclosed || invoked.discloseCaller()) {
      details =
          details
              .with(Keys.CALLER, caller.id())
              .with(Keys.CALLER_AUTHID, caller.principal().authid())
              .with(Keys.CALLER_AUTHROLE, caller.principal().authrole());
    }
    return span == null ? details : span.into(details);
  }

  /** Has it told what becomes of the call, unless that is one of the router's own. */
  void trace(Tracing tracing, String realm) {
    if (!caller.isOfRouter()) {
      span =
          tracing.received(
              Tracing.Step.CALL, realm, message.procedure(), caller.id(), message.options());
    }
  }

  /**
   * The call has its answer.
   *
   * @param error a URI, or null where it is a result
   */
  void endTrace(@Nullable String error) {
    if (span != null) {
      span.end(error);
      span = null;
    }
  }

  /** Of its timeout, in milliseconds: all of it unless others had the call before (RPC-RER-05). */
  private long timeLeft(long millis, Scheduler clock) {
    long spent = givenBack == 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(clock.nanoTime() - begun);
    return Math.max(1, millis - spent);
  }

  /** Grows with each call of the lane. */
  long number() {
    return address.number();
  }

  int times() {
    return times;
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
    countNoMore();
    callee = null;
    refusals.put(new Refuser(registration, by.session()), reason);
    if (reason == Delivery.Refusal.BUSY || reason == Delivery.Refusal.FULL) {
      busyCallees++;
      fullCallees += reason == Delivery.Refusal.FULL ? 1 : 0;
    } else if (reason == Delivery.Refusal.UNAVAILABLE) {
      givenBack++;
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

  /** How many of those had as many calls as they take at once. */
  int fullCallees() {
    return fullCallees;
  }

  /** How many of them were invoked and gave it back. */
  int givenBack() {
    return givenBack;
  }

  /**
   * The callee of this registration that is next, passes, has not refused the call and was not
   * given a later one of the caller; or null.
   *
   * @param loads of the realm's callees
   */
  @Nullable Callee pickFrom(Registration candidate, Predicate<Callee> passes, CalleeLoads loads) {
    return candidate.pick(
        other -> refusal(candidate, other) == null && !isOvertaken(other) && passes.test(other),
        loads,
        candidate.policy() == InvocationPolicy.STICKY
            ? message.options().get(Keys.STICKY_KEY)
            : null);
  }

  private boolean isOvertaken(Callee other) {
    CallOrder order = caller.order;
    // One that was given back has had its place: it is placed anew.
    return !refusals.isEmpty() && givenBack == 0 && order != null && order.isOvertaken(this, other);
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
