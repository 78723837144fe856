package io.tandem.node.router;

import io.tandem.cluster.delivery.LaneAddress;
import io.tandem.protocol.id.GlobalIds;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.MessageCode;
import io.tandem.protocol.message.Register;
import io.tandem.protocol.message.Registered;
import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.protocol.uri.WampUri;
import io.tandem.registry.Callee;
import io.tandem.registry.InvocationPolicy;
import io.tandem.registry.Registration;
import io.tandem.registry.Resource;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the router itself offers to one lane's callers in one realm, under {@code wamp.} (META-03):
 * each lane answers its own. No other lane, no other node and no record knows of it. Belongs to its
 * lane.
 */
final class RouterProcedures {

  private final LaneAddress lane;
  private final Map<String, Registration> registrations = new HashMap<>();

  RouterProcedures(LaneAddress lane) {
    this.lane = lane;
  }

  /** The registration that a call of this procedure uses, or null. */
  @Nullable Registration find(String procedure) {
    return registrations.get(procedure);
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
        registration.id(), new LocalRegistration(registration.id(), procedure, callee, false));
    session.send(new Registered(message.request(), registration.id()));
  }

  void remove(Resource procedure) {
    registrations.remove(procedure.uri());
  }
}
