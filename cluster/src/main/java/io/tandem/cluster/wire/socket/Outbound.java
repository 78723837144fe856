package io.tandem.cluster.wire.socket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.util.ReferenceCountUtil;
import io.tandem.cluster.wire.WireLimits;
import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What is on its way to one node on one stream: a bounded queue, and one attempt at a connection.
 * Any thread appends; the stream's loop connects and writes as much as the socket takes, so that
 * what waits for another node that does not read is nothing but the frames that its link keeps
 * anyway.
 *
 * <p>No state lasts without a way out: a connection that does not come about is given up in time,
 * one that does not carry anything is {@link #lose lost} when the link says so, and what comes
 * after the end begins anew with another {@code Outbound}.
 */
final class Outbound extends ChannelInboundHandlerAdapter {

  /** What may wait. A link keeps below it: it has at most 256 KiB of a stream on the wire. */
  static final long WAITING_OCTETS = 16 << 20;

  /** What the queue keeps for a frame beside its octets, roughly. */
  static final int FRAME_COST = 64;

  /** Frames are copied together into writes of about this size. */
  private static final int WRITE_OCTETS = 64 << 10;

  /** In this order; each of them is left at most once. */
  private enum State {
    /** Nothing has been sent yet. */
    IDLE,
    CONNECTING,
    OPEN,
    LOST
  }

  private final SocketWire wire;
  private final SocketWire.Way way;
  private final ContextInternal context;
  private final Queue<byte[]> frames = new ConcurrentLinkedQueue<>();
  private final AtomicLong waiting = new AtomicLong();
  private final AtomicBoolean scheduled = new AtomicBoolean();

  // The stream's loop's.
  private State state = State.IDLE;
  private @Nullable NetSocketInternal socket;

  /**
   * @param context of the stream's loop
   */
  Outbound(SocketWire wire, SocketWire.Way way, ContextInternal context) {
    this.wire = wire;
    this.way = way;
    this.context = context;
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
      execute(this::run);
    }
  }

  /** Runs a task on the stream's loop, as far as there still is one. */
  private void execute(Runnable task) {
    try {
      context.runOnContext(here -> task.run());
    } catch (RejectedExecutionException ended) { // Vert.x is closed
      lose();
    }
  }

  /** The connection carries nothing; the next frame begins another. Any thread. */
  void giveUp() {
    execute(this::lose);
  }

  private void run() {
    scheduled.set(false);
    switch (state) {
      case IDLE -> connect();
      case CONNECTING -> {} // it leaves when there is a connection
      case OPEN -> write();
      case LOST -> lose();
    }
  }

  private void connect() {
    state = State.CONNECTING;
    try {
      Future<NetSocket> connection = wire.connect(way.node());
      if (connection == null) {
        lose();
        return;
      }
      connection
          .onSuccess(connected -> begin((NetSocketInternal) connected))
          .onFailure(refused -> lose());
    } catch (RuntimeException ended) { // the client is closed
      lose();
      return;
    }
    context.setTimer(WireLimits.CONNECT.multipliedBy(2).toMillis(), late -> giveUpConnecting());
  }

  private void giveUpConnecting() {
    if (state == State.CONNECTING) {
      lose();
    }
  }

  private void begin(NetSocketInternal connected) {
    if (state != State.CONNECTING) { // given up meanwhile
      connected.close();
      return;
    }
    socket = connected;
    try {
      connected.exceptionHandler(broken -> {}); // channelInactive follows
      ChannelPipeline pipeline = connected.channelHandlerContext().pipeline();
      pipeline.addBefore("handler", "proof", wire.proof());
      pipeline.addBefore("handler", "frames", this);
    } catch (RuntimeException goneAlready) {
      lose();
      return;
    }
    state = State.OPEN;
    if (connected.channelHandlerContext().channel().isActive()) {
      write();
    } else {
      lose();
    }
  }

  private void write() {
    if (socket != null) {
      write(socket.channelHandlerContext());
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
    if (context.channel().isWritable() && state == State.OPEN) {
      write();
    }
    context.fireChannelWritabilityChanged();
  }

  /**
   * Who takes frames says nothing on this connection, so this is no wire of a node. The system may
   * even have connected the socket to itself, where nobody listens yet on a port from which it
   * takes those of outgoing connections; the node that then opens the port would never hear of this
   * one.
   */
  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ReferenceCountUtil.release(message);
    lose();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    lose();
    context.fireChannelInactive();
  }

  /**
   * There is no way to the node: what waits is lost, and what still comes here. The stream's loop.
   */
  void lose() {
    state = State.LOST;
    NetSocketInternal last = socket;
    socket = null;
    if (last != null) {
      last.close();
    }
    int gone = 0;
    for (byte[] frame = frames.poll(); frame != null; frame = frames.poll()) {
      waiting.addAndGet(-(long) frame.length - FRAME_COST);
      gone++;
    }
    wire.forget(way, this, gone);
  }
}
