package io.tandem.cluster.link;

import io.tandem.protocol.wire.MalformedException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Frames of the other node's control stream that may have overtaken what its lanes had sent before
 * them: they wait here, in their order, until that has come. The link's loop alone, but for {@link
 * #last}.
 */
final class EarlyFrames {

  /** What a frame takes beside its items, and what each number in it takes. */
  private static final int PER_FRAME = 128;

  private static final int PER_STREAM = 2 * Long.BYTES;

  private final long mostOctets;
  private final Deque<Frame.Data> waiting = new ArrayDeque<>();
  private long octets;
  private volatile long last;

  /**
   * @param mostOctets what may wait beside one frame; beyond it, the other node sees that frames
   *     are missing and sends them again
   */
  EarlyFrames(long mostOctets) {
    this.mostOctets = mostOctets;
  }

  /** The number of the last frame that came; every one up to it did. Any thread. */
  long last() {
    return last;
  }

  /** Takes the frame if it is the next one. */
  boolean take(Frame.Data frame) {
    boolean hasRoom = waiting.isEmpty() || octets + cost(frame) <= mostOctets;
    boolean next = frame.sequence() == last + 1 && hasRoom;
    if (next) {
      waiting.add(frame);
      octets += cost(frame);
      last = frame.sequence();
    }
    return next;
  }

  /** The oldest frame, once all that it comes after is here. */
  Frame.@Nullable Data next(Epoch epoch) throws MalformedException {
    Frame.Data oldest = waiting.peek();
    if (oldest == null || !epoch.hasAllBefore(oldest)) {
      return null;
    }
    octets -= cost(oldest);
    return waiting.remove();
  }

  private static long cost(Frame.Data frame) {
    return frame.items().remaining() + PER_FRAME + (long) PER_STREAM * frame.after().length;
  }
}
