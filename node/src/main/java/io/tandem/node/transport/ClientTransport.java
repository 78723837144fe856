package io.tandem.node.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.DuplexChannel;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

  /** How long a client may take to read the last words and close its side. */
  private static final Duration CLOSE_GRACE = Duration.ofSeconds(2);

  protected final ListenerConfig config;
  private final LaneIo io;
  private final Framing framing;
  private final Serializer serializer;
  private final MessageDecoder decoder;
  private final SessionMachine machine;
  private final KeepAlive keepAlive;

  private Runnable onClosed = () -> {};
  private @Nullable ChannelHandlerContext ctx;
  private long peerLimit;
  private String peer = "unknown";

  /** Octets written since the last flush. */
  private int unflushed;

  /** Whether the flusher has this transport on its list. */
  private boolean listed;

  private int holds;

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
    peer = peer(context.channel());
    int bound = (int) config.limits().outboundQueue();
    // One mark: what has fallen below the bound may be written to again.
    context.channel().config().setWriteBufferWaterMark(new WriteBufferWaterMark(bound, bound));
    machine.opened();
    keepAlive.start(context.executor());
  }

  private String peer(Channel channel) {
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
    release();
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
    } catch (PayloadBeyondLimits beyond) {
      machine.received(beyond);
      return;
    } catch (ProtocolViolation violation) {
      machine.violated(violation);
      return;
    }
    machine.received(message);
  }

  /** The client broke a rule of the protocol below the message. */
  protected final void violated(String how) {
    if (!closing) {
      machine.violated(new ProtocolViolation(how));
    }
  }

  /** The client ends the transport: nothing is taken from it or sent to it any more. */
  protected final void endedByClient() {
    machine.lost(CloseCause.TRANSPORT_LOST);
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
    context.fireChannelReadComplete();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    keepAlive.stop();
    unread.forEach(ReferenceCountUtil::release);
    unread.clear();
    if (!closing) {
      endedByClient();
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
      LOG.error("{} failed", peer, failure);
      fail(CloseCause.INTERNAL_ERROR);
    }
    context.close();
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

  private Delivery write(ByteBuf frame) {
    if (!hasRoom()) {
      frame.release();
      return Delivery.CLOSED;
    }
    if (!listed) {
      listed = true;
      io.flusher().add(this);
    }
    unflushed += frame.readableBytes();
    ctx().write(frame, ctx().voidPromise());
    if (unflushed >= FLUSH_AT) {
      flush();
    }
    return Delivery.SENT;
  }

  /** Whether the queue takes another frame; the end of the transport otherwise (TR-05). */
  private boolean hasRoom() {
    if (ctx().channel().isWritable()) {
      return true;
    }
    closing = true;
    cause = CloseCause.SLOW_READER;
    // Not now: whoever sends may be in the middle of its books.
    ctx().executor().execute(this::endSlowReader);
    return false;
  }

  private void endSlowReader() {
    machine.lost(CloseCause.SLOW_READER);
    ctx().close();
  }

  /** Writes a control frame at once; it finds room like any other, or a flood of pings had none. */
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
  }

  /** The turn is over; called by the flusher, which forgets this transport until it is added. */
  final void flushTurn() {
    listed = false;
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
    if (--holds == 0 && !closing) {
      keepAlive.heard();
      ctx().channel().config().setAutoRead(true);
    }
  }

  /** Whether the client is silent because nobody listens to it. */
  final boolean isHeld() {
    return holds > 0;
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

  /**
   * Sends this last, ends the node's side of the connection, and reads on until the client ends its
   * side too: closing with unread input would throw away what was just sent.
   */
  protected final void endAfter(Object last) {
    ctx()
        .writeAndFlush(last)
        .addListener(
            written -> {
              SslHandler tls = ctx().pipeline().get(SslHandler.class);
              if (tls == null) {
                ((DuplexChannel) ctx().channel()).shutdownOutput();
              } else {
                tls.closeOutbound();
              }
            });
  }

  /** Closes the channel when the client has had its time for reading and closing. */
  protected final void closeLater() {
    ChannelHandlerContext context = ctx();
    context
        .executor()
        .schedule(() -> context.close(), CLOSE_GRACE.toMillis(), TimeUnit.MILLISECONDS);
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
