package io.tandem.node.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.tandem.node.auth.Evidence;
import io.tandem.node.auth.Opening;
import io.tandem.node.config.ListenerConfig;
import io.tandem.node.router.CloseCause;
import io.tandem.node.router.LogSubject;
import io.tandem.node.router.SendResult;
import io.tandem.node.router.SharedMessage;
import io.tandem.node.session.SessionMachine;
import io.tandem.protocol.codec.MessageDecoder;
import io.tandem.protocol.codec.ProtocolViolation;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.wire.Serializer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The channel of one client, at the end of its Netty pipeline. Everything goes out through here as
 * finished frames, nothing through the HTTP server's own API, since the two would overtake each
 * other. Belongs to its lane's event loop.
 */
abstract class ClientTransport extends ChannelInboundHandlerAdapter
    implements DoorTransport, ReadTurns.Reader, Flusher.Writer {

  private static final Logger LOG = LoggerFactory.getLogger(ClientTransport.class);

  protected final ListenerConfig config;
  private final LaneIo io;
  private final Serializer serializer;
  private final SessionMachine machine;
  private final MessageReader reader;
  private final KeepAlive keepAlive;
  private final ReadTurns turns;
  private final OutboundQueue queue;

  /** The request that it began with; let go when the conversation begins. */
  private @Nullable Opening opening;

  private final BufferWatch.Hold hold = new BufferWatch.Hold(this::letGo);

  private Runnable onClosed = () -> {};
  private @Nullable ChannelHandlerContext ctx;
  private String peer = "unknown";

  private boolean closing;
  private @Nullable CloseCause cause;

  /**
   * @param opening the HTTP request that it began with, or null
   */
  ClientTransport(
      LaneIo io,
      ListenerConfig config,
      Framing framing,
      Serializer serializer,
      @Nullable Opening opening) {
    this.io = io;
    this.opening = opening;
    this.config = config;
    this.serializer = serializer;
    this.machine = new SessionMachine(io.lane(), this, config.timeouts());
    this.reader =
        new MessageReader(
            new MessageDecoder(serializer, config.limits().decoding()),
            machine,
            this::isWellFormed);
    this.keepAlive = new KeepAlive(this, config);
    this.turns = new ReadTurns(io.watch(), io.lane().router().metrics().rateHolds, this);
    this.queue = new OutboundQueue(this, io, config, framing, serializer);
  }

  /** The handler is in the pipeline: the session may begin. */
  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    ctx = context;
    turns.begin(context.channel().eventLoop());
    peer = ClientSockets.peer(context.channel(), config);
    queue.begin(context);
    machine.opened(ClientSockets.evidence(context.channel(), config, opening));
    opening = null;
    keepAlive.start(context.executor());
  }

  @Override
  public final void onClosed(Runnable task) {
    onClosed = task;
  }

  protected final ChannelHandlerContext ctx() {
    return Objects.requireNonNull(ctx, "in a pipeline");
  }

  /** What is sent to the client and has not left. */
  final OutboundQueue queue() {
    return queue;
  }

  // ---- in ----

  @Override
  public final void channelRead(ChannelHandlerContext context, Object message) {
    turns.arrived(message);
  }

  @Override
  public final void listen(boolean mayRead) {
    ctx().channel().config().setAutoRead(mayRead);
  }

  @Override
  public final void heard() {
    keepAlive.heard();
  }

  @Override
  public final ReadTurns turns() {
    return turns;
  }

  /** A whole message arrived; the buffer stays the caller's. */
  protected final void received(ByteBuf buffer) {
    if (closing) {
      return;
    }
    turns.tookMessage(buffer.readableBytes());
    if (!reader.read(buffer)) {
      fail(CloseCause.NOT_UTF8);
    }
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
    turns.complete();
    noteHeld();
    context.fireChannelReadComplete();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    keepAlive.stop();
    io.buffers().set(hold, 0);
    dropBegun();
    queue.drop();
    turns.end();
    if (!closing) {
      endedByClient(CloseCause.TRANSPORT_LOST);
    }
    CloseCause counted = Objects.requireNonNull(cause, "closing has a cause");
    io.lane().router().metrics().closes(counted).increment();
    LogSubject.NONE.endedBy(counted).on(LOG.atDebug()).log("{} closed: {}", peer, counted.label());
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
  @Override
  public final void noteHeld() {
    if (closing) {
      return;
    }
    io.buffers().set(hold, begunOctets() + queue.waiting());
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
  public SendResult send(WampMessage message) {
    return closing ? SendResult.CLOSED : queue.send(message);
  }

  @Override
  public SendResult send(SharedMessage message) {
    return closing ? SendResult.CLOSED : queue.send((SharedFrames) message);
  }

  @Override
  public final boolean isCrowded() {
    return queue.isCrowded();
  }

  /** Answers a control frame, with what else is written in this turn. */
  protected final void answer(Object frame, int octets) {
    if (closing) {
      ReferenceCountUtil.release(frame);
    } else {
      queue.write(frame, octets);
    }
  }

  /** More is kept for the client than may be: what is queued for it goes, and so does it. */
  final void tooMuch(CloseCause which) {
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
    queue.writeNow(frame, closing);
  }

  @Override
  public final void flushTurn() {
    queue.flushTurn();
    machine.departure().turned();
    queue.flush();
  }

  // ---- the end ----

  @Override
  public void close(CloseCause why) {
    if (closing) {
      return;
    }
    closing = true;
    cause = why;
    turns.awaitClose();
    sayClose(why);
    LastWords.closeLater(ctx().channel());
  }

  /** Sends this last, and ends the node's side of the connection. */
  protected final void endAfter(Object last) {
    queue.writeBatch();
    ctx().writeAndFlush(last).addListener(written -> LastWords.end(ctx().channel()));
  }

  /** Flushes what is queued and tells the client, in the way of the transport, that it ends. */
  protected abstract void sayClose(CloseCause why);

  @Override
  public final boolean isClosing() {
    return closing;
  }

  @Override
  public final SessionMachine machine() {
    return machine;
  }

  /** What clients call the transport. */
  abstract String wireName();

  @Override
  public Map<String, String> transport() {
    return Map.of("type", wireName(), "serializer", serializer.wireName(), "peer", peer);
  }

  @Override
  public final @Nullable InetSocketAddress address() {
    return Frontier.client(ctx().channel());
  }

  @Override
  public String peer() {
    return peer;
  }

  @Override
  public Evidence evidence() {
    return ClientSockets.evidence(ctx().channel(), config, null);
  }
}
