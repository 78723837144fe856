package io.tandem.node.router;

import io.tandem.cluster.delivery.Delivery;
import io.tandem.protocol.codec.ProtocolViolation;
import io.tandem.protocol.message.Call;
import io.tandem.protocol.message.Cancel;
import io.tandem.protocol.message.ErrorMessage;
import io.tandem.protocol.message.MessageCode;
import io.tandem.protocol.message.Register;
import io.tandem.protocol.message.Unregister;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.message.Yield;
import io.tandem.registry.NodeId;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The remote procedure call half of a lane's share of a realm. What its callees offer is the
 * business of {@link Registering}, calls of its callers that of {@link Calls}, invocations of its
 * callees that of {@link Invocations}.
 */
final class Dealer {

  private final LiveSettings settings;
  private final Registering registering;
  private final Calls calls;
  private final Invocations invocations;

  /**
   * @param watchers are told what is registered
   * @param sessions finds a session of this lane and realm by its ID
   */
  Dealer(
      LaneContext lane,
      LiveSettings settings,
      Watchers watchers,
      Function<Long, @Nullable Session> sessions) {
    this.settings = settings;
    RouterProcedures ofRouter = new RouterProcedures(lane.address(), lane.router().nodes());
    this.invocations = new Invocations(lane, settings, sessions, ofRouter);
    this.calls = new Calls(lane, settings, invocations, ofRouter);
    this.registering = new Registering(lane, settings, ofRouter, invocations, watchers);
  }

  /** What may not even be answered, whatever its payload. */
  void check(Session session, Call message) throws ProtocolViolation {
    calls.check(session, message);
  }

  /** The same for an answer of a callee. */
  void check(ErrorMessage message) throws ProtocolViolation {
    if (message.requestType() != MessageCode.INVOCATION) {
      throw new ProtocolViolation(
          "ERROR for " + message.requestType() + "; a client may fail an INVOCATION only");
    }
    if (!settings.now().uriRule().isUri(message.error())) {
      throw new ProtocolViolation("ERROR.Error must be a URI");
    }
  }

  /** Whether this is a CALL after the first one of a call in parts. */
  boolean isPart(Session session, Call message) {
    return session.features().has(ClientFeature.CALLS_IN_PARTS)
        && session.hasRequested(message.request());
  }

  /**
   * Treats such a CALL, which needs no verdict of its own (RPC-PCI-13).
   *
   * @param refused why nobody may have its payload, or null
   */
  void receivePart(Session session, Call message, Verdict.@Nullable Refused refused)
      throws ProtocolViolation {
    calls.part(session, message, refused);
  }

  /**
   * Treats a message.
   *
   * @param verdict on a request that needs one, else null
   */
  void receive(Session session, WampMessage.ToDealer message, Verdict.@Nullable Final verdict)
      throws ProtocolViolation {
    Verdict.Refused refused = verdict instanceof Verdict.Refused no ? no : null;
    if (message instanceof Call call) {
      if (refused == null) {
        calls.call(session, call, verdict == Verdict.Admitted.DISCLOSED);
      } else {
        calls.refuse(session, call, refused.error(), refused.why());
      }
    } else if (message instanceof Yield yield) {
      invocations.yielded(session, yield);
    } else if (message instanceof Cancel cancel) {
      calls.cancel(session, cancel);
    } else if (message instanceof Register register) {
      if (refused == null) {
        registering.register(session, register);
      } else {
        Registering.refuse(session, register, refused.error(), refused.why());
      }
    } else if (message instanceof Unregister unregister) {
      registering.unregister(session, unregister);
    } else {
      throw new IllegalArgumentException(message.code() + " is not for a dealer");
    }
  }

  /** A callee answered an invocation with ERROR. */
  void failed(Session session, ErrorMessage error) throws ProtocolViolation {
    invocations.failed(session, error);
  }

  /** The CALL has a payload that nobody may have. */
  void refuse(Session session, Call message, String error, String why) {
    calls.refuse(session, message, error, why);
  }

  /** The callee's answer has a payload that nobody may have. */
  void refused(Session callee, long request, boolean isFinal, String error, String why)
      throws ProtocolViolation {
    invocations.refused(callee, request, isFinal, error, why);
  }

  void receive(Delivery delivery) {
    if (delivery instanceof Delivery.Invoke invoke) {
      invocations.invoke(invoke);
    } else if (delivery instanceof Delivery.Result result) {
      calls.result(result);
    } else if (delivery instanceof Delivery.Failed failed) {
      calls.failed(failed);
    } else if (delivery instanceof Delivery.Refused refused) {
      calls.refused(refused);
    } else if (delivery instanceof Delivery.Part part) {
      invocations.part(part);
    } else if (delivery instanceof Delivery.Accepted accepted) {
      calls.accepted(accepted);
    } else if (delivery instanceof Delivery.Cancel cancel) {
      invocations.cancel(cancel);
    } else {
      throw new IllegalArgumentException(delivery + " is not for a dealer");
    }
  }

  /**
   * The wishes to withdraw go out before the callers are told: who learns that the callee is gone
   * may register in its place.
   */
  CompletableFuture<?> leave(Session session) {
    CompletableFuture<?> withdrawn = registering.withdrawAll(session);
    session.registrations.clear();
    settle(session);
    return withdrawn;
  }

  /** What the session has asked for is over, and what was asked of it. */
  void settle(Session session) {
    calls.leave(session);
    invocations.leave(session);
  }

  /** See {@link Registering#revoke}. */
  boolean revoke(Session session, long registration, String reason) {
    return registering.revoke(session, registration, reason);
  }

  /** See {@link Registering#replaced}. */
  void replaced(Session session, long registration) {
    registering.replaced(session, registration);
  }

  /** See {@link Registering#retire}. */
  CompletableFuture<?> retire(Session session) {
    return registering.retire(session);
  }

  /** Calls to this node, and those from it, are over. */
  void lost(NodeId node) {
    calls.lost(node);
    invocations.lost(node);
  }

  int pending() {
    return calls.pending() + invocations.pending();
  }
}
