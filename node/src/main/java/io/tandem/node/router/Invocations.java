package io.tandem.node.router;

import io.tandem.cluster.delivery.CallAddress;
import io.tandem.cluster.delivery.Delivery;
import io.tandem.protocol.codec.ProtocolViolation;
import io.tandem.protocol.message.CancelMode;
import io.tandem.protocol.message.ErrorMessage;
import io.tandem.protocol.message.Invocation;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.Yield;
import io.tandem.protocol.uri.WampUri;
import io.tandem.protocol.wire.Payload;
import io.tandem.registry.Histogram;
import io.tandem.registry.NodeId;
import io.tandem.registry.Registration;
import io.tandem.registry.Scheduler;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The invocations of this lane's callees. This side has the last word on whether a callee takes a
 * call, and sends its answers back to the lane that owns the call.
 */
final class Invocations {

  /**
   * Calls that are over without the callee knowing, of one callee. Those are nobody's account's any
   * more; further ones end without a word to the callee.
   */
  private static final int MOST_ABANDONED = 64;

  private final Post post;
  private final LiveSettings settings;
  private final Function<Long, @Nullable Session> sessions;
  private final RouterProcedures ofRouter;
  private final RouterMetrics metrics;
  private final @Nullable Tracing tracing;
  private final Histogram latency;
  private final Scheduler clock;
  private final Map<CallAddress, PendingInvocation> pending = new HashMap<>();
  private final EarlyInvokes early;
  private final LimitedCallees limited;
  private final Replies replies;
  private final PartsForCallees parts;

  /**
   * @param sessions finds a session of this lane and realm by its ID
   */
  Invocations(
      LaneContext lane,
      LiveSettings settings,
      Function<Long, @Nullable Session> sessions,
      RouterProcedures ofRouter) {
    this.post = lane.post();
    this.replies = new Replies(lane.post(), settings);
    this.settings = settings;
    this.sessions = sessions;
    this.ofRouter = ofRouter;
    this.metrics = lane.router().metrics();
    this.tracing = lane.router().tracing();
    this.latency = metrics.latency(Latency.INVOCATION);
    this.clock = lane.scheduler();
    this.parts = new PartsForCallees(pending::get, this::forget, replies, metrics);
    this.early =
        new EarlyInvokes(
            lane.scheduler(),
            (callee, early) -> invoke(callee, early.registration(), early),
            parts::give);
    this.limited = new LimitedCallees(settings, this::again, parts::give);
  }

  int pending() {
    return pending.size() + early.count() + limited.count();
  }

  /** Whether a call is here that no callee has yet. */
  boolean anyWaits() {
    return !early.isEmpty() || !limited.isEmpty();
  }

  /** Sends the callee an INVOCATION, or tells the caller's lane why not. */
  void invoke(Delivery.Invoke invoke) {
    if (invoke.callee() == LaneProcedure.ROUTER) {
      Registration own = ofRouter.invoked(invoke.details());
      Session router = own == null ? null : sessions.apply(own.callees().get(0).session());
      invoke(router, own == null ? 0 : own.id(), invoke);
      return;
    }
    Session callee = sessions.apply(invoke.callee());
    if (callee == null || !early.takes(callee, invoke)) {
      invoke(callee, invoke.registration(), invoke);
    }
  }

  private void invoke(@Nullable Session callee, long registration, Delivery.Invoke invoke) {
    LocalRegistration held = callee == null ? null : callee.registrations.get(registration);
    if (callee == null || held == null) {
      replies.refused(invoke, Delivery.Refusal.GONE);
      return;
    }
    CallLimit limit = held.limit();
    if (limit != null && (!limit.hasRoom() || limit.waiting() > 0)) {
      if (!limited.takes(limit, invoke)) {
        replies.refused(invoke, Delivery.Refusal.FULL);
      }
      return;
    }
    invoke(callee, held, invoke);
  }

  /** One that has waited for its callee. */
  private void again(Delivery.Invoke invoke) {
    Session callee = sessions.apply(invoke.callee());
    LocalRegistration held =
        callee == null ? null : callee.registrations.get(invoke.registration());
    if (callee == null || held == null) {
      replies.refused(invoke, Delivery.Refusal.GONE);
    } else {
      invoke(callee, held, invoke);
    }
  }

  private void invoke(Session callee, LocalRegistration held, Delivery.Invoke invoke) {
    if (callee.invocations.size() >= callee.limits().maxPendingCalls()
        || callee.outbox().isCrowded()) {
      replies.refused(invoke, Delivery.Refusal.BUSY);
      return;
    }
    if (!callee.understands(ClientRole.CALLEE, invoke.details())) {
      replies.error(
          invoke.call(),
          WampUri.FEATURE_NOT_SUPPORTED,
          "the callee did not announce payload_passthru_mode");
      return;
    }
    boolean isInParts = invoke.isInParts();
    if (isInParts && !PartsForCallees.mayHave(callee)) {
      replies.error(
          invoke.call(),
          WampUri.FEATURE_NOT_SUPPORTED,
          "the callee did not announce progressive_call_invocations and call_canceling");
      return;
    }
    Options details = detailsFor(callee, invoke.details());
    TracedStep span = held.trace(tracing, callee, details);
    details = span == null ? details : span.into(details);
    long request = callee.lastInvocation + 1;
    SendResult outcome = callee.send(new Invocation(request, held.id(), details, invoke.payload()));
    switch (outcome) {
      case SENT -> {
        callee.lastInvocation = request;
        PendingInvocation invocation =
            new PendingInvocation(
                callee,
                request,
                invoke.call(),
                details.is(Keys.RECEIVE_PROGRESS),
                clock.nanoTime());
        callee.invocations.put(request, invocation);
        pending.put(invoke.call(), invocation);
        invocation.span = span;
        if (held.limit() != null) {
          invocation.limit = held.limit();
          held.limit().take();
        }
        metrics.invocations.increment();
        if (isInParts) {
          invocation.isCommitted = true;
          invocation.head = new PendingInvocation.Head(held.id(), details);
          replies.accepted(invoke.call());
        }
      }
      case FULL, CLOSED -> replies.refused(invoke, Delivery.Refusal.BUSY);
      case TOO_LONG, UNTRANSLATABLE ->
          replies.error(
              invoke.call(),
              Objects.requireNonNull(outcome.error()),
              "the arguments cannot be delivered to the callee");
    }
  }

  /** Whether the session of this lane may give back a call that it has taken. */
  boolean mayGiveBack(long session) {
    Session callee = sessions.apply(session);
    return callee != null && callee.features().has(ClientFeature.GIVES_BACK);
  }

  // ---- further parts of a call ----

  /** Sends the callee the next INVOCATION of a call that it has. */
  void part(Delivery.Part part) {
    PendingInvocation invocation = pending.get(part.call());
    if (invocation == null && limited.takes(part)) {
      return;
    }
    if (!early.takes(invocation == null ? null : invocation.callee, part)) {
      parts.give(part);
    }
  }

  /** One of the session's REGISTERs is answered: what came for it before is treated. */
  void registered(Session callee) {
    early.answered(callee);
  }

  /** The session holds the registration no more: what waits for it is refused. */
  void unregistered(LocalRegistration registration) {
    if (registration.limit() != null) {
      limited.end(registration.limit());
    }
  }

  /** Progress is asked only of a callee that announced it (RPC-PROG-01, RPC-PROG-02). */
  private Options detailsFor(Session callee, Options details) {
    boolean progresses =
        callee.features().progressiveResults()
            && (callee.features().callCanceling() || !settings.now().progressRequiresCanceling());
    return progresses ? details : details.without(Keys.RECEIVE_PROGRESS);
  }

  // ---- YIELD and ERROR ----

  void yielded(Session callee, Yield message) throws ProtocolViolation {
    callee.checkPassthru(ClientRole.CALLEE, message.options());
    PendingInvocation invocation = callee.invocation(message.request());
    boolean isFinal = !message.options().is(Keys.PROGRESS);
    if (invocation == null) {
      metrics.drops(RouterMetrics.Drop.LATE_ANSWER).increment();
    } else if (invocation.abandoned) {
      yieldedInVain(invocation, isFinal);
    } else if (isFinal) {
      answered(invocation, null);
      replies.result(invocation.call, message.options().payloadKeys(), message.payload());
      post.holdWhileCrowded(invocation.call.lane(), callee.outbox());
    } else if (invocation.receivesProgress) {
      invocation.isCommitted = true;
      replies.result(
          invocation.call,
          message.options().payloadKeys().with(Keys.PROGRESS, true),
          message.payload());
      post.holdWhileCrowded(invocation.call.lane(), callee.outbox());
    } else {
      metrics.drops(RouterMetrics.Drop.UNWANTED_PROGRESS).increment();
    }
  }

  /** The call is over: a callee that goes on is told once (RPC-PROG-11). */
  private void yieldedInVain(PendingInvocation invocation, boolean isFinal) {
    metrics.drops(RouterMetrics.Drop.LATE_ANSWER).increment();
    forget(invocation);
    if (!isFinal) {
      Replies.interrupt(invocation, CancelMode.KILLNOWAIT, WampUri.CANCELED);
    }
  }

  void failed(Session callee, ErrorMessage message) throws ProtocolViolation {
    callee.checkPassthru(ClientRole.CALLEE, message.details());
    PendingInvocation invocation = callee.invocation(message.request());
    if (invocation != null) {
      answered(invocation, message.error());
    }
    if (invocation == null || invocation.abandoned) {
      metrics.drops(RouterMetrics.Drop.LATE_ANSWER).increment();
      return;
    }
    if (message.error().equals(WampUri.UNAVAILABLE) && replies.givesBack(invocation)) {
      return;
    }
    replies.error(
        invocation.call, message.details().payloadKeys(), message.error(), message.payload());
    post.holdWhileCrowded(invocation.call.lane(), callee.outbox());
  }

  /**
   * The answer has a payload that nobody may have: the call fails with this error, and with it what
   * is to come.
   */
  void refused(Session callee, long request, boolean isFinal, String error, String why)
      throws ProtocolViolation {
    PendingInvocation invocation = callee.invocation(request);
    if (invocation == null) {
      metrics.drops(RouterMetrics.Drop.LATE_ANSWER).increment();
    } else if (invocation.abandoned) {
      yieldedInVain(invocation, isFinal);
    } else if (!isFinal && !invocation.receivesProgress) {
      metrics.drops(RouterMetrics.Drop.UNWANTED_PROGRESS).increment();
    } else {
      invocation.endTrace(error);
      forget(invocation);
      replies.error(invocation.call, error, why);
      if (!isFinal && callee.features().callCanceling()) {
        Replies.interrupt(invocation, CancelMode.KILLNOWAIT, WampUri.CANCELED);
      }
    }
  }

  // ---- the end of an invocation ----

  /** Its callee has said the last word on it. */
  private void answered(PendingInvocation invocation, @Nullable String error) {
    invocation.endTrace(error);
    forget(invocation);
    if (!invocation.callee.isOfRouter()) {
      latency.add(clock.nanoTime() - invocation.begun);
    }
  }

  /** The caller's side gave up. */
  void cancel(Delivery.Cancel cancel) {
    PendingInvocation invocation = pending.get(cancel.call());
    if (invocation == null) {
      boolean waited = early.cancel(cancel.call()) || limited.cancel(cancel.call());
      if (waited && cancel.mode() == CancelMode.KILL) {
        replies.error(cancel.call(), Options.EMPTY, WampUri.CANCELED, Payload.EMPTY);
      }
      return;
    }
    boolean interruptible = invocation.callee.features().callCanceling();
    switch (cancel.mode()) {
      case KILL -> {
        if (interruptible) {
          invocation.isCommitted = true;
          Replies.interrupt(invocation, CancelMode.KILL, cancel.reason());
        } else {
          // Such a callee cannot be stopped: kill acts as skip (RPC-CAN-05).
          abandon(invocation);
          replies.error(cancel.call(), Options.EMPTY, WampUri.CANCELED, Payload.EMPTY);
        }
      }
      case KILLNOWAIT -> {
        forget(invocation);
        if (interruptible) {
          Replies.interrupt(invocation, CancelMode.KILLNOWAIT, cancel.reason());
        }
      }
      case SKIP -> abandon(invocation);
    }
  }

  private void abandon(PendingInvocation invocation) {
    forget(invocation);
    Session callee = invocation.callee;
    if ((invocation.receivesProgress || invocation.head != null)
        && callee.features().callCanceling()
        && callee.abandoned < MOST_ABANDONED) {
      invocation.abandoned = true;
      invocation.head = null;
      callee.abandoned++;
      callee.invocations.put(invocation.request, invocation);
    }
  }

  private void forget(PendingInvocation invocation) {
    invocation.endTrace(WampUri.CANCELED);
    Session callee = invocation.callee;
    if (callee.invocations.remove(invocation.request) != null && invocation.abandoned) {
      callee.abandoned--;
    } else {
      pending.remove(invocation.call);
    }
    CallLimit limit = invocation.limit;
    if (limit != null) {
      invocation.limit = null;
      limit.give();
      limited.serve(limit);
    }
  }

  /** The caller's node cannot be reached: nobody waits for these any more. */
  void lost(NodeId node) {
    early.lost(node);
    limited.lost(node);
    for (PendingInvocation invocation : List.copyOf(pending.values())) {
      if (invocation.call.lane().node().equals(node)) {
        forget(invocation);
        if (invocation.callee.features().callCanceling()) {
          Replies.interrupt(invocation, CancelMode.KILLNOWAIT, WampUri.CANCELED);
        }
      }
    }
  }

  /** The callee is gone: its calls fail, none is given to another callee (RPC-18). */
  void leave(Session callee) {
    for (PendingInvocation invocation : List.copyOf(callee.invocations.values())) {
      forget(invocation);
      if (!invocation.abandoned) {
        replies.error(invocation.call, WampUri.CANCELED, "the callee left before it answered");
      }
    }
    early.leave(callee);
  }
}
