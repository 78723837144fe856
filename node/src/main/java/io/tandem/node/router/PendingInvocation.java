package io.tandem.node.router;

import io.tandem.cluster.delivery.CallAddress;

/** An INVOCATION without a final answer. Owned by the callee's lane. */
final class PendingInvocation {

  final Session callee;
  final long request;
  final CallAddress call;
  final boolean receivesProgress;

  /** The call is over without the callee knowing; its next part is answered with INTERRUPT. */
  boolean abandoned;

  PendingInvocation(Session callee, long request, CallAddress call, boolean receivesProgress) {
    this.callee = callee;
    this.request = request;
    this.call = call;
    this.receivesProgress = receivesProgress;
  }
}
