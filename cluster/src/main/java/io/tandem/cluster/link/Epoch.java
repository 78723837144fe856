package io.tandem.cluster.link;

import io.tandem.protocol.wire.MalformedException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

/**
 * One time during which two nodes are linked: the streams both ways, the credit and the calls under
 * way. All of it begins empty and ends together; nothing passes from one epoch to the next, so a
 * frame or a timer that comes late can only meet an epoch that is over.
 *
 * <p>Lanes reach it through a volatile read in {@link Link}. What they share is atomic; each stream
 * belongs to one loop.
 */
final class Epoch {

  /** The number of the stream that carries {@link Notice}s; lane n sends on n + 1. */
  static final int CONTROL = Wire.NODE;

  private static final long[] NONE = new long[0];

  private final LinkContext peering;
  private final Frame.Ends ends;
  private final Link link;

  final Credit credit;
  final Intake intake;
  final EventGate events;

  final CallAccount calls = new CallAccount();

  private final int features;
  private final OutStream[] out;
  private final InStream[] in;

  final EarlyFrames early;

  /** Something came that no frame of ours has acknowledged yet. */
  private final AtomicBoolean acksDue = new AtomicBoolean();

  private volatile boolean over;

  Epoch(LinkContext peering, Frame.Ends ends, Frame.Open theirs, Link link, List<Loop> loops) {
    this.peering = peering;
    this.ends = ends;
    this.link = link;
    LinkSettings settings = peering.settings();
    this.early = new EarlyFrames(settings.controlOctets());
    this.intake = new Intake(settings.windowOctets(), link::advertise);
    this.credit = new Credit(theirs.window());
    this.events = link.newGate(credit);
    this.features = Math.min(theirs.features(), settings.features());
    this.out =
        IntStream.range(0, loops.size())
            .mapToObj(number -> new OutStream(number, this, loops.get(number)))
            .toArray(OutStream[]::new);
    this.in =
        IntStream.rangeClosed(0, theirs.lanes())
            .mapToObj(number -> new InStream(settings.windowOctets()))
            .toArray(InStream[]::new);
  }

  LinkContext peering() {
    return peering;
  }

  /** The feature level that both sides have. */
  int features() {
    return features;
  }

  OutStream out(int stream) {
    return out[stream];
  }

  /** The other node's stream of this number, as agreed when the epoch began. */
  InStream in(int stream) throws MalformedException {
    if (stream >= in.length) {
      throw new MalformedException("a stream beyond the other node's lanes");
    }
    return in[stream];
  }

  boolean isOver() {
    return over;
  }

  void end() {
    over = true;
    events.close();
  }

  /** Whether a frame belongs to this epoch. */
  boolean isOf(Frame.Ends theirs) {
    return theirs.fromEpoch() == ends.toEpoch() && theirs.toEpoch() == ends.fromEpoch();
  }

  /**
   * A frame of one of our streams. The stream's owner. What is on the control stream comes after
   * all that lanes had sent before it, whatever ways they have.
   */
  byte[] data(int stream, long sequence, byte[] items, int length) {
    long[] after = stream == CONTROL ? coming() : NONE;
    return Frame.data(ends, reception(), stream, sequence, after, items, length);
  }

  /** A frame that says how far this side is, and nothing else. */
  byte[] state() {
    return state(0, NONE, 0, NONE);
  }

  /** Asks how far the other node is with what was sent on this stream, which is to carry it. */
  byte[] ping(long time, int stream) {
    long[] sent = new long[out.length];
    sent[stream] = out[stream].sent();
    return state(time, sent, 0, NONE);
  }

  /**
   * The answer to a ping.
   *
   * @param echo what was in {@code sent} of the ping
   */
  byte[] pong(long ping, long[] echo) {
    return state(0, NONE, ping, echo);
  }

  private byte[] state(long ping, long[] sent, long pong, long[] echo) {
    return Frame.state(new Frame.State(ends, reception(), ping, sent, pong, echo));
  }

  /** Whether what the frame of the control stream comes after is here. */
  boolean hasAllBefore(Frame.Data frame) throws MalformedException {
    long[] after = frame.after();
    if (after.length != 0 && after.length != in.length) {
      throw new MalformedException("not one number for each stream");
    }
    for (int stream = CONTROL + 1; stream < after.length; stream++) {
      if (in[stream].last() < after[stream]) {
        return false;
      }
    }
    return true;
  }

  private Frame.Reception reception() {
    acksDue.set(false); // before the numbers are read: what comes later is due again
    long granted = intake.granted();
    long[] acks = new long[in.length];
    acks[CONTROL] = early.last();
    for (int stream = CONTROL + 1; stream < acks.length; stream++) {
      acks[stream] = in[stream].last();
    }
    return new Frame.Reception(granted, acks);
  }

  /** For each stream of a lane the frame with the newest of what it has sent or is going to. */
  private long[] coming() {
    long[] coming = new long[out.length];
    for (int stream = CONTROL + 1; stream < coming.length; stream++) {
      coming[stream] = out[stream].coming();
    }
    return coming;
  }

  boolean acksDue() {
    return acksDue.get();
  }

  void oweAcks() {
    acksDue.set(true);
  }

  /** What the other node says about what it has received. */
  void heard(Frame.Reception reception) throws MalformedException {
    long[] acks = reception.acks();
    if (acks.length != out.length) {
      throw new MalformedException("not one acknowledgement for each stream");
    }
    for (int stream = 0; stream < acks.length; stream++) {
      if (acks[stream] < 0 || acks[stream] > out[stream].numbered()) {
        throw new MalformedException("an acknowledgement of what was not sent");
      }
      out[stream].acknowledged(acks[stream]);
    }
    credit.grant(reception.granted());
    events.granted();
  }

  /**
   * Whether this is the echo of a ping on the node's own way. What comes back from that of a lane
   * says nothing about it.
   */
  static boolean isOfNode(long[] echo) {
    for (int stream = CONTROL + 1; stream < echo.length; stream++) {
      if (echo[stream] != 0) {
        return false;
      }
    }
    return true;
  }

  /** A ping of this time and numbers has arrived at the other node; what it then lacked is lost. */
  void arrived(long ping, long[] echo, long[] acks) throws MalformedException {
    if (echo.length != acks.length) {
      throw new MalformedException("not one number for each stream");
    }
    for (int stream = 0; stream < echo.length; stream++) {
      if (acks[stream] < echo[stream]) {
        out[stream].missing(echo[stream], ping);
      }
    }
  }

  /** The ways that have carried an echo back work. The link's loop. */
  void isAlive(long[] echo) {
    for (int stream = CONTROL + 1; stream < Math.min(echo.length, out.length); stream++) {
      if (echo[stream] != 0) {
        out[stream].isAlive();
      }
    }
  }

  /** Nothing is held against any way. The link's loop. */
  void isAlive() {
    for (OutStream stream : out) {
      stream.isAlive();
    }
  }

  /** Whether no lane asks in vain since then. */
  boolean isAliveSince(long time) {
    return Arrays.stream(out).allMatch(stream -> stream.isAliveSince(time));
  }

  /**
   * Asks on the ways of lanes. The link's loop.
   *
   * @param all whether of those too on which nothing is missing
   */
  void probe(boolean all) {
    for (int stream = CONTROL + 1; stream < out.length; stream++) {
      out[stream].probe(all);
    }
  }

  void tidy() {
    for (OutStream stream : out) {
      stream.tidy();
    }
  }

  long kept() {
    return Arrays.stream(out).mapToLong(OutStream::kept).sum();
  }

  /** The control stream has been relieved of what the other node has. The link's loop. */
  void roomOnControl() {
    link.roomOnControl();
  }

  /** A stream does not get through. The stream's owner. */
  void stalled() {
    link.stalled(this);
  }
}
