package io.tandem.node.router;

import io.tandem.protocol.wire.Payload;
import java.util.ArrayList;
import java.util.List;

/**
 * What has come of a call in parts beyond its first CALL (RPC-PCI-04). Belongs to the caller's
 * lane.
 *
 * <p>Until a callee has the call, its parts are kept: who refuses the call refuses them all, and
 * whoever gets it instead gets them all.
 */
final class CallParts {

  /** A further CALL of one call. */
  record Part(Payload payload, boolean isLast) {}

  /** Beside its payload, in octets. */
  private static final int OVERHEAD = 128;

  private List<Part> kept = new ArrayList<>();
  private boolean complete;
  private boolean accepted;

  /** The number that the lane gave its next call when the newest part came. */
  private long nextCall;

  /** What a part with this payload makes the node keep, in octets. */
  long cost(Payload payload) {
    return accepted ? 0 : (long) OVERHEAD + payload.kept();
  }

  /** One more has come. */
  void add(Part part, long number) {
    complete = part.isLast();
    nextCall = number;
    if (!accepted) {
      kept.add(part);
    }
  }

  /** A callee has the call, and nobody else will. */
  void accepted() {
    accepted = true;
    kept = List.of();
  }

  /** What goes behind the first CALL to whoever gets the call now. */
  List<Part> kept() {
    return kept.isEmpty() ? List.of() : List.copyOf(kept);
  }

  /** Whether the last of them has come. */
  boolean isComplete() {
    return complete;
  }

  /** Calls of the lane with a smaller number came before the newest part. */
  long nextCall() {
    return nextCall;
  }
}
