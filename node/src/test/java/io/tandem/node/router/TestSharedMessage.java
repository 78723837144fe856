package io.tandem.node.router;

import io.tandem.protocol.message.WampMessage;
import java.util.concurrent.atomic.AtomicInteger;

/** A shared message that is counted while it is open. */
record TestSharedMessage(WampMessage message, AtomicInteger open) implements SharedMessage {

  TestSharedMessage {
    open.incrementAndGet();
  }

  @Override
  public void close() {
    open.decrementAndGet();
  }
}
