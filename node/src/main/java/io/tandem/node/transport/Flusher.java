package io.tandem.node.transport;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;

/**
 * Flushes every channel that was written to once, at the end of the event loop's turn: the system
 * call is most of the cost of a delivery. Belongs to one event loop.
 */
final class Flusher {

  /** A transport that has something to flush. */
  interface Writer {

    /** The turn is over; the flusher has forgotten this transport until it is added again. */
    void flushTurn();
  }

  private final EventLoop eventLoop;
  private final List<Writer> dirty = new ArrayList<>();

  Flusher(EventLoop eventLoop) {
    this.eventLoop = eventLoop;
  }

  /** The transport has something to flush; called once for it in a turn. */
  void add(Writer transport) {
    if (dirty.isEmpty()) {
      // Tasks run after all channels that are ready now were read.
      eventLoop.execute(this::flush);
    }
    dirty.add(transport);
  }

  private void flush() {
    // A flush may end a session, and its end write to others.
    for (int i = 0; i < dirty.size(); i++) {
      dirty.get(i).flushTurn();
    }
    dirty.clear();
  }
}
