package io.tandem.node.router;

import io.tandem.cluster.delivery.CallAddress;
import io.tandem.protocol.message.Options;
import org.jspecify.annotations.Nullable;

/** An INVOCATION without a final answer. Owned by the callee's lane. */
final class PendingInvocation {

  final Session callee;
  final long request;
  final CallAddress call;
  final boolean receivesProgress;

  /** When it was sent, in nanoseconds of the lane's clock. */
  final long begun;

  /**
   * Whether nobody else may have the call: its callee has answered a part of it, was given several
   * parts (RPC-RER-05), or was asked to stop (RPC-CAN-10).
   */
  boolean isCommitted;

  /** Where it counts as one that the callee has; null where the callee takes all. */
  @Nullable CallLimit limit;

  /** What every part of the call repeats; null when there is none to come. */
  @Nullable Head head;

  /** What the first INVOCATION of a call in parts said (RPC-PCI-06). */
  record Head(long registration, Options details) {}

  /** The call is over without the callee knowing; its next part is answered with INTERRUPT. */
  boolean abandoned;

  /** What is told of it to who collects traces; null for nothing. */
  @Nullable TracedStep span;

  PendingInvocation(
      Session callee, long request, CallAddress call, boolean receivesProgress, long begun) {
    this.callee = callee;
    this.request = request;
    this.call = call;
    this.receivesProgress = receivesProgress;
    this.begun = begun;
  }

  /**
   * It is over, as it was already or is now.
   *
   * @param error a URI, or null where the callee has answered with a result
   */
  void endTrace(@Nullable String error) {
    if (span != null) {
      span.end(error);
      span = null;
    }
  }
}
