package io.tandem.node.router;

import io.tandem.cluster.delivery.CallAddress;
import io.tandem.cluster.delivery.Delivery;
import io.tandem.protocol.message.CancelMode;
import io.tandem.protocol.message.Invocation;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.uri.WampUri;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Gives callees the further parts of the calls that they have. Belongs to their lane. */
final class PartsForCallees {

  private final Function<CallAddress, @Nullable PendingInvocation> pending;
  private final Consumer<PendingInvocation> forget;
  private final Replies replies;
  private final RouterMetrics metrics;

  /**
   * @param pending finds the invocation of a call
   * @param forget ends one
   */
  PartsForCallees(
      Function<CallAddress, @Nullable PendingInvocation> pending,
      Consumer<PendingInvocation> forget,
      Replies replies,
      RouterMetrics metrics) {
    this.pending = pending;
    this.forget = forget;
    this.replies = replies;
    this.metrics = metrics;
  }

  /** Whether the callee takes several INVOCATIONs of one ID (RPC-PCI-03, RPC-PCI-15). */
  static boolean mayHave(Session callee) {
    return callee.features().has(ClientFeature.TAKES_PARTS) && callee.features().callCanceling();
  }

  /** The next INVOCATION of a call. */
  void give(Delivery.Part part) {
    PendingInvocation invocation = pending.apply(part.call());
    PendingInvocation.Head head = invocation == null ? null : invocation.head;
    if (invocation == null || head == null) {
      metrics.drops(RouterMetrics.Drop.LATE_PART).increment();
      return;
    }
    Session callee = invocation.callee;
    if (!callee.registrations.containsKey(head.registration())) {
      // It may answer what it has, but is invoked for that registration no more (QRK-04).
      end(invocation, WampUri.CANCELED, "the callee has unregistered before the last part");
      return;
    }
    if (callee.outbox().isCrowded()) {
      // Its queue is for all its callers: none of them may fill it alone.
      end(invocation, WampUri.UNAVAILABLE, "the callee has too much to do for a further part");
      return;
    }
    SendResult outcome =
        callee.send(
            new Invocation(
                invocation.request,
                head.registration(),
                head.details().with(Keys.PROGRESS, !part.isLast()),
                part.payload()));
    if (outcome != SendResult.SENT) {
      String error = outcome.error();
      end(
          invocation,
          error == null ? WampUri.UNAVAILABLE : error,
          "a part of the arguments cannot be delivered to the callee");
      return;
    }
    metrics.invocations.increment();
    if (part.isLast()) {
      invocation.head = null;
    }
  }

  /** The call fails though its callee is there, which shall not go on. */
  private void end(PendingInvocation invocation, String error, String why) {
    forget.accept(invocation);
    replies.error(invocation.call, error, why);
    Replies.interrupt(invocation, CancelMode.KILLNOWAIT, WampUri.CANCELED);
  }
}
