package io.tandem.node.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.tandem.node.router.SharedMessage;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.wire.Serializer;
import io.tandem.protocol.wire.UntranslatableException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A message with the frames already encoded for it, one for each framing and serializer. */
final class SharedFrames implements SharedMessage {

  private static final int SERIALIZERS = Serializer.values().length;

  private final LaneIo io;
  private final WampMessage message;
  private final @Nullable ByteBuf[] frames = new ByteBuf[Framing.values().length * SERIALIZERS];

  SharedFrames(LaneIo io, WampMessage message) {
    this.io = io;
    this.message = message;
  }

  @Override
  public WampMessage message() {
    return message;
  }

  /** The frame for this kind of transport, still owned by this object. */
  @SuppressWarnings("EnumOrdinal") // a place in a table that lives as long as one fan-out
  ByteBuf frame(ByteBufAllocator allocator, Framing framing, Serializer serializer)
      throws UntranslatableException {
    int slot = framing.ordinal() * SERIALIZERS + serializer.ordinal();
    ByteBuf frame = frames[slot];
    if (frame == null) {
      frame = io.frame(allocator, framing, serializer, message, Long.MAX_VALUE);
      frames[slot] = frame;
    }
    return Objects.requireNonNull(frame);
  }

  @Override
  public void close() {
    for (ByteBuf frame : frames) {
      if (frame != null) {
        frame.release();
      }
    }
  }
}
