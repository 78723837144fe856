package io.tandem.node.router;

import io.tandem.cluster.delivery.Delivery;
import io.tandem.cluster.delivery.Offered;
import org.jspecify.annotations.Nullable;

/** What becomes of deliveries that another node does not get. */
final class Losses {

  private Losses() {}

  /** What was dropped for good; nothing is where somebody is answered, asks again, or is gone. */
  static RouterMetrics.@Nullable Drop drop(Delivery delivery, Offered offered) {
    if (offered.isTaken()
        || delivery instanceof Delivery.Invoke
        || delivery instanceof Delivery.Part
        || delivery instanceof Delivery.Kept) {
      return null;
    }
    boolean isEvent = delivery instanceof Delivery.Event;
    boolean isAnswer = delivery instanceof Delivery.Result || delivery instanceof Delivery.Failed;
    return switch (offered) {
      case UNREACHABLE -> isEvent || isAnswer ? RouterMetrics.Drop.NODE_UNREACHABLE : null;
      case NO_ROOM -> RouterMetrics.Drop.EVENT_LINK_FULL;
      case TOO_LARGE -> RouterMetrics.Drop.EVENT_TOO_LONG;
      case UNKNOWN_THERE -> RouterMetrics.Drop.NODE_TOO_OLD;
      case CALL_OVER -> isAnswer ? RouterMetrics.Drop.LATE_ANSWER : null;
      case TAKEN -> null;
    };
  }
}
