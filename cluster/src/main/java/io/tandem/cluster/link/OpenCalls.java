package io.tandem.cluster.link;

import io.tandem.cluster.delivery.CallAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Calls under way over a link in one direction, in one epoch: invoked and neither answered nor
 * given up. Each holds a room for one answer and one for a cancel, which cost no credit. Any
 * thread.
 */
final class OpenCalls {

  /** A call, as its realm numbers it. */
  private record Call(String realm, CallAddress address) {}

  private enum State {
    OPEN,
    KILLED
  }

  private final ConcurrentMap<Call, State> calls = new ConcurrentHashMap<>();

  void open(String realm, CallAddress address) {
    calls.put(new Call(realm, address), State.OPEN);
  }

  boolean isOpen(String realm, CallAddress address) {
    return calls.containsKey(new Call(realm, address));
  }

  /** Ends the call; false when it was over before. */
  boolean close(String realm, CallAddress address) {
    return calls.remove(new Call(realm, address)) != null;
  }

  /** The callee is asked to stop and still answers; false when it was asked before or is over. */
  boolean kill(String realm, CallAddress address) {
    return calls.replace(new Call(realm, address), State.OPEN, State.KILLED);
  }

  int size() {
    return calls.size();
  }
}
