package io.tandem.node.transport;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import io.tandem.node.config.ListenerConfig;
import io.tandem.node.router.CloseCause;
import io.tandem.node.router.Delivery;
import io.tandem.node.router.SharedMessage;
import io.tandem.node.session.SessionMachine;
import io.tandem.node.session.Transport;
import io.tandem.protocol.codec.MessageDecoder;
import io.tandem.protocol.codec.PayloadBeyondLimits;
import io.tandem.protocol.codec.ProtocolViolation;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.wire.Serializer;
import io.tandem.protocol.wire.UntranslatableException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The channel of one client, at the end of its Netty pipeline. Everything goes out through here as
 * finished frames, nothing through the HTTP server's own API, since the two would overtake each
 * other. Belongs to its lane's event loop.
 *
 * <p>The outbound queue is Netty's own, bounded by its high water mark: a channel that is above the
 * mark when the next message comes is closed (TR-05).
 */
abstract class ClientTransport extends ChannelInboundHandlerAdapter implements Transport {

  private static final Logger LOG = LoggerFactory.getLogger(ClientTransport.class);

  /** Octets written before a flush, where a turn writes that many: keeps the queue from filling. */
  private static final int FLUSH_AT = 64 << 10;

  protected final ListenerConfig config;
  private final LaneIo io;
  private final Framing framing;
  private final Serializer serializer;
  private final MessageDecoder decoder;
  private final SessionMachine machine;
  private final KeepAlive keepAlive;
  private final BufferWatch.Hold hold = new BufferWatch.Hold(this::letGo);

  private Runnable onClosed = () -> {};
  private @Nullable ChannelHandlerContext ctx;
  private long peerLimit;
  private String peer = "unknown";

  /** Octets written since the last flush. */
  private int unflushed;

  /** Octets that the last flush has left behind. */
  private long waiting;

  /** Whether the flusher has this transport on its list. */
  private boolean listed;

  private int holds;

  /** Whether a task is due in which it goes on, being held no more. */
  private boolean goesOn;

  /** Whether nothing more is read from the client. */
  private boolean lastRead;

  private final Pace pace = new Pace(System.nanoTime());

  /** Whether it is held since it has had its share, and a turn is due in which it has the next. */
  private boolean turnDue;

  /** What arrived while the lane may not read; the channel's buffers bound it. */
  private final List<Object> unread = new ArrayList<>();

  private boolean closing;
  private @Nullable CloseCause cause;

  ClientTransport(LaneIo io, ListenerConfig config, Framing framing, Serializer serializer) {
    this.io = io;
    this.config = config;
    this.framing = framing;
    this.serializer = serializer;
    this.decoder = new MessageDecoder(serializer, config.limits().decoding());
    this.peerLimit = config.limits().outboundQueue();
    this.machine = new SessionMachine(io.lane(), this, config.timeouts());
    this.keepAlive = new KeepAlive(this, config);
  }

  /** The handler is in the pipeline: the session may begin. */
  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    ctx = context;
    peer = peer(context.channel(), config);
    int bound = (int) config.limits().outboundQueue();
    // One mark: what has fallen below the bound may be written to again.
    context.channel().config().setWriteBufferWaterMark(new WriteBufferWaterMark(bound, bound));
    machine.opened();
    keepAlive.start(context.executor());
  }

  /** The client's address, or the listener's where the client has none. */
  static String peer(Channel channel, ListenerConfig config) {
    return channel.remoteAddress() instanceof InetSocketAddress address
        ? NetUtil.toSocketAddressString(address)
        : config.endpoint().toString();
  }

  /** Has the task run when the channel is closed. */
  final void onClosed(Runnable task) {
    onClosed = task;
  }

  protected final ChannelHandlerContext ctx() {
    ChannelHandlerContext context = ctx;
    if (context == null) {
      throw new IllegalStateException("the transport is not in a pipeline yet");
    }
    return context;
  }

  /** The client announced that it takes no longer messages (RS-04). */
  protected final void limitPeer(long octets) {
    peerLimit = Math.min(peerLimit, octets);
  }

  // ---- in ----

  @Override
  public final void channelRead(ChannelHandlerContext context, Object message) {
    if (unread.isEmpty() && io.watch().mayRead()) {
      read(context, message);
      return;
    }
    // What the channel had read already; it reads no more.
    if (unread.isEmpty()) {
      hold();
      io.watch().whenAwake(this::readOn);
    }
    unread.add(message);
  }

  /** Takes what has arrived; the message is the callee's. */
  protected abstract void read(ChannelHandlerContext context, Object message);

  private void readOn() {
    List<Object> messages = List.copyOf(unread);
    unread.clear();
    for (Object message : messages) {
      read(ctx(), message);
    }
    noteHeld();
    release();
  }

  /** Goes on with octets that came before; the client has a new share. */
  protected abstract void readRest();

  /** Whether more of what has arrived is treated now; the rest waits where it is. */
  final boolean mayReadOn() {
    return holds == 0 && pace.mayReadOn();
  }

  /** A frame of the client's is being treated. */
  protected final void took() {
    pace.frame(ctx().executor().ticker());
    pauseWhenSpent();
  }

  /** One that carries nothing for the session; of those the client has few in a second. */
  protected final void tookControl(int octets) {
    pace.control(octets, System.nanoTime());
    pauseWhenSpent();
  }

  private void pauseWhenSpent() {
    if (!turnDue && !pace.mayReadOn()) {
      turnDue = true;
      hold();
      // Never as a task of this turn: the loop goes round, and the others are read from.
      ctx().executor().schedule(this::nextTurn, pace.pause(System.nanoTime()), NANOSECONDS);
    }
  }

  private void nextTurn() {
    turnDue = false;
    pace.turn(System.nanoTime());
    if (--holds == 0) {
      goOn();
    }
  }

  /** A whole message arrived; the buffer stays the caller's. */
  protected final void received(ByteBuf buffer) {
    if (closing) {
      return;
    }
    byte[] bytes = new byte[buffer.readableBytes()];
    buffer.readBytes(bytes);
    WampMessage message;
    try {
      message = decoder.decode(bytes, 0, bytes.length);
    } catch (ProtocolViolation violation) {
      if (!isWellFormed(bytes)) {
        fail(CloseCause.NOT_UTF8);
      } else if (violation instanceof PayloadBeyondLimits beyond) {
        machine.received(beyond);
      } else {
        machine.violated(violation);
      }
      return;
    }
    machine.received(message);
  }

  /** Whether a message that makes no sense keeps at least the rules of the transport. */
  protected boolean isWellFormed(byte[] message) {
    return true;
  }

  /** The client broke a rule of the protocol below the message. */
  protected final void violated(String how) {
    if (!closing) {
      machine.violated(new ProtocolViolation(how));
    }
  }

  /** The client ends the transport: nothing is taken from it or sent to it any more. */
  protected final void endedByClient(CloseCause how) {
    machine.lost(how);
    closing = true;
    cause = machine.endedBy();
  }

  /** The transport cannot go on; there is nobody to send an ABORT to. */
  protected final void fail(CloseCause failure) {
    if (!closing) {
      machine.lost(failure);
      close(failure);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    keepAlive.heard();
    if (!turnDue) {
      pace.turn();
    }
    noteHeld();
    context.fireChannelReadComplete();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    keepAlive.stop();
    io.buffers().set(hold, 0);
    dropBegun();
    unread.forEach(ReferenceCountUtil::release);
    unread.clear();
    if (!closing) {
      endedByClient(CloseCause.TRANSPORT_LOST);
    }
    CloseCause counted = Objects.requireNonNull(cause, "closing has a cause");
    io.lane().router().metrics().closes(counted).increment();
    LOG.debug("{} closed: {}", peer, counted.label());
    onClosed.run();
    context.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
    // What TLS finds wrong comes wrapped in an exception of the decoder.
    if (failure instanceof IOException || failure.getCause() instanceof IOException) {
      LOG.debug("{} failed: {}", peer, failure.toString());
    } else {
      io.lane().clientLog().line(LOG, Level.ERROR, "{} failed", peer, failure);
      fail(CloseCause.INTERNAL_ERROR);
    }
    context.close();
  }

  // ---- memory ----

  /** Octets of buffers that hold the beginning of a message. */
  abstract long begunOctets();

  /** Lets go of them. */
  abstract void dropBegun();

  /** What the client holds by not going on: a message that it has begun, or does not read. */
  private void noteHeld() {
    if (closing) {
      return;
    }
    io.buffers().set(hold, begunOctets() + waiting);
    if (io.buffers().isTooMuch(hold)) {
      tooMuch(CloseCause.MEMORY);
    }
  }

  private void letGo() {
    if (closing) {
      ctx().close();
    } else {
      tooMuch(CloseCause.MEMORY);
    }
  }

  /** Whether a message began that has not ended. */
  abstract boolean isInsideMessage();

  /** Whether clients of this transport may be asked for a sign of life. */
  abstract boolean canPing();

  /** Asks the client for a sign of life. */
  abstract void ping();

  // ---- out ----

  @Override
  public Serializer serializer() {
    return serializer;
  }

  @Override
  public Delivery send(WampMessage message) {
    if (closing) {
      return Delivery.CLOSED;
    }
    try {
      ByteBuf frame = io.frame(ctx().alloc(), framing, serializer, message, peerLimit);
      return frame == null ? Delivery.TOO_LONG : write(frame);
    } catch (UntranslatableException untranslatable) {
      return Delivery.UNTRANSLATABLE;
    }
  }

  @Override
  public Delivery send(SharedMessage message) {
    if (closing) {
      return Delivery.CLOSED;
    }
    try {
      ByteBuf frame = ((SharedFrames) message).frame(ctx().alloc(), framing, serializer);
      return framing.messageLength(frame) > peerLimit
          ? Delivery.TOO_LONG
          : write(frame.retainedDuplicate());
    } catch (UntranslatableException untranslatable) {
      return Delivery.UNTRANSLATABLE;
    }
  }

  @Override
  public final boolean isCrowded() {
    return ctx().channel().bytesBeforeUnwritable() < config.limits().outboundQueue() / 2;
  }

  private Delivery write(ByteBuf frame) {
    return write(frame, frame.readableBytes()) ? Delivery.SENT : Delivery.CLOSED;
  }

  /** Answers a control frame, with what else is written in this turn. */
  protected final void answer(Object frame, int octets) {
    if (closing) {
      ReferenceCountUtil.release(frame);
    } else {
      write(frame, octets);
    }
  }

  private boolean write(Object frame, int octets) {
    if (!hasRoom()) {
      ReferenceCountUtil.release(frame);
      return false;
    }
    if (!listed) {
      listed = true;
      io.flusher().add(this);
    }
    unflushed += octets;
    ctx().write(frame, ctx().voidPromise());
    if (unflushed >= FLUSH_AT) {
      flush();
    }
    return true;
  }

  /** Whether the queue takes another frame; the end of the transport otherwise (TR-05). */
  private boolean hasRoom() {
    if (ctx().channel().isWritable()) {
      return true;
    }
    // Nothing can be written either to a client that has hung up, which is another thing.
    tooMuch(
        ClientSockets.isConnected(ctx().channel())
            ? CloseCause.SLOW_READER
            : CloseCause.TRANSPORT_LOST);
    return false;
  }

  /** More is kept for the client than may be: what is queued for it goes, and so does it. */
  private void tooMuch(CloseCause which) {
    closing = true;
    cause = which;
    // Not now: whoever sends may be in the middle of its books.
    ctx().executor().execute(() -> endAtOnce(which));
  }

  private void endAtOnce(CloseCause which) {
    machine.lost(which);
    if (which == CloseCause.TRANSPORT_LOST) {
      cause = machine.endedBy(); // it may have said GOODBYE before it hung up
    }
    dropBegun();
    ctx().close();
  }

  /** Writes a control frame of the node's own at once. */
  protected final void control(Object frame) {
    if (closing || hasRoom()) {
      ctx().write(frame, ctx().voidPromise());
      flush();
    } else {
      ReferenceCountUtil.release(frame);
    }
  }

  private void flush() {
    unflushed = 0;
    ctx().flush();
    waiting = config.limits().outboundQueue() - ctx().channel().bytesBeforeUnwritable();
    noteHeld();
  }

  /** The turn is over; called by the flusher, which forgets this transport until it is added. */
  final void flushTurn() {
    listed = false;
    machine.turned();
    flush();
  }

  @Override
  public void hold() {
    if (holds++ == 0 && !closing) {
      ctx().channel().config().setAutoRead(false);
    }
  }

  @Override
  public void release() {
    if (--holds == 0) {
      keepAlive.heard();
      goesOn = true;
      // In a task of its own: whoever releases is in the middle of something else.
      ctx().executor().execute(this::goOn);
    }
  }

  /** What had been read already comes first: a client that is held is not treated at all. */
  private void goOn() {
    goesOn = false;
    if (holds == 0 && !io.watch().mayRead()) {
      hold();
      io.watch().whenAwake(this::release);
    }
    if (holds == 0) {
      readRest();
    }
    if (holds == 0 && !closing && !lastRead) {
      ctx().channel().config().setAutoRead(true);
    }
  }

  @Override
  public final void whenAwake(Runnable task) {
    if (io.watch().mayRead()) {
      task.run();
    } else {
      io.watch().whenAwake(task);
    }
  }

  @Override
  public final boolean isBehind() {
    return holds > 0 || goesOn;
  }

  @Override
  public final void readNoMore() {
    lastRead = true;
    ctx().channel().config().setAutoRead(closing);
  }

  /** Whether the client is silent because nobody listens to it. */
  final boolean isHeld() {
    return holds > 0 || lastRead;
  }

  // ---- the end ----

  @Override
  public void close(CloseCause why) {
    if (closing) {
      return;
    }
    closing = true;
    cause = why;
    // A held channel would never see the other side's close.
    ctx().channel().config().setAutoRead(true);
    sayClose(why);
    closeLater();
  }

  /** Sends this last, and ends the node's side of the connection. */
  protected final void endAfter(Object last) {
    ctx().writeAndFlush(last).addListener(written -> LastWords.end(ctx().channel()));
  }

  /** Closes the channel when the client has had its time for reading and closing. */
  protected final void closeLater() {
    LastWords.closeLater(ctx().channel());
  }

  /** Flushes what is queued and tells the client, in the way of the transport, that it ends. */
  protected abstract void sayClose(CloseCause why);

  protected final boolean isClosing() {
    return closing;
  }

  /** The session on this transport, for the node that stops. */
  final SessionMachine machine() {
    return machine;
  }

  @Override
  public String peer() {
    return peer;
  }

  @Override
  public boolean isSecure() {
    return ctx().pipeline().get(SslHandler.class) != null || config.endpoint().isLocal();
  }
}
