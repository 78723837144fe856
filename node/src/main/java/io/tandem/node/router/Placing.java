package io.tandem.node.router;

import io.tandem.cluster.delivery.Delivery;
import io.tandem.cluster.delivery.LaneAddress;
import io.tandem.protocol.uri.WampUri;
import io.tandem.registry.Callee;
import io.tandem.registry.Registration;
import java.util.List;

/**
 * Finds callees for the calls of one lane and sends the calls there, each session's in order (O1).
 * Belongs to the lane.
 */
final class Placing {

  /**
   * How many callees may have too much to do before the caller hears of it. Those that are gone, or
   * not there yet, do not count: many may wait at once for a node to acknowledge them.
   */
  private static final int MAX_PICKS = 16;

  /** How often a call may be given back before its caller hears of it. */
  private static final int MOST_GIVEN_BACK = 64;

  /** Ends calls that nobody can take, or whose callee cannot be given the rest. */
  interface Failing {
    void fail(PendingCall call, String error, String why);
  }

  private final LaneContext lane;
  private final LiveSettings settings;
  private final CallTimers timers;
  private final CalleeChoice choice;

  /** Of this lane's callees. */
  private final Invocations invocations;

  private final Failing failing;

  Placing(
      LaneContext lane,
      LiveSettings settings,
      CallTimers timers,
      Invocations invocations,
      RouterProcedures own,
      Failing failing) {
    this.lane = lane;
    this.settings = settings;
    this.timers = timers;
    this.choice = new CalleeChoice(lane, lane.router().tables().realm(settings.now().name()), own);
    this.invocations = invocations;
    this.failing = failing;
  }

  /** A new call: it is placed now, or behind those of its session that wait. */
  void begin(PendingCall call) {
    CallOrder order = call.caller.order;
    if (order != null && order.holds()) {
      order.await(call);
      timers.start(call);
    } else {
      place(call);
    }
  }

  /** The callee has refused the call: it goes to another one, when it is its turn. */
  void again(PendingCall call, Callee callee, Delivery.Refusal reason) {
    CallOrder order = call.caller.order();
    if (reason == Delivery.Refusal.GONE) {
      choice.left(call, callee);
      order.left(callee, call);
    }
    order.decided(call);
    order.await(call);
    timers.start(call);
    proceed(call.caller);
  }

  /** Places what the session's order lets go. */
  void proceed(Session caller) {
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

  /** Finds a callee for the call and sends it there, or answers the caller. */
  private void place(PendingCall call) {
    Registration registration = choice.registration(call);
    while (registration != null
        && call.busyCallees() < MAX_PICKS
        && call.givenBack() < MOST_GIVEN_BACK) {
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
        if (isOnThisLane(callee)
            && callee.equals(call.callee)
            && !invocations.anyWaits()
            && call.keepsMuch()
            && !invocations.mayGiveBack(callee.session())) {
          // Had it been refused, it would be on its way to another one by now.
          call.accepted();
        }
        return;
      }
      call.refused(callee, Delivery.Refusal.BUSY);
      registration = choice.registration(call);
    }
    String procedure = call.message.procedure();
    if (call.givenBack() > 0) {
      failing.fail(
          call, WampUri.NO_AVAILABLE_CALLEE, "no callee of " + procedure + " wants the call");
    } else if (call.fullCallees() > 0) {
      failing.fail(
          call,
          WampUri.MAX_CONCURRENCY_REACHED,
          "the callees of " + procedure + " have as many calls as they take at once");
    } else if (registration == null) {
      nobodyOffers(call);
    } else if (call.busyCallees() < MAX_PICKS && call.hasUntried(registration)) {
      // Order comes first: whoever else could take it has got later calls of this session (O1).
      failing.fail(
          call, WampUri.UNAVAILABLE, "the callee of " + procedure + " left before it had the call");
    } else {
      failing.fail(
          call, WampUri.NETWORK_FAILURE, "no callee of " + procedure + " can take the call now");
    }
  }

  private void nobodyOffers(PendingCall call) {
    String procedure = call.message.procedure();
    if (!WampUri.isReserved(procedure) && choice.isMoving(procedure)) {
      failing.fail(
          call,
          WampUri.UNAVAILABLE,
          procedure + " is moving: its node leaves, and nobody has registered it elsewhere yet");
    } else if (choice.registration(call) != null) {
      place(call); // It came while we looked whether it moves.
    } else {
      failing.fail(call, WampUri.NO_SUCH_PROCEDURE, "nobody has registered " + procedure);
    }
  }

  private boolean isOnThisLane(Callee callee) {
    return callee.lane() == lane.number() && callee.node().equals(lane.address().node());
  }

  private boolean send(PendingCall call, Registration registration, Callee callee) {
    // Known before it leaves: the answer may come before this method returns.
    choice.made(call, registration, callee);
    if (call.caller.calls.size() > 1) {
      call.caller.order().given(callee, call);
    }
    timers.watch(call, callee);
    int times = call.times();
    LaneAddress there = new LaneAddress(callee.node(), callee.lane());
    List<CallParts.Part> further = call.parts == null ? List.of() : call.parts.kept();
    Delivery invoke =
        new Delivery.Invoke(
            settings.now().name(),
            call.address,
            registration.id(),
            callee.session(),
            call.detailsFor(registration, callee, lane.scheduler()),
            call.message.payload());
    if (!lane.post().send(there, invoke)) {
      return false;
    }
    for (CallParts.Part part : further) {
      // Where it was refused at once, it is elsewhere by now, and so are its parts.
      if (call.isOver() || call.times() != times) {
        break;
      }
      send(call, callee, part);
    }
    return true;
  }

  /** Sends a further part of the call to its callee; where there is no room the call fails. */
  void send(PendingCall call, Callee callee, CallParts.Part part) {
    if (call.caller.calls.size() > 1) {
      call.caller.order().given(callee, call);
    }
    LaneAddress there = new LaneAddress(callee.node(), callee.lane());
    Delivery delivery =
        new Delivery.Part(settings.now().name(), call.address, part.isLast(), part.payload());
    if (lane.post().send(there, delivery)) {
      lane.post().holdWhileCrowded(there, call.caller.outbox());
    } else {
      failing.fail(call, WampUri.NETWORK_FAILURE, "no room for a part on the way to the callee");
    }
  }
}
