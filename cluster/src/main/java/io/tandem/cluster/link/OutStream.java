package io.tandem.cluster.link;

import io.tandem.protocol.wire.ByteSink;
import io.tandem.protocol.wire.FieldWriter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What one lane (or, as stream 0, the registry) sends to the other node in one epoch: items
 * gathered into numbered frames, which are kept until the other node has them.
 *
 * <p>The owner's loop alone, but for the volatile numbers, by which the link's thread and the owner
 * tell each other how far they are.
 */
final class OutStream {

  static final int WHOLE = 0;
  static final int PART = 1;
  static final int LAST_PART = 2;

  /** A frame leaves when it has this many items or octets; more gain nothing. */
  private static final int FULL_RECORDS = 64;

  private static final int FULL_OCTETS = 32 << 10;

  /** Larger items are sent in parts, so that what must not wait finds gaps between them. */
  private static final int PART_OCTETS = 16 << 10;

  /** What may be on the wire, not acknowledged: the longest queue in front of a ping. */
  private static final int WIRE_OCTETS = 256 << 10;

  /** Sent again so often without any progress, the stream is stalled. */
  private static final int MAX_ATTEMPTS = 40;

  private final int number;
  private final Epoch epoch;
  private final Loop loop;

  private final ByteSink items = new ByteSink(1024);
  private int itemCount;

  /** Whether what is gathered leaves after the turn of the loop. */
  private boolean leaving;

  /** Items that wait for room on the wire. */
  private final Deque<byte[]> waiting = new ArrayDeque<>();

  /** Frames on the wire, the oldest first. */
  private final Deque<Flying> flying = new ArrayDeque<>();

  /** A frame that is not acknowledged, and how many octets of items are in it. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Flying(byte[] frame, int items) {}

  private long flyingOctets;
  private long released;
  private int attempts;

  /** When all that was missing had last been sent again. */
  private long resent;

  private final AtomicBoolean told = new AtomicBoolean();

  /** Whether the owner is going to ask; once, however long it takes to come to that. */
  private final AtomicBoolean asking = new AtomicBoolean();

  /** Whether the owner wants to hear of each acknowledgement. */
  private volatile boolean eager;

  /** The number of the newest frame, which the wire may not have yet. */
  private volatile long numbered;

  private volatile long sent;

  /** The number of the frame that the newest item leaves in. */
  private volatile long coming;

  /** When the oldest ping was sent on this stream's way that nothing has answered; 0 if none. */
  private volatile long asked;

  private volatile long acked;
  private volatile long kept;

  OutStream(int number, Epoch epoch, Loop loop) {
    this.number = number;
    this.epoch = epoch;
    this.loop = loop;
    this.eager = isControl();
    this.resent = loop.scheduler().nanoTime();
  }

  /** The number of the newest frame. Any thread. */
  long numbered() {
    return numbered;
  }

  /** The number of the last frame that a ping of now comes after. Any thread. */
  long sent() {
    return sent;
  }

  /** The number of the last frame that what was appended before now is in. Any thread. */
  long coming() {
    return coming;
  }

  /** Octets of items that are not acknowledged, or not released since. Any thread. */
  long kept() {
    return kept;
  }

  boolean isAcknowledged() {
    return acked == numbered;
  }

  /**
   * Appends an item; it leaves with the others of this turn of the loop, as far as the wire has
   * room. The busier the loop, the more has come in one turn: a timer would gather no more where it
   * matters (docs/decisions/0006-links.md).
   */
  void append(byte[] bytes, int length) {
    int from = 0;
    for (; length - from > PART_OCTETS; from += PART_OCTETS) {
      add(PART, bytes, from, PART_OCTETS);
    }
    add(from == 0 ? WHOLE : LAST_PART, bytes, from, length - from);
    leave();
  }

  private void add(int tag, byte[] bytes, int offset, int length) {
    if (items.length() + length > FULL_OCTETS) {
      flush();
    }
    int before = items.length();
    items.write(tag);
    new FieldWriter(items).slice(bytes, offset, length);
    keep(items.length() - before);
    itemCount++;
    if (itemCount == 1) {
      coming = numbered + waiting.size() + 1;
    }
    if (itemCount >= FULL_RECORDS) {
      flush();
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // the owner alone writes
  private void keep(long octets) {
    kept += octets;
  }

  private void leave() {
    if (!leaving && itemCount > 0) {
      leaving = true;
      loop.executor().execute(this::turned);
    }
  }

  /** The turn is over. Where the wire has no room, later turns add to the batch. */
  private void turned() {
    leaving = false;
    forget();
    if (!leaves()) {
      await();
    }
  }

  /** Has the owner told of the next acknowledgement, or of one that came just now. */
  private void await() {
    eager = true;
    if (acked > released) {
      tellOwner();
    }
  }

  /** The batch is full: it leaves, or waits as it is. */
  private void flush() {
    forget();
    if (!leaves()) {
      waiting.add(items.toByteArray());
      beginBatch();
      await();
    }
  }

  /** Sends the batch if the wire has room for it; whether there is nothing left to send. */
  private boolean leaves() {
    if (itemCount == 0 || epoch.isOver()) {
      return true;
    }
    boolean hasRoom = waiting.isEmpty() && hasWire(items.length());
    if (hasRoom) {
      send(items.array(), items.length());
      beginBatch();
    }
    return hasRoom;
  }

  private void beginBatch() {
    epoch.peering().counts().batches().add(itemCount);
    itemCount = 0;
    items.reset();
  }

  private boolean hasWire(int octets) {
    return flying.isEmpty() || flyingOctets + octets <= WIRE_OCTETS;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // the owner alone writes
  private void send(byte[] content, int length) {
    numbered++;
    byte[] frame = epoch.data(number, numbered, content, length);
    flying.add(new Flying(frame, length));
    flyingOctets += frame.length;
    epoch.peering().send(number, frame);
    sent = numbered; // now: a ping must not overtake what it speaks of
  }

  /**
   * The other node has every frame up to this one. Link thread; it wakes the owner only when
   * something waits for this: else the owner sees it when it sends again, or after the next {@link
   * #tidy}.
   */
  void acknowledged(long sequence) {
    if (sequence > acked) {
      acked = sequence;
      isAlive();
      if (eager) {
        tellOwner();
      }
    }
  }

  /**
   * Asks the other node on this stream's own way, which nothing overtakes, how far it is; if there
   * is anything that it has not said to have. Link thread.
   *
   * @param always whether also when nothing is missing, on a way that has been used
   */
  void probe(boolean always) {
    boolean due = !isAcknowledged() || (always && numbered > 0);
    if (due && asking.compareAndSet(false, true)) {
      loop.executor().execute(this::ask);
    }
  }

  private void ask() {
    asking.set(false);
    if (!epoch.isOver()) {
      long now = loop.scheduler().nanoTime() | 1; // 0 stands for none
      if (asked == 0) {
        asked = now; // before it leaves: it may be answered before this method returns
      }
      epoch.peering().send(number, epoch.ping(now, number));
    }
  }

  /** Something came back of what was sent on this way. Link thread. */
  void isAlive() {
    asked = 0;
  }

  /** Whether everything that was asked before then has been answered. Link thread. */
  boolean isAliveSince(long time) {
    long since = asked;
    return since == 0 || since - time >= 0;
  }

  /**
   * Lets the owner release what the other node has, if it keeps anything. Any thread, now and then.
   */
  void tidy() {
    if (kept > 0) {
      tellOwner();
    }
  }

  private void tellOwner() {
    if (told.compareAndSet(false, true)) {
      loop.executor().execute(this::release);
    }
  }

  private void release() {
    told.set(false);
    forget();
    while (!waiting.isEmpty() && hasWire(waiting.peek().length) && !epoch.isOver()) {
      byte[] next = waiting.remove();
      send(next, next.length);
    }
    boolean left = leaving || leaves(); // after the turn, or now
    eager = isControl() || !waiting.isEmpty() || !left;
    if (isControl()) {
      epoch.roomOnControl();
    }
  }

  /** Drops the frames that the other node has. */
  private void forget() {
    long upTo = acked;
    if (released < upTo) {
      attempts = 0;
    }
    for (; released < upTo; released++) {
      Flying done = flying.remove();
      flyingOctets -= done.frame().length;
      keep(-done.items());
    }
  }

  /** On the control stream somebody may wait for room; its owner is the link's thread itself. */
  private boolean isControl() {
    return number == Epoch.CONTROL;
  }

  /**
   * The other node has seen a ping that followed this frame but not the frame. Link thread.
   *
   * @param ping when the ping was sent: one from before the frame was sent again says nothing, and
   *     another node that was frozen answers many at once
   */
  void missing(long sequence, long ping) {
    loop.executor().execute(() -> resend(sequence, ping));
  }

  private void resend(long sequence, long ping) {
    forget();
    if (acked >= sequence || epoch.isOver() || ping - resent <= 0) {
      return;
    }
    if (++attempts > MAX_ATTEMPTS) {
      epoch.stalled();
      return;
    }
    flying.forEach(each -> epoch.peering().resend(number, each.frame()));
    resent = loop.scheduler().nanoTime();
  }
}
