package io.tandem.node.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.tandem.cluster.link.Loop;
import io.tandem.node.router.FreezeWatch;
import io.tandem.node.router.Lane;
import io.tandem.node.router.Router;
import io.tandem.protocol.codec.MessageEncoder;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.wire.ByteSink;
import io.tandem.protocol.wire.Serializer;
import io.tandem.protocol.wire.UntranslatableException;
import org.jspecify.annotations.Nullable;

/** What the transports of one lane share: the lane, its flusher, and a place to encode in. */
final class LaneIo {

  /** A message longer than this does not leave its buffer behind for the next ones. */
  private static final int KEPT_SINK = 1 << 20;

  private final Lane lane;
  private final Flusher flusher;
  private final FreezeWatch watch;
  private final BufferWatch buffers;
  private final Compression compression = new Compression();
  private final ByteSink sink = new ByteSink();

  LaneIo(Router router, DirectMemory memory, EventLoop eventLoop) {
    this.flusher = new Flusher(eventLoop);
    EventLoopScheduler scheduler = new EventLoopScheduler(eventLoop);
    this.watch = new FreezeWatch(router, new Loop(eventLoop, scheduler));
    this.buffers = new BufferWatch(memory, eventLoop, System::nanoTime);
    this.lane =
        Lane.join(
            router,
            eventLoop,
            scheduler::nextTurn,
            scheduler,
            message -> new SharedFrames(this, message));
  }

  Lane lane() {
    return lane;
  }

  FreezeWatch watch() {
    return watch;
  }

  BufferWatch buffers() {
    return buffers;
  }

  Compression compression() {
    return compression;
  }

  Flusher flusher() {
    return flusher;
  }

  /**
   * The message as one frame, or null when it is longer than {@code limit} octets without framing.
   */
  @Nullable ByteBuf frame(
      ByteBufAllocator allocator,
      Framing framing,
      Serializer serializer,
      WampMessage message,
      long limit)
      throws UntranslatableException {
    sink.reset(KEPT_SINK);
    MessageEncoder.encode(message, serializer, sink);
    if (sink.length() > limit) {
      return null;
    }
    ByteBuf compressed =
        framing == Framing.DEFLATED ? compression.frame(allocator, serializer, sink) : null;
    return compressed == null ? framing.frame(allocator, serializer, sink) : compressed;
  }
}
