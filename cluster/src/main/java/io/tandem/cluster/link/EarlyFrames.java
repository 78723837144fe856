package io.tandem.cluster.link;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Frames of the peer's control stream that may have overtaken what its lanes had sent before them:
 * they wait here, in their order, until that has come. The link's loop alone, but for {@link
 * #last}.
 */
final class EarlyFrames {

  /** What may wait; beyond it, the peer sees that frames are missing and sends them again. */
  private static final int MOST_OCTETS = 1 << 20;

  private final Deque<Frame.Data> waiting = new ArrayDeque<>();
  private long octets;
  private volatile long last;

  /** The number of the last frame that came; every one up to it did. Any thread. */
  long last() {
    return last;
  }

  /** Takes the frame if it is the next one. */
  boolean take(Frame.Data frame) {
    int length = frame.records().remaining();
    boolean next = frame.sequence() == last + 1 && octets + length <= MOST_OCTETS;
    if (next) {
      waiting.add(frame);
      octets += length;
      last = frame.sequence();
    }
    return next;
  }

  /** The oldest frame, once all that it comes after is here. */
  Frame.@Nullable Data next(Epoch epoch) throws MalformedFrameException {
    Frame.Data oldest = waiting.peek();
    if (oldest == null || !epoch.hasAllBefore(oldest)) {
      return null;
    }
    octets -= oldest.records().remaining();
    return waiting.remove();
  }
}
