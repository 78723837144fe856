package io.tandem.node.router;

import io.tandem.cluster.delivery.CallAddress;
import io.tandem.cluster.delivery.Delivery;
import io.tandem.cluster.delivery.LaneAddress;
import io.tandem.protocol.codec.ProtocolViolation;
import io.tandem.protocol.message.Call;
import io.tandem.protocol.message.Cancel;
import io.tandem.protocol.message.CancelMode;
import io.tandem.protocol.message.ErrorMessage;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.MessageCode;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.Result;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.uri.WampUri;
import io.tandem.protocol.wire.Payload;
import io.tandem.registry.Callee;
import io.tandem.registry.NodeId;
import io.tandem.registry.Registration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The calls made by this lane's sessions. Each ends in exactly one final answer, given here: the
 * callee's, or one of the router's own when the callee, its lane, or the caller's patience is gone
 * (A1).
 */
final class Calls {

  /**
   * How many callees may have too much to do before the caller hears of it. Those that are gone, or
   * not there yet, do not count: many may wait at once for a node to acknowledge them.
   */
  private static final int MAX_PICKS = 16;

  private final LaneContext lane;
  private final LiveSettings settings;
  private final RouterMetrics metrics;
  private final Map<Long, PendingCall> pending = new HashMap<>();
  private final CalleeChoice choice;
  private final CallTimers timers;

  /** Of this lane's callees. */
  private final Invocations invocations;

  private long lastNumber;

  Calls(LaneContext lane, LiveSettings settings, Invocations invocations, RouterProcedures own) {
    this.lane = lane;
    this.settings = settings;
    this.metrics = lane.router().metrics();
    this.choice = new CalleeChoice(lane, lane.router().tables().realm(settings.now().name()), own);
    this.timers = new CallTimers(lane.scheduler(), this::expired, this::survived);
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
    if (caller.calls.size() >= caller.limits().maxPendingCalls()) {
      refuse(
          caller,
          message,
          WampUri.NOT_AUTHORIZED,
          "a session may have at most " + caller.limits().maxPendingCalls() + " calls under way");
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
    timers.begin(call);
    CallOrder order = call.caller.order;
    if (order != null && order.holds()) {
      order.await(call);
      timers.start(call);
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
    Registration registration = choice.registration(call);
    while (registration != null && call.busyCallees() < MAX_PICKS) {
      Registration chosen = registration;
      Callee callee = choice.pick(call, chosen);
      // What stands in front may be all that is left of it here: its node cannot be reached.
      Registration behind = chosen.behind();
      while (callee == null && behind != null) {
        chosen = behind;
        callee = choice.pick(call, chosen);
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
      call.refused(callee, Delivery.Refusal.BUSY);
      registration = choice.registration(call);
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
    if (!WampUri.isReserved(procedure) && choice.isMoving(procedure)) {
      fail(
          call,
          WampUri.UNAVAILABLE,
          procedure + " is moving: its node leaves, and nobody has registered it elsewhere yet");
    } else if (choice.registration(call) != null) {
      place(call); // It came while we looked whether it moves.
    } else {
      fail(call, WampUri.NO_SUCH_PROCEDURE, "nobody has registered " + procedure);
    }
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
    timers.watch(call, callee);
    Delivery invoke =
        new Delivery.Invoke(
            settings.now().name(),
            call.address,
            registration.id(),
            callee.session(),
            call.detailsFor(registration, callee),
            call.message.payload());
    return lane.post().send(new LaneAddress(callee.node(), callee.lane()), invoke);
  }

  /** The callee cannot take the call: looks for another one, when it is the call's turn. */
  void refused(Delivery.Refused refused) {
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
    if (refused.reason() == Delivery.Refusal.GONE) {
      choice.left(call, callee);
      order.left(callee, call);
    }
    order.decided(call);
    order.await(call);
    timers.start(call);
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

  void result(Delivery.Result result) {
    PendingCall call = pending.get(result.call().number());
    if (call == null) {
      metrics.drops(RouterMetrics.Drop.LATE_ANSWER).increment();
      return;
    }
    boolean isFinal = !result.details().is(Keys.PROGRESS);
    if (isFinal) {
      finish(call);
    } else {
      timers.restart(call);
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

  void failed(Delivery.Failed failed) {
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
    return caller.understands(ClientRole.CALLER, details)
        ? caller.send(message).error()
        : WampUri.FEATURE_NOT_SUPPORTED;
  }

  // ---- CANCEL and timeout ----

  /**
   * The caller gives up. Modes {@code skip} and {@code killnowait} end the call, so nothing comes
   * after them (RPC-CAN-07). Mode {@code kill} lets the caller wait: its timeout goes on, and the
   * two others are stronger and still take effect; a further {@code kill} asks for nothing new.
   */
  void cancel(Session caller, Cancel message) {
    PendingCall call = caller.calls.get(message.request());
    CancelMode mode = CancelMode.of(message.options());
    if (call == null || (call.isKilled() && mode == CancelMode.KILL)) {
      return;
    }
    tellCallee(call, mode, WampUri.CANCELED);
    if (mode != CancelMode.KILL || call.callee == null) {
      fail(call, WampUri.CANCELED);
    } else if (caller.calls.containsKey(message.request())) {
      timers.guard(call);
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
              new Delivery.Cancel(settings.now().name(), call.address, mode, reason));
    }
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
