package io.tandem.cluster.link;

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

  /** The number of the stream that carries {@link ControlRecord}s; lane n sends on n + 1. */
  static final int CONTROL = 0;

  private final Peering peering;
  private final Frame.Ends ends;
  private final Link link;

  final Credit credit;
  final Intake intake;
  final EventGate events;

  final CallAccount calls = new CallAccount();

  private final OutStream[] out;
  private final InStream[] in;

  /** Something came that no frame of ours has acknowledged yet. */
  private final AtomicBoolean acksDue = new AtomicBoolean();

  private volatile boolean over;

  Epoch(Peering peering, Frame.Ends ends, Frame.Open theirs, Link link, List<Loop> loops) {
    this.peering = peering;
    this.ends = ends;
    this.link = link;
    LinkSettings settings = peering.settings();
    this.intake = new Intake(settings.windowOctets(), link::advertise);
    this.credit = new Credit(theirs.window());
    this.events = link.newGate(credit);
    this.out =
        IntStream.range(0, loops.size())
            .mapToObj(number -> new OutStream(number, this, loops.get(number)))
            .toArray(OutStream[]::new);
    this.in =
        IntStream.rangeClosed(0, theirs.lanes())
            .mapToObj(number -> new InStream(settings.windowOctets()))
            .toArray(InStream[]::new);
  }

  Peering peering() {
    return peering;
  }

  OutStream out(int stream) {
    return out[stream];
  }

  /** The peer's stream of this number, as agreed when the epoch began. */
  InStream in(int stream) throws MalformedFrameException {
    if (stream >= in.length) {
      throw new MalformedFrameException("a stream beyond the peer's lanes");
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

  /** A frame of one of our streams. The stream's owner. */
  byte[] data(int stream, long sequence, byte[] records, int length) {
    return Frame.data(ends, reception(), stream, sequence, records, length);
  }

  /** A frame that carries no records. */
  byte[] state(long ping, long pong, long[] echo) {
    long[] sent = ping == 0 ? new long[0] : sent();
    return Frame.state(new Frame.State(ends, reception(), ping, sent, pong, echo));
  }

  private Frame.Reception reception() {
    acksDue.set(false); // before the numbers are read: what comes later is due again
    long granted = intake.granted();
    long[] acks = new long[in.length];
    for (int stream = 0; stream < acks.length; stream++) {
      acks[stream] = in[stream].last();
    }
    return new Frame.Reception(granted, acks);
  }

  private long[] sent() {
    return Arrays.stream(out).mapToLong(OutStream::sent).toArray();
  }

  boolean acksDue() {
    return acksDue.get();
  }

  void oweAcks() {
    acksDue.set(true);
  }

  /** What the peer says about what it has received. */
  void heard(Frame.Reception reception) throws MalformedFrameException {
    long[] acks = reception.acks();
    if (acks.length != out.length) {
      throw new MalformedFrameException("not one acknowledgement for each stream");
    }
    for (int stream = 0; stream < acks.length; stream++) {
      if (acks[stream] < 0 || acks[stream] > out[stream].numbered()) {
        throw new MalformedFrameException("an acknowledgement of what was not sent");
      }
      out[stream].acknowledged(acks[stream]);
    }
    credit.grant(reception.granted());
    events.granted();
  }

  /** A ping of this time and numbers has arrived at the peer; what it then lacked is lost. */
  void arrived(long ping, long[] echo, long[] acks) throws MalformedFrameException {
    if (echo.length != acks.length) {
      throw new MalformedFrameException("not one number for each stream");
    }
    for (int stream = 0; stream < echo.length; stream++) {
      if (acks[stream] < echo[stream]) {
        out[stream].missing(echo[stream], ping);
      }
    }
  }

  boolean isAcknowledged() {
    return Arrays.stream(out).allMatch(OutStream::isAcknowledged);
  }

  void tidy() {
    for (OutStream stream : out) {
      stream.tidy();
    }
  }

  long kept() {
    return Arrays.stream(out).mapToLong(OutStream::kept).sum();
  }

  /** The control stream has been relieved of what the peer has. The link's loop. */
  void roomOnControl() {
    link.roomOnControl();
  }

  /** A stream does not get through. The stream's owner. */
  void stalled() {
    link.stalled(this);
  }
}
