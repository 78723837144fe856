package io.tandem.cluster.link;

import io.tandem.cluster.Scheduler;
import io.tandem.protocol.wire.ByteSink;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What one lane (or, as stream 0, the registry) sends to the peer in one epoch: records gathered
 * into numbered frames, which are kept until the peer has them.
 *
 * <p>The owner's loop alone, but for the volatile numbers, by which the link's thread and the owner
 * tell each other how far they are.
 */
final class OutStream {

  static final int WHOLE = 0;
  static final int PART = 1;
  static final int LAST_PART = 2;

  /** A frame leaves when it has this many records or octets; more gain nothing. */
  private static final int FULL_RECORDS = 64;

  private static final int FULL_OCTETS = 32 << 10;

  /** Larger records are sent in parts, so that what must not wait finds gaps between them. */
  private static final int PART_OCTETS = 16 << 10;

  /** What may be on the wire, not acknowledged: the longest queue in front of a ping. */
  private static final int WIRE_OCTETS = 256 << 10;

  private static final long LINGER_NANOS = 1_000_000;

  /** Lingering for fewer records is not worth their delay. */
  private static final int WORTHWHILE = 4;

  /** After lingering in vain so many records go out without delay. */
  private static final int EAGER_RECORDS = 32;

  /** Sent again so often without any progress, the stream is stalled. */
  private static final int MAX_ATTEMPTS = 40;

  private final int number;
  private final Epoch epoch;
  private final Loop loop;

  private final ByteSink records = new ByteSink(1024);
  private int recordCount;
  private long lastFlush;
  private int eager;
  private Scheduler.@Nullable Timer lingering;

  /** Records that wait for room on the wire. */
  private final Deque<byte[]> waiting = new ArrayDeque<>();

  /** Frames on the wire, the oldest first. */
  private final Deque<Flying> flying = new ArrayDeque<>();

  /** A frame that is not acknowledged, and how many octets of records are in it. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Flying(byte[] frame, int records) {}

  private long flyingOctets;
  private long released;
  private int attempts;

  /** When it last sent again what was missing, if that has not helped yet. */
  private long resent;

  private final AtomicBoolean told = new AtomicBoolean();
  private volatile long sent;
  private volatile long acked;
  private volatile long kept;

  OutStream(int number, Epoch epoch, Loop loop) {
    this.number = number;
    this.epoch = epoch;
    this.loop = loop;
    this.lastFlush = loop.scheduler().nanoTime() - LINGER_NANOS;
  }

  /** The number of the last frame sent. Any thread. */
  long sent() {
    return sent;
  }

  /** Octets of records that are not acknowledged, sent or not. Any thread. */
  long kept() {
    return kept;
  }

  boolean isAcknowledged() {
    return acked == sent;
  }

  /** Appends a record; it leaves at once or within a millisecond, as far as the wire has room. */
  void append(byte[] bytes, int length) {
    int from = 0;
    for (; length - from > PART_OCTETS; from += PART_OCTETS) {
      add(PART, bytes, from, PART_OCTETS);
    }
    add(from == 0 ? WHOLE : LAST_PART, bytes, from, length - from);
    linger();
  }

  private void add(int tag, byte[] bytes, int offset, int length) {
    if (records.length() + length > FULL_OCTETS) {
      flush();
    }
    int before = records.length();
    records.write(tag);
    new FieldWriter(records).slice(bytes, offset, length);
    keep(records.length() - before);
    recordCount++;
    if (recordCount >= FULL_RECORDS) {
      flush();
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // the owner alone writes
  private void keep(long octets) {
    kept += octets;
  }

  private void linger() {
    if (recordCount == 0 || lingering != null) {
      return;
    }
    long idle = loop.scheduler().nanoTime() - lastFlush;
    if (idle >= LINGER_NANOS) {
      flush();
    } else if (eager > 0) {
      eager--;
      flush();
    } else {
      Duration rest = Duration.ofNanos(LINGER_NANOS - idle);
      lingering = loop.scheduler().schedule(rest, this::lingered);
    }
  }

  private void lingered() {
    lingering = null;
    if (recordCount < WORTHWHILE) {
      eager = EAGER_RECORDS;
    }
    flush();
  }

  private void flush() {
    if (lingering != null) {
      lingering.cancel();
      lingering = null;
    }
    if (recordCount == 0 || epoch.isOver()) {
      return;
    }
    lastFlush = loop.scheduler().nanoTime();
    recordCount = 0;
    if (waiting.isEmpty() && hasWire(records.length())) {
      send(records.array(), records.length());
    } else {
      waiting.add(records.toByteArray());
    }
    records.reset();
  }

  private boolean hasWire(int octets) {
    return flying.isEmpty() || flyingOctets + octets <= WIRE_OCTETS;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // the owner alone writes
  private void send(byte[] content, int length) {
    sent++;
    byte[] frame = epoch.data(number, sent, content, length);
    flying.add(new Flying(frame, length));
    flyingOctets += frame.length;
    epoch.peering().send(frame);
  }

  /** The peer has every frame up to this one. Link thread; the owner hears of it once. */
  void acknowledged(long sequence) {
    if (sequence > acked) {
      acked = sequence;
      if (told.compareAndSet(false, true)) {
        loop.executor().execute(this::release);
      }
    }
  }

  private void release() {
    told.set(false);
    for (long upTo = acked; released < upTo; released++) {
      Flying done = flying.remove();
      flyingOctets -= done.frame().length;
      keep(-done.records());
    }
    attempts = 0;
    while (!waiting.isEmpty() && hasWire(waiting.peek().length) && !epoch.isOver()) {
      byte[] next = waiting.remove();
      send(next, next.length);
    }
    epoch.released(number);
  }

  /**
   * The peer has seen a ping that followed this frame but not the frame. Link thread.
   *
   * @param ping when the ping was sent: one from before the frame was sent again says nothing, and
   *     a peer that was frozen answers many at once
   */
  void missing(long sequence, long ping) {
    loop.executor().execute(() -> resend(sequence, ping));
  }

  private void resend(long sequence, long ping) {
    if (acked >= sequence || epoch.isOver() || (attempts > 0 && ping - resent <= 0)) {
      return;
    }
    resent = loop.scheduler().nanoTime();
    if (++attempts > MAX_ATTEMPTS) {
      epoch.stalled();
      return;
    }
    long skip = acked - released;
    for (Flying each : flying) {
      if (skip-- <= 0) {
        epoch.peering().resend(each.frame());
      }
    }
  }
}
