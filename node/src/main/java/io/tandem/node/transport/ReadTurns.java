package io.tandem.node.transport;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.netty.channel.Channel;
import io.netty.util.ReferenceCountUtil;
import io.tandem.node.router.FreezeWatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * When one client is read from: by turns, in each of which it has its share, not while somebody
 * holds it, and not while its lane may have missed what other nodes said. What had been read of it
 * before waits, and comes first then. Belongs to its lane's event loop.
 */
final class ReadTurns {

  /** Whose channel is read. */
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
  }

  private final FreezeWatch watch;
  private final Reader reader;
  private final Pace pace = new Pace(System.nanoTime());

  /** What arrived while the lane may not read; the channel's buffers bound it. */
  private final List<Object> unread = new ArrayList<>();

  private @Nullable Channel channel;
  private int holds;

  /** Whether a task is due in which it goes on, being held no more. */
  private boolean goesOn;

  /** Whether nothing more is read from the client. */
  private boolean lastRead;

  /** Whether it is held since it has had its share, and a turn is due in which it has the next. */
  private boolean turnDue;

  ReadTurns(FreezeWatch watch, Reader reader) {
    this.watch = watch;
    this.reader = reader;
  }

  void begin(Channel read) {
    channel = read;
  }

  private Channel channel() {
    return Objects.requireNonNull(channel, "begun");
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
    pace.frame(channel().eventLoop().ticker());
    pauseWhenSpent();
  }

  /** One that carries nothing for the session; of those the client has few in a second. */
  void tookControl(int octets) {
    pace.control(octets, System.nanoTime());
    pauseWhenSpent();
  }

  private void pauseWhenSpent() {
    if (!turnDue && !pace.mayReadOn()) {
      turnDue = true;
      hold();
      // Never as a task of this turn: the loop goes round, and the others are read from.
      channel().eventLoop().schedule(this::nextTurn, pace.pause(System.nanoTime()), NANOSECONDS);
    }
  }

  private void nextTurn() {
    turnDue = false;
    pace.turn(System.nanoTime());
    if (--holds == 0) {
      goOn();
    }
  }

  void hold() {
    if (holds++ == 0 && !reader.isClosing()) {
      channel().config().setAutoRead(false);
    }
  }

  void release() {
    if (--holds == 0) {
      reader.heard();
      goesOn = true;
      // In a task of its own: whoever releases is in the middle of something else.
      channel().eventLoop().execute(this::goOn);
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
      channel().config().setAutoRead(true);
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
    channel().config().setAutoRead(reader.isClosing());
  }

  /** Whether the client is silent because nobody listens to it. */
  boolean isHeld() {
    return holds > 0 || lastRead;
  }

  /** The channel is read whoever holds it: else it would never see the other side's close. */
  void awaitClose() {
    channel().config().setAutoRead(true);
  }
}
