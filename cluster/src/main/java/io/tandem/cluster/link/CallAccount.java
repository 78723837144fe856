package io.tandem.cluster.link;

import io.tandem.cluster.delivery.CallAddress;
import io.tandem.cluster.delivery.Delivery;
import io.tandem.protocol.message.CancelMode;

/**
 * The calls under way in one epoch, both ways, as both sides of the link count them. A delivery
 * about a call that is over is dropped on either side, so a call has one answer, and the room that
 * it brought is used once. Any thread.
 */
final class CallAccount {

  private final OpenCalls made = new OpenCalls();
  private final OpenCalls taken = new OpenCalls();

  /** How many calls of this node's callers are under way. */
  int made() {
    return made.size();
  }

  int size() {
    return made.size() + taken.size();
  }

  /** A call leaves. Before its item does, since the answer may come at once. */
  void leaves(Delivery.Invoke invoke) {
    made.open(invoke.realm(), invoke.call());
  }

  /** A call has come. */
  void comes(String realm, CallAddress call) {
    taken.open(realm, call);
  }

  /** This node ends the call with an answer of its own making. */
  void answered(String realm, CallAddress call) {
    taken.close(realm, call);
  }

  /** Whether a delivery that is to leave is about no call or one that is not over; may end it. */
  boolean mayLeave(Delivery delivery) {
    return isOfUse(delivery, made, taken);
  }

  /** The same of a delivery that has come. */
  boolean mayEnter(Delivery delivery) {
    return isOfUse(delivery, taken, made);
  }

  private static boolean isOfUse(Delivery delivery, OpenCalls called, OpenCalls answering) {
    if (delivery instanceof Delivery.Result result) {
      return Cost.isFinal(result)
          ? answering.close(result.realm(), result.call())
          : answering.isOpen(result.realm(), result.call());
    } else if (delivery instanceof Delivery.Failed failed) {
      return answering.close(failed.realm(), failed.call());
    } else if (delivery instanceof Delivery.Refused refused) {
      return answering.close(refused.realm(), refused.call());
    } else if (delivery instanceof Delivery.Accepted accepted) {
      return answering.isOpen(accepted.realm(), accepted.call());
    } else if (delivery instanceof Delivery.Part part) {
      return called.isOpen(part.realm(), part.call());
    } else if (delivery instanceof Delivery.Cancel cancel) {
      return cancel.mode() == CancelMode.KILL
          ? called.kill(cancel.realm(), cancel.call())
          : called.close(cancel.realm(), cancel.call());
    }
    return true;
  }
}
