package io.tandem.cluster.socket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.tandem.registry.NodeId;
import io.vertx.core.Future;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What is on its way to one node: a bounded queue, and the connection when there is one. Any thread
 * appends; the home loop connects and writes as much as the socket takes, so that what waits for a
 * peer that does not read is nothing but the frames that its link keeps anyway.
 */
final class Outbound extends ChannelInboundHandlerAdapter {

  /**
   * What may wait. A link keeps below it: it has at most 256 KiB of each of its streams on the
   * wire, one for each lane and one for the registry.
   */
  static final long WAITING_OCTETS = 16 << 20;

  /** What the queue keeps for a frame beside its octets, roughly. */
  static final int FRAME_COST = 64;

  /** Frames are copied together into writes of about this size. */
  private static final int WRITE_OCTETS = 64 << 10;

  private final SocketWire wire;
  private final NodeId node;
  private final Queue<byte[]> frames = new ConcurrentLinkedQueue<>();
  private final AtomicLong waiting = new AtomicLong();
  private final AtomicBoolean scheduled = new AtomicBoolean();

  // The home loop's.
  private boolean connecting;
  private @Nullable ChannelHandlerContext channel;
  private boolean lost;

  Outbound(SocketWire wire, NodeId node) {
    this.wire = wire;
    this.node = node;
  }

  long waiting() {
    return waiting.get();
  }

  void send(byte[] frame) {
    long cost = (long) frame.length + FRAME_COST;
    if (waiting.addAndGet(cost) > WAITING_OCTETS) {
      waiting.addAndGet(-cost);
      wire.drop();
      return;
    }
    frames.add(frame);
    schedule();
  }

  private void schedule() {
    if (!scheduled.get() && scheduled.compareAndSet(false, true)) {
      try {
        wire.execute(this::run);
      } catch (RejectedExecutionException ended) { // Vert.x is closed
        lose();
      }
    }
  }

  private void run() {
    scheduled.set(false);
    if (lost) {
      lose();
    } else if (channel != null) {
      write(channel);
    } else if (!connecting) {
      connect();
    }
  }

  private void connect() {
    Future<NetSocket> socket = wire.connect(node);
    if (socket == null) {
      lose();
      return;
    }
    connecting = true;
    socket
        .onSuccess(connected -> begin((NetSocketInternal) connected))
        .onFailure(refused -> lose());
  }

  private void begin(NetSocketInternal socket) {
    socket.exceptionHandler(broken -> {}); // channelInactive follows
    socket.channelHandlerContext().pipeline().addBefore("handler", "frames", this);
    channel = socket.channelHandlerContext();
    if (channel.channel().isActive()) {
      write(channel);
    } else {
      lose();
    }
  }

  private void write(ChannelHandlerContext to) {
    boolean written = false;
    byte[] next = frames.peek();
    while (next != null && to.channel().isWritable()) {
      int octets = 0;
      ByteBuf buffer = to.alloc().directBuffer(Math.max(WRITE_OCTETS / 16, next.length + 4));
      while (next != null && octets < WRITE_OCTETS) {
        frames.remove();
        waiting.addAndGet(-(long) next.length - FRAME_COST);
        buffer.writeInt(next.length).writeBytes(next);
        octets += next.length;
        next = frames.peek();
      }
      to.write(buffer, to.voidPromise());
      written = true;
    }
    if (written) {
      to.flush();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (context.channel().isWritable() && channel != null) {
      write(channel);
    }
    context.fireChannelWritabilityChanged();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    lose();
    context.fireChannelInactive();
  }

  /** There is no way to the node: what waits is lost, and what still comes here. */
  private void lose() {
    lost = true;
    channel = null;
    int gone = 0;
    for (byte[] frame = frames.poll(); frame != null; frame = frames.poll()) {
      waiting.addAndGet(-(long) frame.length - FRAME_COST);
      gone++;
    }
    wire.forget(node, this, gone);
  }
}
