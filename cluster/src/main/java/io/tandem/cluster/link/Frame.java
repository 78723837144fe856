package io.tandem.cluster.link;

import io.tandem.protocol.wire.ByteSink;
import io.tandem.protocol.wire.FieldReader;
import io.tandem.protocol.wire.FieldWriter;
import io.tandem.protocol.wire.MalformedException;

/**
 * What travels over the wire: a version, a header with its length in front, and a body. Fields that
 * a later release appends to the header are stepped over. See docs/decisions/0006-links.md.
 */
sealed interface Frame {

  int VERSION = 2;

  int OPEN = 1;
  int DATA = 2;
  int STATE = 3;
  int GONE = 4;

  /** Whose frame it is, and for whom. */
  Ends ends();

  /**
   * Both ends of one epoch. An epoch is a pair of numbers, one drawn by each side, so that neither
   * can begin a new one without the other.
   *
   * @param toEpoch the receiver's number as the sender knows it, 0 when it does not
   */
  record Ends(long fromIncarnation, long toIncarnation, long fromEpoch, long toEpoch) {}

  /**
   * The receiving side of the sender, whole in every frame, so that a lost frame costs nothing.
   *
   * @param granted credit in octets since the epoch began
   * @param acks for each stream the last frame received
   */
  @SuppressWarnings("ArrayRecordComponent") // read once, never compared
  record Reception(long granted, long[] acks) {}

  /**
   * The sender wants a new epoch, or, where {@code open} is set, is in one.
   *
   * @param lanes how many streams it has beside the control stream
   * @param window the credit that the epoch begins with, in octets
   */
  record Open(Ends ends, int lanes, int features, long window, boolean open) implements Frame {}

  /**
   * The next items of a stream.
   *
   * @param after on the control stream: for each stream the last frame sent before this one; none
   *     elsewhere
   */
  @SuppressWarnings("ArrayRecordComponent") // read once, never compared
  record Data(
      Ends ends, Reception reception, int stream, long sequence, long[] after, FieldReader items)
      implements Frame {}

  /**
   * A ping, a pong, or acknowledgements alone. Not numbered, not kept, free of credit.
   *
   * @param ping the sender's own time, which the pong returns; 0 for none
   * @param sent of a ping: for each stream the last frame sent before it on the same way, 0 where
   *     the ways are others
   * @param pong the time in the ping it answers, 0 for none
   * @param echo of a pong: what was in {@code sent} of the ping
   */
  @SuppressWarnings("ArrayRecordComponent") // read once, never compared
  record State(Ends ends, Reception reception, long ping, long[] sent, long pong, long[] echo)
      implements Frame {}

  /**
   * To a life of a node that the sender saw leave the cluster.
   *
   * @param members the incarnations of those whom the sender counts in, itself among them
   */
  @SuppressWarnings("ArrayRecordComponent") // read once, never compared
  record Gone(Ends ends, long[] members) implements Frame {}

  static byte[] gone(Ends ends, long[] members) {
    ByteSink header = new ByteSink(64);
    FieldWriter out = start(header, GONE, ends);
    out.numbers(members);
    return frame(header, new byte[0], 0);
  }

  static byte[] open(Open open) {
    ByteSink header = new ByteSink(64);
    FieldWriter out = start(header, OPEN, open.ends());
    out.number(open.lanes());
    out.number(open.features());
    out.number(open.window());
    out.flag(open.open());
    return frame(header, new byte[0], 0);
  }

  static byte[] data(
      Ends ends,
      Reception reception,
      int stream,
      long sequence,
      long[] after,
      byte[] items,
      int length) {
    ByteSink header = new ByteSink(128);
    FieldWriter out = start(header, DATA, ends);
    write(out, reception);
    out.number(stream);
    out.number(sequence);
    if (after.length > 0) {
      out.numbers(after);
    }
    return frame(header, items, length);
  }

  static byte[] state(State state) {
    ByteSink header = new ByteSink(128);
    FieldWriter out = start(header, STATE, state.ends());
    write(out, state.reception());
    out.number(state.ping());
    out.numbers(state.sent());
    out.number(state.pong());
    out.numbers(state.echo());
    return frame(header, new byte[0], 0);
  }

  private static FieldWriter start(ByteSink header, int kind, Ends ends) {
    FieldWriter out = new FieldWriter(header);
    out.number(kind);
    out.number(ends.fromIncarnation());
    out.number(ends.toIncarnation());
    out.number(ends.fromEpoch());
    out.number(ends.toEpoch());
    return out;
  }

  private static void write(FieldWriter out, Reception reception) {
    out.number(reception.granted());
    out.numbers(reception.acks());
  }

  private static byte[] frame(ByteSink header, byte[] body, int length) {
    ByteSink frame = new ByteSink(header.length() + length + 3);
    FieldWriter out = new FieldWriter(frame);
    out.number(VERSION);
    out.slice(header);
    frame.write(body, 0, length);
    return frame.length() == frame.array().length ? frame.array() : frame.toByteArray();
  }

  /**
   * Reads a frame; its items are read later, in their order.
   *
   * @throws MalformedException for anything else
   */
  static Frame read(byte[] bytes) throws MalformedException {
    FieldReader body = new FieldReader(bytes, 0, bytes.length);
    if (body.number() != VERSION) {
      throw new MalformedException("another version of the link format");
    }
    FieldReader in = body.slice();
    int kind = in.below(0x80, "a kind of frame");
    Ends ends = new Ends(in.number(), in.number(), in.number(), in.number());
    return switch (kind) {
      case OPEN -> {
        int lanes = in.below(DeliveryCodec.MAX_LANES + 1, "the number of lanes");
        int features = in.below(1 << 16, "the feature level");
        yield new Open(ends, lanes, features, in.number(), in.flag());
      }
      case DATA -> {
        Reception reception = readReception(in);
        int stream = in.below(DeliveryCodec.MAX_LANES + 1, "a stream");
        long sequence = in.number();
        long[] after = in.atEnd() ? new long[0] : in.numbers();
        yield new Data(ends, reception, stream, sequence, after, body);
      }
      case STATE -> {
        Reception reception = readReception(in);
        yield new State(ends, reception, in.number(), in.numbers(), in.number(), in.numbers());
      }
      // An earlier release names nobody.
      case GONE -> new Gone(ends, in.atEnd() ? new long[0] : in.numbers());
      default -> throw new MalformedException("unknown kind of frame");
    };
  }

  /** Whose frame it is, without reading the rest. */
  static long fromIncarnation(byte[] bytes) throws MalformedException {
    FieldReader body = new FieldReader(bytes, 0, bytes.length);
    if (body.number() != VERSION) {
      throw new MalformedException("another version of the link format");
    }
    FieldReader in = body.slice();
    in.number();
    return in.number();
  }

  private static Reception readReception(FieldReader in) throws MalformedException {
    return new Reception(in.number(), in.numbers());
  }
}
