package io.tandem.node.transport;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.netty.channel.EventLoop;
import io.netty.util.ReferenceCountUtil;
import io.tandem.node.router.FreezeWatch;
import io.tandem.node.router.Rate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * When one client is read from: by turns, in each of which it has its share, not while somebody
 * holds it, and not while its lane may have missed what other nodes said. What had been read of it
 * before waits, and comes first then. Belongs to its lane's event loop.
 */
final class ReadTurns {

  /** Whose channel, or whatever its input comes from, is read. */
  interface Reader {

    /** Takes what has arrived; the message is the callee's. */
    void read(Object message);

    /** Goes on with octets that came before; the client has a new share. */
    void readRest();

    /** Notes what the client makes the node hold; what had waited has been treated. */
    void noteHeld();

    /** The client, that nobody listened to, is listened to again. */
    void heard();

    /** Nothing more is taken from the client. */
    boolean isClosing();

    /** Whether the channel may be read. */
    void listen(boolean mayRead);
  }

  private final FreezeWatch watch;
  private final LongAdder rateHolds;
  private final Reader reader;

  /** A pause is no longer, so that another rate holds soon. */
  private static final long LONGEST_PAUSE = Duration.ofSeconds(1).toNanos();

  private final Pace pace = new Pace(System.nanoTime());

  /** What arrived while the lane may not read; the channel's buffers bound it. */
  private final List<Object> unread = new ArrayList<>();

  /** What the session may still send; null where none was limited. */
  private @Nullable Allowance allowance;

  private @Nullable EventLoop eventLoop;
  private int holds;

  /** Whether a task is due in which it goes on, being held no more. */
  private boolean goesOn;

  /** Whether nothing more is read from the client. */
  private boolean lastRead;

  /** Whether it is held since it has had its share, and a turn is due in which it has the next. */
  private boolean turnDue;

  /**
   * @param rateHolds how often a client has sent faster than it may
   */
  ReadTurns(FreezeWatch watch, LongAdder rateHolds, Reader reader) {
    this.watch = watch;
    this.rateHolds = rateHolds;
    this.reader = reader;
  }

  void begin(EventLoop loop) {
    eventLoop = loop;
  }

  private EventLoop eventLoop() {
    return Objects.requireNonNull(eventLoop, "begun");
  }

  /** Something has arrived on the channel. */
  void arrived(Object message) {
    if (unread.isEmpty() && watch.mayRead()) {
      reader.read(message);
      return;
    }
    // What the channel had read already; it reads no more.
    if (unread.isEmpty()) {
      hold();
      watch.whenAwake(this::readOn);
    }
    unread.add(message);
  }

  private void readOn() {
    List<Object> messages = List.copyOf(unread);
    unread.clear();
    messages.forEach(reader::read);
    reader.noteHeld();
    release();
  }

  /** All that is there now has arrived. */
  void complete() {
    if (!turnDue) {
      pace.turn();
    }
  }

  /** The channel is gone. */
  void end() {
    unread.forEach(ReferenceCountUtil::release);
    unread.clear();
  }

  /** Whether more of what has arrived is treated now; the rest waits where it is. */
  boolean mayReadOn() {
    return holds == 0 && pace.mayReadOn();
  }

  /** A frame of the client's is being treated. */
  void took() {
    pace.frame(eventLoop().ticker());
    pauseWhenSpent();
  }

  /** One that carries nothing for the session; of those the client has few in a second. */
  void tookControl(int octets) {
    pace.control(octets, System.nanoTime());
    pauseWhenSpent();
  }

  /** The session sends at this rate at most from now on; null for any. */
  void limit(@Nullable Rate rate) {
    if (allowance != null) {
      allowance.limit(rate, System.nanoTime());
    } else if (rate != null) {
      allowance = new Allowance(rate, System.nanoTime());
    }
  }

  /** A message has come as a whole. */
  void tookMessage(int octets) {
    if (allowance != null) {
      allowance.take(octets, System.nanoTime());
    }
  }

  /**
   * Whether a message, or a part of one, may be read that has come; where it may not yet, the
   * client is held until then. Asked for nothing else: what keeps the connection alive passes by.
   */
  boolean mayTakeMessage() {
    if (allowance == null) {
      return true;
    }
    long wait = allowance.pause(System.nanoTime());
    if (wait == 0) {
      return true;
    }
    if (!turnDue) {
      rateHolds.increment();
      pause(Math.min(wait, LONGEST_PAUSE));
    }
    return false;
  }

  private void pauseWhenSpent() {
    if (!turnDue && !pace.mayReadOn()) {
      pause(pace.pause(System.nanoTime()));
    }
  }

  private void pause(long nanos) {
    turnDue = true;
    hold();
    // Never as a task of this turn: the loop goes round, and the others are read from.
    eventLoop().schedule(this::nextTurn, nanos, NANOSECONDS);
  }

  private void nextTurn() {
    turnDue = false;
    pace.turn(System.nanoTime());
    if (--holds == 0) {
      reader.heard();
      goOn();
    }
  }

  void hold() {
    if (holds++ == 0 && !reader.isClosing()) {
      reader.listen(false);
    }
  }

  void release() {
    if (--holds == 0) {
      reader.heard();
      goesOn = true;
      // In a task of its own: whoever releases is in the middle of something else.
      eventLoop().execute(this::goOn);
    }
  }

  /** What had been read already comes first: a client that is held is not treated at all. */
  private void goOn() {
    goesOn = false;
    if (holds == 0 && !watch.mayRead()) {
      hold();
      watch.whenAwake(this::release);
    }
    if (holds == 0) {
      reader.readRest();
    }
    if (holds == 0 && !reader.isClosing() && !lastRead) {
      reader.listen(true);
    }
  }

  /** Runs a task when the lane may read. */
  void whenAwake(Runnable task) {
    if (watch.mayRead()) {
      task.run();
    } else {
      watch.whenAwake(task);
    }
  }

  /** Whether something of the client's may have come that waits. */
  boolean isBehind() {
    return holds > 0 || goesOn;
  }

  /** What comes from now on is not read. */
  void readNoMore() {
    lastRead = true;
    reader.listen(reader.isClosing());
  }

  /** Whether the client is silent because nobody listens to it. */
  boolean isHeld() {
    return holds > 0 || lastRead;
  }

  /** The channel is read whoever holds it: else it would never see the other side's close. */
  void awaitClose() {
    reader.listen(true);
  }
}
