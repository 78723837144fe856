package io.tandem.bench.wire;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;

/** Flushes what was written during an event loop's turn once for each channel, at its end. */
public final class TurnFlusher {

  private final EventLoop eventLoop;
  private final List<Wire> dirty = new ArrayList<>();

  public TurnFlusher(EventLoop eventLoop) {
    this.eventLoop = eventLoop;
  }

  public EventLoop eventLoop() {
    return eventLoop;
  }

  void add(Wire wire) {
    if (dirty.isEmpty()) {
      // Tasks run after all channels that are ready now were read.
      eventLoop.execute(this::flush);
    }
    dirty.add(wire);
  }

  private void flush() {
    dirty.forEach(Wire::flush);
    dirty.clear();
  }
}
