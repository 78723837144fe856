package io.tandem.cluster.link;

import io.tandem.protocol.wire.ByteSink;
import io.tandem.protocol.wire.FieldReader;
import io.tandem.protocol.wire.MalformedException;

/**
 * What comes on one stream of the other node in one epoch: frames in their order, items put
 * together from their parts. The link's thread alone, but for {@link #last}.
 */
final class InStream {

  /** Receives whole items. */
  interface Items {
    /** False when the epoch has ended meanwhile and nothing more shall be read. */
    boolean take(byte[] bytes, int offset, int length) throws MalformedException;
  }

  private final long bound;
  private final ByteSink parts = new ByteSink(0);
  private volatile long last;

  InStream(long bound) {
    this.bound = bound;
  }

  /** The number of the last frame received; every one up to it was. Any thread. */
  long last() {
    return last;
  }

  /** Takes the frame that follows the last one. */
  void take(Frame.Data frame, Items items) throws MalformedException {
    last = frame.sequence();
    FieldReader in = frame.items();
    while (!in.atEnd()) {
      int tag = in.octet();
      FieldReader content = in.slice();
      boolean goOn =
          switch (tag) {
            case OutStream.WHOLE ->
                items.take(content.bytes(), content.position(), content.remaining());
            case OutStream.PART -> collect(content);
            case OutStream.LAST_PART -> collect(content) && finish(items);
            default -> throw new MalformedException("an unknown tag");
          };
      if (!goOn) {
        return;
      }
    }
  }

  private boolean collect(FieldReader content) throws MalformedException {
    if ((long) parts.length() + content.remaining() > bound) {
      throw new MalformedException("an item is too large");
    }
    parts.write(content.bytes(), content.position(), content.remaining());
    return true;
  }

  /** The item keeps its bytes, as payloads are slices of them. */
  private boolean finish(Items items) throws MalformedException {
    byte[] item = parts.toByteArray();
    parts.reset(0); // large items are rare; their room is not kept
    return items.take(item, 0, item.length);
  }
}
