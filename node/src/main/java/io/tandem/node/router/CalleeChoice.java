package io.tandem.node.router;

import io.tandem.protocol.uri.WampUri;
import io.tandem.registry.Callee;
import io.tandem.registry.RealmRegistry;
import io.tandem.registry.Registration;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Which callee a call goes to, by what this lane knows of them all. Belongs to the lane. */
final class CalleeChoice {

  private final Nodes nodes;
  private final RealmRegistry registry;
  private final RouterProcedures ofRouter;
  private final Departed departed;

  CalleeChoice(LaneContext lane, RealmRegistry registry, RouterProcedures ofRouter) {
    this.ofRouter = ofRouter;
    this.nodes = lane.router().nodes();
    this.registry = registry;
    this.departed = new Departed(lane.scheduler());
  }

  /** What the call is to; calls to wamp.* never reach a client's registration (URI-09). */
  @Nullable Registration registration(PendingCall call) {
    String procedure = call.message.procedure();
    if (WampUri.isReserved(procedure)) {
      return ofRouter.find(call.caller, procedure);
    }
    return call.refusals() == 0
        ? registry.procedure(procedure)
        : registry.procedure(procedure, call::mayExist);
  }

  /**
   * By the invocation policy among the callees on nodes that serve; else among those that are not
   * known to be gone; else among all of them.
   */
  @Nullable Callee pick(PendingCall call, Registration registration) {
    Predicate<Callee> isThere = other -> !departed.contains(registration, other);
    Callee callee =
        call.pickFrom(
            registration,
            other -> nodes.isPreferred(other.node()) && isThere.test(other),
            registry.loads());
    if (callee == null) {
      callee = call.pickFrom(registration, isThere, registry.loads());
    }
    return callee != null || departed.isEmpty()
        ? callee
        : call.pickFrom(registration, other -> true, registry.loads());
  }

  /** The call goes to this callee. */
  void made(PendingCall call, Registration registration, Callee callee) {
    call.goesTo(registration, callee, registry.loads());
  }

  /** The callee that has the call is gone, though the tables may still name it. */
  void left(PendingCall call, Callee callee) {
    departed.add(call.registration(), callee);
  }

  /** Whether it went with its node; the tables may not know yet what the callee has told us. */
  boolean isMoving(String procedure) {
    Registration known = registry.procedure(procedure);
    return known == null
        ? registry.isMoving(procedure)
        : known.callees().stream().allMatch(other -> nodes.isLeaving(other.node()));
  }
}
