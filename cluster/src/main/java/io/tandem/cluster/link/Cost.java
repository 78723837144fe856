package io.tandem.cluster.link;

import io.tandem.cluster.delivery.Delivery;
import io.tandem.protocol.message.Keys;

/** What a delivery costs of the credit; sender and receiver come to the same figure. */
final class Cost {

  /** What a delivery takes beside its octets: its share of a frame, its objects at the receiver. */
  static final int PER_ENTRY = 64;

  /** The room that every call brings for its final answer, and another for being canceled. */
  static final int ROOM = 512;

  private Cost() {}

  /** The cost of a delivery of this length: what goes beyond the room its call has brought. */
  static long of(Delivery delivery, int octets) {
    long full = (long) octets + PER_ENTRY;
    return hasRoom(delivery) ? Math.max(0, full - ROOM) : full;
  }

  private static boolean hasRoom(Delivery delivery) {
    return isFinal(delivery) || delivery instanceof Delivery.Cancel;
  }

  /** Whether the delivery ends a call at the caller's side. */
  static boolean isFinal(Delivery delivery) {
    return delivery instanceof Delivery.Failed
        || delivery instanceof Delivery.Refused
        || (delivery instanceof Delivery.Result result && !result.details().is(Keys.PROGRESS));
  }
}
