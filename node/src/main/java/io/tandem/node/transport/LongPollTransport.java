package io.tandem.node.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.tandem.node.auth.Evidence;
import io.tandem.node.config.ListenerConfig;
import io.tandem.node.config.LongPollConfig;
import io.tandem.node.router.CloseCause;
import io.tandem.node.router.Lane;
import io.tandem.node.router.SendResult;
import io.tandem.node.router.SharedMessage;
import io.tandem.node.session.SessionMachine;
import io.tandem.protocol.codec.MessageDecoder;
import io.tandem.protocol.codec.ProtocolViolation;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.wire.Serializer;
import io.tandem.registry.Scheduler;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A transport that is made of HTTP requests: the client sends its messages by some, and asks for
 * its own by others, of which one waits until there is something (LP-04 to LP-10). Belongs to its
 * lane's event loop, whatever connections the requests come over.
 */
final class LongPollTransport
    implements DoorTransport, LongPollInput.Taker, ReadTurns.Reader, Flusher.Writer {

  private static final Logger LOG = LoggerFactory.getLogger(LongPollTransport.class);

  /** How long the last words wait for a client to ask for them. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final String id;
  private final LaneIo io;
  private final ListenerConfig config;
  private final Serializer serializer;
  private final @Nullable InetSocketAddress address;
  private final Evidence evidence;
  private final SessionMachine machine;
  private final MessageReader reader;
  private final ReadTurns turns;
  private final LongPollQueue queue;
  private final BufferWatch.Hold hold = new BufferWatch.Hold(() -> tooMuch(CloseCause.MEMORY));
  private final LongPollInput input;
  private final LongPollWait wait;
  private final LongPollIdle idle;

  private boolean listed;
  private boolean closing;
  private @Nullable CloseCause cause;
  private boolean over;
  private Runnable onClosed = () -> {};

  /**
   * @param evidence what is known of the client for as long as the transport lasts
   */
  LongPollTransport(
      String id,
      LaneIo io,
      ListenerConfig config,
      Subprotocol subprotocol,
      Evidence evidence,
      @Nullable InetSocketAddress address) {
    this.id = id;
    this.io = io;
    this.config = config;
    LongPollConfig times = Objects.requireNonNull(config.longPoll(), "configured");
    this.serializer = subprotocol.serializer();
    this.evidence = evidence;
    this.address = address;
    this.machine = new SessionMachine(io.lane(), this, config.timeouts());
    this.reader =
        new MessageReader(
            new MessageDecoder(serializer, config.limits().decoding()),
            machine,
            serializer.isText() ? WebSocketTransport::isUtf8 : octets -> true);
    this.turns = new ReadTurns(io.watch(), io.lane().router().metrics().rateHolds, this);
    this.queue = new LongPollQueue(io, subprotocol, config.limits().outboundQueue());
    this.input = new LongPollInput(turns, subprotocol, this);
    Scheduler scheduler = io.lane().scheduler();
    this.idle =
        new LongPollIdle(
            scheduler, times.idle(), this::isAtWork, () -> fail(CloseCause.TRANSPORT_LOST));
    this.wait = new LongPollWait(scheduler, times.longestWait(), idle::heard);
  }

  /**
   * The session may begin.
   *
   * @param opened the same evidence, with the request that opened the transport
   */
  void begin(EventLoop loop, Evidence opened) {
    turns.begin(loop);
    idle.begin();
    machine.opened(opened);
  }

  String id() {
    return id;
  }

  Lane lane() {
    return io.lane();
  }

  // ---- requests of the client ----

  /** The client asks for messages (LP-04). */
  void receive(Poll poll) {
    idle.heard();
    if (over) {
      poll.answer(Poll.NOT_FOUND, ended());
      return;
    }
    wait.begin(poll);
    deliver();
  }

  /** The connection is gone over which the client has asked. */
  void abandoned(Poll poll) {
    wait.abandon(poll);
  }

  /** The client sends a message, or a batch of them (LP-07). */
  void send(Poll poll, byte[] body) {
    idle.heard();
    if (closing) {
      poll.answer(Poll.NO_CONTENT, null); // ignored, see LongPollInput.ignoreRest
    } else if (body.length > config.limits().maxMessageSize()) {
      poll.answer(Poll.TOO_LARGE, "messages here have at most maxMessageSize");
      fail(CloseCause.MESSAGE_TOO_LONG);
    } else if (input.octets() + body.length > config.limits().outboundQueue()) {
      poll.answer(Poll.UNAVAILABLE, "too much waits for being treated");
    } else {
      input.arrived(new LongPollInput.Sent(Unpooled.wrappedBuffer(body), poll));
      noteHeld();
    }
  }

  /** The client ends the transport, behind what it has sent (LP-10). */
  void close(Poll poll) {
    idle.heard();
    if (closing) {
      poll.answer(Poll.NO_CONTENT, null);
      end();
    } else {
      input.arrived(new LongPollInput.Sent(null, poll));
    }
  }

  /** Whether the client has no reason to ask for anything more. */
  private boolean isAtWork() {
    return wait.isOn() || turns.isHeld();
  }

  private String ended() {
    return "the transport has ended" + (cause == null ? "" : ": " + cause.label());
  }

  // ---- in ----

  @Override
  public ReadTurns turns() {
    return turns;
  }

  @Override
  public void read(Object message) {
    readRest(); // it waits in the input, whenever it came
  }

  @Override
  public void readRest() {
    input.read();
  }

  @Override
  public void received(ByteBuf message) {
    if (closing) {
      return;
    }
    turns.tookMessage(message.readableBytes());
    if (!reader.read(message)) {
      violated("this is not UTF-8");
    }
  }

  @Override
  public void violated(String how) {
    machine.violated(new ProtocolViolation(how));
  }

  @Override
  public boolean hasViolated() {
    return cause == CloseCause.PROTOCOL_VIOLATION;
  }

  @Override
  public void batchesAre(Framing framing) {
    queue.frame(framing);
  }

  @Override
  public void closedByClient(LongPollInput.Asked poll) {
    machine.lost(CloseCause.CLOSED_BY_CLIENT);
    closing = true;
    cause = machine.endedBy();
    poll.answer(Poll.NO_CONTENT, null);
    end();
  }

  @Override
  public void heard() {}

  @Override
  public void listen(boolean mayRead) {
    // What comes while it may not waits for its answer, and so does its client.
  }

  // ---- out ----

  @Override
  public Serializer serializer() {
    return serializer;
  }

  @Override
  public SendResult send(WampMessage message) {
    return mayQueue() ? queue.send(message) : SendResult.CLOSED;
  }

  @Override
  public SendResult send(SharedMessage message) {
    return mayQueue() ? queue.send((SharedFrames) message) : SendResult.CLOSED;
  }

  private boolean mayQueue() {
    if (!closing && queue.isFull()) {
      tooMuch(CloseCause.SLOW_READER);
    }
    flushLater();
    return !closing;
  }

  private void flushLater() {
    if (!listed) {
      listed = true;
      io.flusher().add(this);
    }
  }

  @Override
  public void flushTurn() {
    listed = false;
    deliver();
    machine.departure().turned();
    noteHeld();
  }

  /** Answers the request that waits, if there is something for it. */
  private void deliver() {
    if (over || (queue.isEmpty() && !closing)) {
      return;
    }
    Poll poll = wait.end();
    if (poll == null) {
      return;
    }
    if (queue.isEmpty()) {
      poll.answer(Poll.NOT_FOUND, ended());
    } else {
      // What does not arrive is gone, and nobody can tell the client.
      Runnable lost = () -> io.lane().execute(() -> fail(CloseCause.TRANSPORT_LOST));
      poll.answer(queue.take(), queue.type(), lost);
    }
  }

  @Override
  public boolean isCrowded() {
    return queue.isCrowded();
  }

  // ---- memory ----

  @Override
  public void noteHeld() {
    if (!over) {
      io.buffers().set(hold, queue.octets() + input.octets());
      if (!closing && io.buffers().isTooMuch(hold)) {
        tooMuch(CloseCause.MEMORY);
      }
    }
  }

  /** More is kept for the client than may be: what is queued for it goes, and so does it. */
  private void tooMuch(CloseCause which) {
    if (closing) {
      return;
    }
    closing = true;
    cause = which;
    // Not now: whoever sends may be in the middle of its books.
    io.lane()
        .execute(
            () -> {
              machine.lost(which);
              end();
            });
  }

  // ---- the end ----

  /** The transport cannot go on; there is nobody to send an ABORT to. */
  private void fail(CloseCause failure) {
    if (!closing) {
      machine.lost(failure);
      closing = true;
      cause = machine.endedBy();
    }
    end();
  }

  /** The last words can be asked for, for a while. */
  @Override
  public void close(CloseCause why) {
    if (closing) {
      return;
    }
    closing = true;
    cause = why;
    flushLater();
    io.lane().scheduler().schedule(GRACE, this::end);
  }

  private void end() {
    if (over) {
      return;
    }
    over = true;
    idle.end();
    CloseCause counted = Objects.requireNonNull(cause, "closing has a cause");
    Poll poll = wait.end();
    if (poll != null) {
      boolean isKnown =
          counted == CloseCause.CLOSED_BY_CLIENT
              || counted == CloseCause.GOODBYE
              || counted == CloseCause.MESSAGE_TOO_LONG; // as the answer to it has told
      poll.answer(isKnown ? Poll.NO_CONTENT : Poll.NOT_FOUND, isKnown ? null : ended());
    }
    input.ignoreRest();
    queue.drop();
    turns.end();
    io.buffers().set(hold, 0);
    io.lane().router().metrics().closes(counted).increment();
    LOG.debug("{} closed: {}", peer(), counted.label());
    onClosed.run();
  }

  @Override
  public boolean isClosing() {
    return closing;
  }

  @Override
  public SessionMachine machine() {
    return machine;
  }

  @Override
  public void onClosed(Runnable task) {
    onClosed = task;
  }

  @Override
  public @Nullable InetSocketAddress address() {
    return address;
  }

  @Override
  public Map<String, String> transport() {
    return Map.of("type", "longpoll", "serializer", serializer.wireName(), "peer", peer());
  }

  @Override
  public String peer() {
    return evidence.address();
  }

  @Override
  public Evidence evidence() {
    return evidence;
  }
}
