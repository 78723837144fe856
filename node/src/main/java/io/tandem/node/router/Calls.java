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
import io.tandem.registry.Histogram;
import io.tandem.registry.NodeId;
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

  private final LaneContext lane;
  private final LiveSettings settings;
  private final RouterMetrics metrics;
  private final Histogram latency;
  private final Map<Long, PendingCall> pending = new HashMap<>();
  private final CallTimers timers;
  private final Placing placing;
  private final @Nullable Tracing tracing;

  private long lastNumber;

  Calls(LaneContext lane, LiveSettings settings, Invocations invocations, RouterProcedures own) {
    this.lane = lane;
    this.settings = settings;
    this.metrics = lane.router().metrics();
    this.latency = metrics.latency(Latency.CALL);
    this.tracing = lane.router().tracing();
    this.timers = new CallTimers(lane.scheduler(), this::expired, this::survived);
    this.placing = new Placing(lane, settings, timers, invocations, own, this::end);
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
    Call bounded = settings.now().calls().bounded(message);
    PendingCall call = new PendingCall(address, caller, bounded, disclosed);
    call.trust = settings.now().trust().level(caller.principal().authrole(), message.procedure());
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
    if (tracing != null) {
      call.trace(tracing, settings.now().name());
    }
    pending.put(call.number(), call);
    call.caller.calls.put(call.message.request(), call);
    timers.begin(call);
    placing.begin(call);
  }

  /** What may not even be answered, whatever its payload. */
  void check(Session caller, Call message) throws ProtocolViolation {
    if (message.options().is(Keys.PROGRESS)
        && !caller.features().has(ClientFeature.CALLS_IN_PARTS)) {
      throw new ProtocolViolation(
          "progress: the caller did not announce progressive_call_invocations");
    }
    if (caller.calls.containsKey(message.request())) {
      throw new ProtocolViolation("call " + message.request() + " is still under way");
    }
    caller.checkPassthru(ClientRole.CALLER, message.options());
    metrics.calls.increment();
  }

  // ---- further parts of a call ----

  /**
   * A CALL after the first one of a call. Where that is over it comes too late, and is dropped
   * (RPC-PCI-10).
   *
   * @param refused why nobody may have its payload, or null
   */
  void part(Session caller, Call message, Verdict.@Nullable Refused refused)
      throws ProtocolViolation {
    PendingCall call = caller.calls.get(message.request());
    if (call == null) {
      metrics.drops(RouterMetrics.Drop.LATE_PART).increment();
      return;
    }
    CallParts parts = call.parts;
    if (parts == null || parts.isComplete()) {
      throw new ProtocolViolation(
          "call " + message.request() + " is still under way and has no further part");
    } else if (!call.message.procedure().equals(message.procedure())) {
      throw new ProtocolViolation("call " + message.request() + " is to another procedure");
    } else if (call.isKilled()) {
      metrics.drops(RouterMetrics.Drop.LATE_PART).increment();
    } else if (refused != null) {
      end(call, refused.error(), refused.why());
    } else if (call.keep(message, lastNumber + 1)) {
      timers.restart(call);
      Callee callee = call.callee;
      if (callee != null) {
        placing.send(call, callee, new CallParts.Part(message.payload(), parts.isComplete()));
      }
    } else {
      metrics.memoryRefusals.increment();
      end(call, WampUri.UNAVAILABLE, RealmSettings.NO_MEMORY);
    }
  }

  /** The call fails, and its callee shall not go on. */
  private void end(PendingCall call, String error, String why) {
    tellCallee(call, CancelMode.KILLNOWAIT, WampUri.CANCELED);
    fail(call, error, why);
  }

  /** The callee has the call in parts. */
  void accepted(Delivery.Accepted accepted) {
    PendingCall call = pending.get(accepted.call().number());
    if (call != null) {
      call.accepted();
    }
  }

  // ---- the callee's answers ----

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
    } else {
      placing.again(call, callee, refused.reason());
    }
  }

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
    } else if (isFinal) {
      call.endTrace(null);
    }
  }

  void failed(Delivery.Failed failed) {
    PendingCall call = pending.get(failed.call().number());
    if (call == null) {
      metrics.drops(RouterMetrics.Drop.LATE_ANSWER).increment();
      return;
    }
    finish(call);
    count(call.caller, failed.error());
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
    } else {
      call.endTrace(failed.error());
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
      forget(call);
      call.endTrace(WampUri.CANCELED);
      tellCallee(call, CancelMode.KILLNOWAIT, WampUri.CANCELED);
    }
  }

  // ---- the end of a call ----

  private void finish(PendingCall call) {
    if (forget(call) && !call.caller.isOfRouter()) {
      latency.add(lane.scheduler().nanoTime() - call.begun);
    }
  }

  /** The call is over, whether its caller hears of it or not; false when it was over before. */
  private boolean forget(PendingCall call) {
    call.stopTimers();
    call.drop();
    Session caller = call.caller;
    if (pending.remove(call.number()) == null) {
      return false;
    }
    caller.calls.remove(call.message.request());
    CallOrder order = caller.order;
    if (order != null) {
      boolean letsGo = order.decided(call);
      if (caller.calls.isEmpty()) {
        order.rest();
      } else if (letsGo) {
        placing.proceed(caller);
      }
    }
    return true;
  }

  private void fail(PendingCall call, String error, String why) {
    finish(call);
    call.endTrace(error);
    refuse(call.caller, call.message, error, why);
  }

  private void fail(PendingCall call, String error) {
    finish(call);
    count(call.caller, error);
    call.endTrace(error);
    call.caller.fail(MessageCode.CALL, call.message.request(), error, Payload.EMPTY);
  }

  private void count(Session caller, String error) {
    if (!caller.isOfRouter()) {
      metrics.callErrors.add(error);
    }
  }

  void refuse(Session caller, Call message, String error, String why) {
    count(caller, error);
    caller.refuse(MessageCode.CALL, message.request(), error, why);
  }
}
