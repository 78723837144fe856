package io.tandem.bench.report;

import io.tandem.bench.load.LoadPlan;
import org.jspecify.annotations.Nullable;

/**
 * What bare Vert.x needs for one message, measured separately: 500 WebSocket connections, 200
 * octets, two cores. A relay that is far from it measures something else than the machine.
 */
final class Reference {

  /** CPU microseconds of writing one pre-encoded frame to one socket, with a flush of its own. */
  private static final double DELIVERY = 2.76;

  /** CPU microseconds of reading one frame, without the system call. */
  private static final double READ = 0.23;

  private static final double FAR = 2.5;
  private static final int COMPARABLE_PAYLOAD = 1024;
  private static final int COMPARABLE_FANOUT = 100;

  private Reference() {}

  private static boolean isComparable(LoadPlan plan) {
    return plan.payloadBytes() <= COMPARABLE_PAYLOAD
        && (plan.kind() == LoadPlan.Kind.RPC || plan.fanout() >= COMPARABLE_FANOUT);
  }

  private static double micros(LoadPlan plan) {
    return plan.kind() == LoadPlan.Kind.RPC ? 2 * (DELIVERY + READ) : DELIVERY;
  }

  /** The figure with its origin; null where nothing comparable was measured. */
  static @Nullable String of(LoadPlan plan) {
    if (!isComparable(plan)) {
      return null;
    }
    return plan.kind() == LoadPlan.Kind.RPC
        ? String.format(
            "the %.2f us of two reads and two writes on bare Vert.x, measured separately"
                + " without the read's system calls",
            micros(plan))
        : String.format(
            "the %.2f us of a write with its own flush on bare Vert.x, measured separately"
                + " (0.52 us when eight share a flush)",
            micros(plan));
  }

  /** Only deliveries are comparable enough to void a run. */
  static boolean isFarSlower(LoadPlan plan, double relayMicros) {
    return plan.kind() == LoadPlan.Kind.PUBSUB
        && isComparable(plan)
        && relayMicros > FAR * micros(plan);
  }
}
