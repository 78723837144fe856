package io.tandem.node.router;

import io.tandem.cluster.entry.CallAddress;
import io.tandem.cluster.entry.CancelMode;
import io.tandem.cluster.entry.Entry;
import io.tandem.cluster.entry.LaneAddress;
import io.tandem.protocol.codec.ProtocolViolation;
import io.tandem.protocol.message.Call;
import io.tandem.protocol.message.Cancel;
import io.tandem.protocol.message.ErrorMessage;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.MessageCode;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.Result;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.protocol.uri.WampUri;
import io.tandem.protocol.wire.Payload;
import io.tandem.registry.Callee;
import io.tandem.registry.NodeId;
import io.tandem.registry.RealmRegistry;
import io.tandem.registry.Registration;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The calls made by this lane's sessions. Each ends in exactly one final answer, given here: the
 * callee's, or one of the router's own when the callee, its lane, or the caller's patience is gone
 * (A1).
 */
final class Calls {

  /** Longest wait for a callee that was asked to stop in mode kill (RPC-CAN-11). */
  private static final Duration KILL_GUARD = Duration.ofSeconds(60);

  /** Longer timeouts count as this one: no session lasts so long, and nanoseconds overflow. */
  private static final Duration LONGEST_TIMEOUT = Duration.ofDays(365);

  /**
   * How many callees may have too much to do before the caller hears of it. Those that are gone, or
   * not there yet, do not count: many may wait at once for a node to acknowledge them.
   */
  private static final int MAX_PICKS = 16;

  private final LaneContext lane;
  private final LiveSettings settings;
  private final RealmRegistry registry;
  private final RouterMetrics metrics;
  private final Map<Long, PendingCall> pending = new HashMap<>();
  private final Departed departed;

  /** Of this lane's callees. */
  private final Invocations invocations;

  private long lastNumber;

  Calls(LaneContext lane, LiveSettings settings, Invocations invocations) {
    this.lane = lane;
    this.settings = settings;
    this.registry = lane.router().tables().realm(settings.now().name());
    this.metrics = lane.router().metrics();
    this.departed = new Departed(lane.scheduler());
    this.invocations = invocations;
  }

  int pending() {
    return pending.size();
  }

  // ---- CALL ----

  /**
   * @param disclosed whether the callee is told who calls, whatever it asked for
   */
  void call(Session caller, Call message, boolean disclosed) {
    if (caller.calls.size() >= settings.now().maxPendingCalls()) {
      refuse(
          caller,
          message,
          WampUri.NOT_AUTHORIZED,
          "a session may have at most " + settings.now().maxPendingCalls() + " calls under way");
      return;
    }
    CallAddress address = new CallAddress(lane.address(), ++lastNumber);
    PendingCall call = new PendingCall(address, caller, message, disclosed);
    if (call.keep()) {
      begin(call);
    } else {
      metrics.memoryRefusals.increment();
      refuse(
          caller,
          message,
          WampUri.UNAVAILABLE,
          "this session's calls under way take all the memory that it may have now");
    }
  }

  private void begin(PendingCall call) {
    pending.put(call.number(), call);
    call.caller.calls.put(call.message.request(), call);
    if (call.message.options().get(Keys.TIMEOUT, 0L) > 0) {
      Long came = call.caller.came;
      call.begun = came == null ? lane.scheduler().nanoTime() : came;
    }
    CallOrder order = call.caller.order;
    if (order != null && order.holds()) {
      order.await(call);
      startTimer(call);
    } else {
      place(call);
    }
  }

  /** What may not even be answered, whatever its payload. */
  void check(Session caller, Call message) throws ProtocolViolation {
    if (message.options().is(Keys.PROGRESS)) {
      throw new ProtocolViolation("progress: this router takes no progressive call invocations");
    }
    if (caller.calls.containsKey(message.request())) {
      throw new ProtocolViolation("call " + message.request() + " is still under way");
    }
    caller.checkPassthru(ClientRole.CALLER, message.options());
    metrics.calls.increment();
  }

  /** Finds a callee for the call and sends it there, or answers the caller. */
  private void place(PendingCall call) {
    Registration registration = registration(call);
    while (registration != null && call.busyCallees() < MAX_PICKS) {
      Registration chosen = registration;
      Callee callee = pick(call, chosen);
      // What stands in front may be all that is left of it here: its node cannot be reached.
      Registration behind = chosen.behind();
      while (callee == null && behind != null) {
        chosen = behind;
        callee = pick(call, chosen);
        behind = chosen.behind();
      }
      if (callee == null) {
        break;
      }
      if (send(call, chosen, callee)) {
        if (isOnThisLane(callee) && callee.equals(call.callee) && !invocations.anyWaits()) {
          // Had it been refused, it would be on its way to another one by now.
          call.accepted();
        }
        return;
      }
      call.refused(callee, Entry.Refusal.BUSY);
      registration = registration(call);
    }
    String procedure = call.message.procedure();
    if (registration == null) {
      nobodyOffers(call);
    } else if (call.busyCallees() < MAX_PICKS && call.hasUntried(registration)) {
      // Order comes first: whoever else could take it has got later calls of this session (O1).
      fail(
          call, WampUri.UNAVAILABLE, "the callee of " + procedure + " left before it had the call");
    } else {
      fail(call, WampUri.NETWORK_FAILURE, "no callee of " + procedure + " can take the call now");
    }
  }

  private void nobodyOffers(PendingCall call) {
    String procedure = call.message.procedure();
    if (!WampUri.isReserved(procedure) && isMoving(procedure)) {
      fail(
          call,
          WampUri.UNAVAILABLE,
          procedure + " is moving: its node leaves, and nobody has registered it elsewhere yet");
    } else if (registration(call) != null) {
      place(call); // It came while we looked whether it moves.
    } else {
      fail(call, WampUri.NO_SUCH_PROCEDURE, "nobody has registered " + procedure);
    }
  }

  /** Whether it went with its node; the tables may not know yet what the callee has told us. */
  private boolean isMoving(String procedure) {
    Registration known = registry.procedure(procedure);
    return known == null
        ? registry.isMoving(procedure)
        : known.callees().stream().allMatch(other -> lane.router().nodes().isLeaving(other.node()));
  }

  /**
   * By the invocation policy among the callees on nodes that serve; else among those that are not
   * known to be gone; else among all of them.
   */
  private @Nullable Callee pick(PendingCall call, Registration registration) {
    Nodes nodes = lane.router().nodes();
    Predicate<Callee> isThere = other -> !departed.contains(registration, other);
    Callee callee =
        call.pickFrom(
            registration, other -> nodes.isPreferred(other.node()) && isThere.test(other));
    if (callee == null) {
      callee = call.pickFrom(registration, isThere);
    }
    return callee != null || departed.isEmpty()
        ? callee
        : call.pickFrom(registration, other -> true);
  }

  private @Nullable Registration registration(PendingCall call) {
    String procedure = call.message.procedure();
    if (WampUri.isReserved(procedure)) {
      // Calls to wamp.* never reach a client's registration (URI-09).
      return null;
    }
    return call.refusals() == 0
        ? registry.procedure(procedure)
        : registry.procedure(procedure, call::mayExist);
  }

  private boolean isOnThisLane(Callee callee) {
    return callee.lane() == lane.number() && callee.node().equals(lane.address().node());
  }

  private boolean send(PendingCall call, Registration registration, Callee callee) {
    // Known before it leaves: the answer may come before this method returns.
    call.goesTo(registration, callee);
    if (call.caller.calls.size() > 1) {
      call.caller.order().given(callee, call);
    }
    watch(call, callee);
    Entry invoke =
        new Entry.Invoke(
            settings.now().name(),
            call.address,
            registration.id(),
            callee.session(),
            details(call, registration, callee),
            call.message.payload());
    return lane.post().send(new LaneAddress(callee.node(), callee.lane()), invoke);
  }

  private static Options details(PendingCall call, Registration registration, Callee callee) {
    Options options = call.message.options();
    Options details = options.payloadKeys();
    if (options.is(Keys.RECEIVE_PROGRESS)) {
      details = details.with(Keys.RECEIVE_PROGRESS, true);
    }
    if (callee.forwardTimeout() && options.get(Keys.TIMEOUT, 0L) > 0) {
      details = details.withNullable(Keys.TIMEOUT, options.get(Keys.TIMEOUT));
    }
    if (registration.match() != MatchPolicy.EXACT) {
      details = details.with(Keys.PROCEDURE, call.message.procedure());
    }
    if (call.disclosed || callee.discloseCaller()) {
      details =
          details
              .with(Keys.CALLER, call.caller.id())
              .with(Keys.CALLER_AUTHID, call.caller.principal().authid())
              .with(Keys.CALLER_AUTHROLE, call.caller.principal().authrole());
    }
    return details;
  }

  /** The callee cannot take the call: looks for another one, when it is the call's turn. */
  void refused(Entry.Refused refused) {
    PendingCall call = pending.get(refused.call().number());
    Callee callee = call == null ? null : call.callee;
    if (call == null || callee == null || callee.session() != refused.callee()) {
      return;
    }
    call.refused(callee, refused.reason());
    if (call.isKilled()) {
      fail(call, WampUri.CANCELED);
      return;
    }
    CallOrder order = call.caller.order();
    if (refused.reason() == Entry.Refusal.GONE) {
      departed.add(call.registration(), callee);
      order.left(callee, call);
    }
    order.decided(call);
    order.await(call);
    startTimer(call);
    proceed(call.caller);
  }

  /** Places what the session's order lets go. */
  private void proceed(Session caller) {
    CallOrder order = caller.order;
    if (order == null || order.proceeding) {
      return;
    }
    order.proceeding = true;
    try {
      for (PendingCall call = order.next(); call != null; call = order.next()) {
        place(call);
      }
    } finally {
      order.proceeding = false;
    }
    order.watch(lane.scheduler(), () -> proceed(caller));
  }

  // ---- the callee's answers ----

  void result(Entry.Result result) {
    PendingCall call = pending.get(result.call().number());
    if (call == null) {
      metrics.drops(RouterMetrics.Drop.LATE_ANSWER).increment();
      return;
    }
    boolean isFinal = !result.details().is(Keys.PROGRESS);
    if (isFinal) {
      finish(call);
    } else {
      restartTimer(call);
    }
    String problem =
        answer(
            call.caller,
            result.details(),
            new Result(call.message.request(), result.details(), result.payload()));
    if (problem != null) {
      if (!isFinal) {
        tellCallee(call, CancelMode.KILLNOWAIT, WampUri.CANCELED);
      }
      fail(call, problem, "the result cannot be delivered to the caller");
    }
  }

  void failed(Entry.Failed failed) {
    PendingCall call = pending.get(failed.call().number());
    if (call == null) {
      metrics.drops(RouterMetrics.Drop.LATE_ANSWER).increment();
      return;
    }
    finish(call);
    String problem =
        answer(
            call.caller,
            failed.details(),
            new ErrorMessage(
                MessageCode.CALL,
                call.message.request(),
                failed.details(),
                failed.error(),
                failed.payload()));
    if (problem != null) {
      fail(call, problem, "the error cannot be delivered to the caller");
    }
  }

  /** Sends what the callee answered; the error that stands for it where that cannot be done. */
  private static @Nullable String answer(Session caller, Options details, WampMessage message) {
    if (!caller.understands(ClientRole.CALLER, details)) {
      return WampUri.FEATURE_NOT_SUPPORTED;
    }
    Delivery delivery = caller.send(message);
    return delivery == Delivery.TOO_LONG || delivery == Delivery.UNTRANSLATABLE
        ? errorOf(delivery)
        : null;
  }

  /** What the caller or callee is told about a payload that cannot be delivered (TR-04, SER-09). */
  static String errorOf(Delivery failure) {
    return failure == Delivery.TOO_LONG ? WampUri.PAYLOAD_SIZE_EXCEEDED : WampUri.INVALID_ARGUMENT;
  }

  // ---- CANCEL and timeout ----

  /**
   * The caller gives up. Modes {@code skip} and {@code killnowait} end the call, so nothing comes
   * after them (RPC-CAN-07). Mode {@code kill} lets the caller wait: its timeout goes on, and the
   * two others are stronger and still take effect; a further {@code kill} asks for nothing new.
   */
  void cancel(Session caller, Cancel message) {
    PendingCall call = caller.calls.get(message.request());
    CancelMode mode = CancelMode.of(message.options().get(Keys.MODE, "killnowait"));
    if (call == null || (call.isKilled() && mode == CancelMode.KILL)) {
      return;
    }
    tellCallee(call, mode, WampUri.CANCELED);
    if (mode != CancelMode.KILL || call.callee == null) {
      fail(call, WampUri.CANCELED);
    } else if (caller.calls.containsKey(message.request())) {
      call.killGuard = lane.scheduler().schedule(KILL_GUARD, () -> survived(call));
    }
  }

  /** The callee was asked to stop and did not: the caller has waited long enough. */
  private void survived(PendingCall call) {
    tellCallee(call, CancelMode.SKIP, WampUri.CANCELED);
    fail(call, WampUri.CANCELED);
  }

  private void tellCallee(PendingCall call, CancelMode mode, String reason) {
    Callee callee = call.callee;
    if (callee != null) {
      lane.post()
          .send(
              new LaneAddress(callee.node(), callee.lane()),
              new Entry.Cancel(settings.now().name(), call.address, mode, reason));
    }
  }

  /** Watches the callee's silence, unless it watches itself (RPC-TMO-02, RPC-TMO-04). */
  private void watch(PendingCall call, Callee callee) {
    if (callee.forwardTimeout()) {
      call.timeout = null;
      call.stopTimer();
    } else {
      startTimer(call);
    }
  }

  /** The time runs from the CALL on, wherever that has been since. */
  private void startTimer(PendingCall call) {
    long millis = call.message.options().get(Keys.TIMEOUT, 0L);
    if (millis > 0 && call.timer == null) {
      call.timeout = Duration.ofMillis(Math.min(millis, LONGEST_TIMEOUT.toMillis()));
      long spent = lane.scheduler().nanoTime() - call.begun;
      expireIn(call, Math.max(0, call.timeout.toNanos() - spent));
    }
  }

  private void restartTimer(PendingCall call) {
    if (call.timeout != null) {
      call.stopTimer();
      expireIn(call, call.timeout.toNanos());
    }
  }

  private void expireIn(PendingCall call, long nanos) {
    call.timer = lane.scheduler().schedule(Duration.ofNanos(nanos), () -> expired(call));
  }

  private void expired(PendingCall call) {
    tellCallee(call, CancelMode.KILLNOWAIT, WampUri.TIMEOUT);
    fail(call, WampUri.TIMEOUT, "no answer in " + call.message.options().get(Keys.TIMEOUT) + " ms");
  }

  /** The callee's node cannot be reached: what has become of the calls, nobody will hear. */
  void lost(NodeId node) {
    for (PendingCall call : List.copyOf(pending.values())) {
      Callee callee = call.callee;
      if (callee != null && callee.node().equals(node)) {
        fail(call, WampUri.NETWORK_FAILURE, "the callee's node cannot be reached any more");
      }
    }
  }

  /** The caller is gone: nobody waits for its calls any more (RPC-17). */
  void leave(Session caller) {
    if (caller.order != null) {
      caller.order.stopWaiting();
      caller.order = null;
    }
    for (PendingCall call : List.copyOf(caller.calls.values())) {
      finish(call);
      tellCallee(call, CancelMode.KILLNOWAIT, WampUri.CANCELED);
    }
  }

  // ---- the end of a call ----

  private void finish(PendingCall call) {
    call.stopTimers();
    call.drop();
    Session caller = call.caller;
    if (pending.remove(call.number()) == null) {
      return;
    }
    caller.calls.remove(call.message.request());
    CallOrder order = caller.order;
    if (order != null) {
      boolean letsGo = order.decided(call);
      if (caller.calls.isEmpty()) {
        order.rest();
      } else if (letsGo) {
        proceed(caller);
      }
    }
  }

  private void fail(PendingCall call, String error, String why) {
    finish(call);
    refuse(call.caller, call.message, error, why);
  }

  private void fail(PendingCall call, String error) {
    finish(call);
    call.caller.fail(MessageCode.CALL, call.message.request(), error, Payload.EMPTY);
  }

  static void refuse(Session caller, Call message, String error, String why) {
    caller.refuse(MessageCode.CALL, message.request(), error, why);
  }
}
