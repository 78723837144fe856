package io.tandem.cluster.link;

import io.tandem.cluster.delivery.CallAddress;
import io.tandem.cluster.delivery.Delivery;
import io.tandem.cluster.delivery.LaneAddress;
import io.tandem.protocol.message.CancelMode;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.wire.ByteSink;
import io.tandem.protocol.wire.FieldReader;
import io.tandem.protocol.wire.FieldWriter;
import io.tandem.protocol.wire.MalformedException;
import io.tandem.registry.NodeId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Deliveries as items between two nodes. An item is its kind and then its fields in a fixed order;
 * its length is known from outside, so fields which a later release adds at the end are stepped
 * over. Payloads stay slices of the received bytes. See docs/decisions/0007-delivery-format.md.
 *
 * <p>Belongs to one thread: each sender and the receiver have their own.
 */
public final class DeliveryCodec {

  static final int EVENT = 1;
  static final int REFUSED = 2;
  static final int RESULT = 3;
  static final int FAILED = 4;
  static final int CANCEL = 5;
  static final int PART = 6;
  static final int ACCEPTED = 7;
  static final int KEPT_TELL = 8;
  static final int KEPT_RECORDED = 9;

  /**
   * The bit in the kind of everything that wants an answer: such an item opens with realm, call and
   * callee, so that a release which does not know the kind can still refuse it.
   */
  static final int WANTS_ANSWER = 0x40;

  static final int INVOKE = WANTS_ANSWER | 1;

  private static final List<CancelMode> MODES =
      List.of(CancelMode.SKIP, CancelMode.KILL, CancelMode.KILLNOWAIT);
  private static final List<Delivery.Refusal> REFUSALS =
      List.of(
          Delivery.Refusal.GONE,
          Delivery.Refusal.BUSY,
          Delivery.Refusal.UNAVAILABLE,
          Delivery.Refusal.FULL);

  /** What came, and for which lane. */
  sealed interface Received {

    /** A delivery for a lane of this node, or {@link LaneAddress#ANY}. */
    record ForLane(int toLane, Delivery delivery) implements Received {}

    /** An item of a later release that must be refused. */
    record UnknownCall(int toLane, String realm, CallAddress call, long callee)
        implements Received {}

    /** An item of a later release that may be ignored. */
    record Unknown(int kind) implements Received {}
  }

  private final NodeNames nodes;
  private final OptionsCodec options = new OptionsCodec();
  private final PublicationCodec publications = new PublicationCodec(options);

  /** The codec of {@code self} for what goes to and comes from {@code otherNode}. */
  public DeliveryCodec(NodeId self, NodeId otherNode) {
    this.nodes = new NodeNames(self, otherNode);
  }

  /** Appends the item of a delivery. */
  public void write(ByteSink sink, int toLane, Delivery delivery) {
    FieldWriter out = new FieldWriter(sink);
    out.number(kind(delivery));
    out.number(toLane + 1L);
    out.text(delivery.realm());
    if (delivery instanceof Delivery.Event event) {
      publications.write(out, event.publication());
    } else if (delivery instanceof Delivery.Invoke invoke) {
      writeCall(out, invoke.call());
      out.number(invoke.callee());
      out.number(invoke.registration());
      options.write(out, invoke.details());
      PublicationCodec.write(out, invoke.payload());
    } else if (delivery instanceof Delivery.Result result) {
      writeCall(out, result.call());
      options.write(out, result.details());
      PublicationCodec.write(out, result.payload());
    } else if (delivery instanceof Delivery.Failed failed) {
      writeCall(out, failed.call());
      options.write(out, failed.details());
      out.text(failed.error());
      PublicationCodec.write(out, failed.payload());
    } else if (delivery instanceof Delivery.Refused refused) {
      writeCall(out, refused.call());
      out.number(refused.callee());
      out.constant(REFUSALS, refused.reason());
    } else if (delivery instanceof Delivery.Cancel cancel) {
      writeCall(out, cancel.call());
      out.constant(MODES, cancel.mode());
      out.text(cancel.reason());
    } else if (delivery instanceof Delivery.Part part) {
      writeCall(out, part.call());
      out.flag(part.isLast());
      PublicationCodec.write(out, part.payload());
    } else if (delivery instanceof Delivery.Accepted accepted) {
      writeCall(out, accepted.call());
    } else if (delivery instanceof Delivery.Kept kept) {
      write(out, kept);
    }
  }

  private static int kind(Delivery delivery) {
    if (delivery instanceof Delivery.Event) {
      return EVENT;
    } else if (delivery instanceof Delivery.Invoke) {
      return INVOKE;
    } else if (delivery instanceof Delivery.Result) {
      return RESULT;
    } else if (delivery instanceof Delivery.Failed) {
      return FAILED;
    } else if (delivery instanceof Delivery.Refused) {
      return REFUSED;
    } else if (delivery instanceof Delivery.Cancel) {
      return CANCEL;
    } else if (delivery instanceof Delivery.Part) {
      return PART;
    } else if (delivery instanceof Delivery.Accepted) {
      return ACCEPTED;
    } else if (delivery instanceof Delivery.Kept.Tell) {
      return KEPT_TELL;
    } else if (delivery instanceof Delivery.Kept.Recorded) {
      return KEPT_RECORDED;
    }
    throw new IllegalArgumentException("no item for " + delivery.getClass());
  }

  /**
   * Reads one item.
   *
   * @throws MalformedException for anything that is no item of this or a later release
   */
  Received read(byte[] bytes, int offset, int length) throws MalformedException {
    FieldReader in = new FieldReader(bytes, offset, length);
    int kind = in.below(0x80, "a kind");
    int toLane = in.below(MAX_LANES + 1, "a lane") - 1;
    boolean known = (kind >= EVENT && kind <= KEPT_RECORDED) || kind == INVOKE;
    if (!known && (kind & WANTS_ANSWER) == 0) {
      return new Received.Unknown(kind);
    }
    String realm = in.text();
    if (kind == EVENT) {
      return new Received.ForLane(toLane, new Delivery.Event(realm, publications.read(in)));
    }
    if (kind >= KEPT_TELL && kind <= KEPT_RECORDED) {
      return new Received.ForLane(toLane, readKept(kind, realm, in));
    }
    CallAddress call = readCall(in);
    if (!known) {
      return new Received.UnknownCall(toLane, realm, call, in.number());
    }
    return new Received.ForLane(toLane, readAbout(kind, realm, call, in));
  }

  /** As many lanes as a node can have. */
  static final int MAX_LANES = 64;

  private Delivery readAbout(int kind, String realm, CallAddress call, FieldReader in)
      throws MalformedException {
    return switch (kind) {
      case INVOKE -> {
        long callee = in.number();
        long registration = in.number();
        Options details = options.read(in);
        yield new Delivery.Invoke(
            realm, call, registration, callee, details, PublicationCodec.readPayload(in));
      }
      case RESULT -> {
        Options details = options.read(in);
        yield new Delivery.Result(realm, call, details, PublicationCodec.readPayload(in));
      }
      case FAILED -> {
        Options details = options.read(in);
        String error = in.text();
        yield new Delivery.Failed(realm, call, details, error, PublicationCodec.readPayload(in));
      }
      case REFUSED -> new Delivery.Refused(realm, call, in.number(), in.constant(REFUSALS));
      case CANCEL -> {
        CancelMode mode = in.constant(MODES);
        yield new Delivery.Cancel(realm, call, mode, in.text());
      }
      case PART -> {
        boolean isLast = in.flag();
        yield new Delivery.Part(realm, call, isLast, PublicationCodec.readPayload(in));
      }
      case ACCEPTED -> new Delivery.Accepted(realm, call);
      default -> throw new MalformedException("kind " + kind + " is not about a call");
    };
  }

  private void write(FieldWriter out, Delivery.Kept kept) {
    write(out, kept.from());
    if (kept instanceof Delivery.Kept.Tell tell) {
      publications.write(out, tell.publication());
    } else if (kept instanceof Delivery.Kept.Recorded recorded) {
      out.flag(recorded.isNews());
    }
  }

  private Delivery.Kept readKept(int kind, String realm, FieldReader in) throws MalformedException {
    LaneAddress from = readLane(in);
    return kind == KEPT_RECORDED
        ? new Delivery.Kept.Recorded(from, in.flag())
        : new Delivery.Kept.Tell(realm, from, publications.read(in));
  }

  private void writeCall(FieldWriter out, CallAddress call) {
    write(out, call.lane());
    out.number(call.number());
  }

  private CallAddress readCall(FieldReader in) throws MalformedException {
    LaneAddress lane = readLane(in);
    return new CallAddress(lane, in.number());
  }

  private void write(FieldWriter out, LaneAddress lane) {
    nodes.write(out, lane.node());
    out.number(lane.lane());
  }

  private LaneAddress readLane(FieldReader in) throws MalformedException {
    NodeId node = nodes.read(in);
    return new LaneAddress(node, in.below(MAX_LANES, "a lane"));
  }

  /** The delivery, or null when it is unknown here; for measurements. */
  @Nullable Delivery readDelivery(byte[] bytes, int offset, int length) throws MalformedException {
    return read(bytes, offset, length) instanceof Received.ForLane known ? known.delivery() : null;
  }
}
