package io.tandem.node.router;

import io.tandem.cluster.delivery.LaneAddress;
import io.tandem.protocol.id.GlobalIds;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.MessageCode;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.Register;
import io.tandem.protocol.message.Registered;
import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.protocol.uri.WampUri;
import io.tandem.registry.Callee;
import io.tandem.registry.InvocationPolicy;
import io.tandem.registry.NodeId;
import io.tandem.registry.Registration;
import io.tandem.registry.Resource;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the router itself offers in one lane's share of a realm, under {@code wamp.} (META-03): to
 * the lane's own callers, and as {@link LaneProcedure}s to the router's sessions elsewhere. No
 * record knows of it. Belongs to its lane.
 */
final class RouterProcedures {

  private final LaneAddress lane;
  private final Nodes nodes;
  private final Map<String, Registration> registrations = new HashMap<>();

  RouterProcedures(LaneAddress lane, Nodes nodes) {
    this.lane = lane;
    this.nodes = nodes;
  }

  /** The registration that the caller's call of this procedure uses, or null. */
  @Nullable Registration find(Session caller, String procedure) {
    if (!LaneProcedure.isOne(procedure)) {
      return registrations.get(procedure);
    }
    LaneProcedure wanted = caller.isOfRouter() ? LaneProcedure.of(procedure) : null;
    if (wanted == null) {
      return null;
    }
    NodeId node = nodes.find(wanted.incarnation());
    return node == null ? null : on(node, wanted.lane());
  }

  /** Stands for what its lane will find: a pattern, so that the invocation names the procedure. */
  private static Registration on(NodeId node, int lane) {
    return Registration.empty(LaneProcedure.ROUTER, MatchPolicy.PREFIX, InvocationPolicy.SINGLE)
        .with(new Callee(node, lane, LaneProcedure.ROUTER, 0, false, false));
  }

  /** What is invoked here by a call that another lane's {@link #find} has sent, or null. */
  @Nullable Registration invoked(Options details) {
    LaneProcedure wanted = LaneProcedure.of(details.get(Keys.PROCEDURE, ""));
    return wanted == null ? null : registrations.get(LaneProcedure.offer(wanted.name()));
  }

  /** The router's session wants to serve the procedure. */
  void offer(Session session, Register message, Resource procedure) {
    if (procedure.match() != MatchPolicy.EXACT || registrations.containsKey(procedure.uri())) {
      session.refuse(
          MessageCode.REGISTER,
          message.request(),
          WampUri.PROCEDURE_ALREADY_EXISTS,
          "the router offers it already, or it is a pattern");
      return;
    }
    boolean disclose = message.options().is(Keys.DISCLOSE_CALLER);
    Callee callee = new Callee(lane.node(), lane.lane(), session.id(), 0, disclose, false);
    Registration registration =
        Registration.empty(GlobalIds.next(), MatchPolicy.EXACT, InvocationPolicy.SINGLE)
            .with(callee);
    registrations.put(procedure.uri(), registration);
    session.registrationsHeld.add(procedure);
    session.registrations.put(
        registration.id(),
        new LocalRegistration(registration.id(), procedure, callee, null, false));
    session.send(new Registered(message.request(), registration.id()));
  }

  void remove(Resource procedure) {
    registrations.remove(procedure.uri());
  }
}
