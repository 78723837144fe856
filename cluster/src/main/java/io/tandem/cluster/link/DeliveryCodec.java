package io.tandem.cluster.link;

import io.tandem.cluster.delivery.CallAddress;
import io.tandem.cluster.delivery.Delivery;
import io.tandem.cluster.delivery.LaneAddress;
import io.tandem.cluster.delivery.Publication;
import io.tandem.protocol.message.CancelMode;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.wire.ByteSink;
import io.tandem.protocol.wire.FieldReader;
import io.tandem.protocol.wire.FieldWriter;
import io.tandem.protocol.wire.MalformedException;
import io.tandem.protocol.wire.Payload;
import io.tandem.protocol.wire.Serializer;
import io.tandem.registry.NodeId;
import java.util.ArrayList;
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
  static final int KEPT_ASK = 8;
  static final int KEPT_TELL = 9;
  static final int KEPT_MISSED = 10;

  /**
   * The bit in the kind of everything that wants an answer: such an item opens with realm, call and
   * callee, so that a release which does not know the kind can still refuse it.
   */
  static final int WANTS_ANSWER = 0x40;

  static final int INVOKE = WANTS_ANSWER | 1;

  private static final List<Serializer> SERIALIZERS =
      List.of(Serializer.JSON, Serializer.MSGPACK, Serializer.CBOR);
  private static final List<Payload.Shape> SHAPES =
      List.of(
          Payload.Shape.EMPTY, Payload.Shape.ARGS, Payload.Shape.ARGS_KWARGS, Payload.Shape.BINARY);
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
      write(out, event.publication());
    } else if (delivery instanceof Delivery.Invoke invoke) {
      writeCall(out, invoke.call());
      out.number(invoke.callee());
      out.number(invoke.registration());
      options.write(out, invoke.details());
      write(out, invoke.payload());
    } else if (delivery instanceof Delivery.Result result) {
      writeCall(out, result.call());
      options.write(out, result.details());
      write(out, result.payload());
    } else if (delivery instanceof Delivery.Failed failed) {
      writeCall(out, failed.call());
      options.write(out, failed.details());
      out.text(failed.error());
      write(out, failed.payload());
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
      write(out, part.payload());
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
    } else if (delivery instanceof Delivery.Kept.Ask) {
      return KEPT_ASK;
    } else if (delivery instanceof Delivery.Kept.Tell) {
      return KEPT_TELL;
    } else if (delivery instanceof Delivery.Kept.Missed) {
      return KEPT_MISSED;
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
    boolean known = (kind >= EVENT && kind <= KEPT_MISSED) || kind == INVOKE;
    if (!known && (kind & WANTS_ANSWER) == 0) {
      return new Received.Unknown(kind);
    }
    String realm = in.text();
    if (kind == EVENT) {
      return new Received.ForLane(toLane, new Delivery.Event(realm, readPublication(in)));
    }
    if (kind >= KEPT_ASK && kind <= KEPT_MISSED) {
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
        yield new Delivery.Invoke(realm, call, registration, callee, details, readPayload(in));
      }
      case RESULT -> {
        Options details = options.read(in);
        yield new Delivery.Result(realm, call, details, readPayload(in));
      }
      case FAILED -> {
        Options details = options.read(in);
        String error = in.text();
        yield new Delivery.Failed(realm, call, details, error, readPayload(in));
      }
      case REFUSED -> new Delivery.Refused(realm, call, in.number(), in.constant(REFUSALS));
      case CANCEL -> {
        CancelMode mode = in.constant(MODES);
        yield new Delivery.Cancel(realm, call, mode, in.text());
      }
      case PART -> {
        boolean isLast = in.flag();
        yield new Delivery.Part(realm, call, isLast, readPayload(in));
      }
      case ACCEPTED -> new Delivery.Accepted(realm, call);
      default -> throw new MalformedException("kind " + kind + " is not about a call");
    };
  }

  private void write(FieldWriter out, Publication publication) {
    out.number(publication.id());
    out.text(publication.topic());
    out.number(publication.publisher());
    options.write(out, publication.options());
    options.write(out, publication.details());
    write(out, publication.payload());
    if (publication.stamp() != 0) {
      out.number(publication.stamp());
    }
  }

  private Publication readPublication(FieldReader in) throws MalformedException {
    long id = in.number();
    String topic = in.text();
    long publisher = in.number();
    Options chosen = options.read(in);
    Options details = options.read(in);
    Payload payload = readPayload(in);
    long stamp = in.atEnd() ? 0 : in.number();
    return new Publication(id, topic, publisher, chosen, details, payload, stamp);
  }

  private void write(FieldWriter out, Delivery.Kept kept) {
    write(out, kept.from());
    if (kept instanceof Delivery.Kept.Ask ask) {
      out.number(ask.since());
      write(out, ask.after());
      out.bits(ask.digest());
    } else if (kept instanceof Delivery.Kept.Tell tell) {
      out.flag(tell.isLast());
      write(out, tell.upTo());
      out.number(tell.publications().size());
      for (Publication publication : tell.publications()) {
        ByteSink one = new ByteSink();
        write(new FieldWriter(one), publication);
        out.slice(one);
      }
    } else if (kept instanceof Delivery.Kept.Missed missed) {
      out.number(missed.since());
    }
  }

  private Delivery.Kept readKept(int kind, String realm, FieldReader in) throws MalformedException {
    LaneAddress from = readLane(in);
    if (kind == KEPT_MISSED) {
      return new Delivery.Kept.Missed(realm, from, in.number());
    } else if (kind == KEPT_ASK) {
      long since = in.number();
      Delivery.Kept.Place after = readPlace(in);
      return new Delivery.Kept.Ask(realm, from, since, after, in.bits());
    }
    boolean isLast = in.flag();
    Delivery.Kept.Place upTo = readPlace(in);
    List<Publication> publications = new ArrayList<>();
    for (int left = in.count(); left > 0; left--) {
      publications.add(readPublication(in.slice()));
    }
    return new Delivery.Kept.Tell(realm, from, publications, isLast, upTo);
  }

  private static void write(FieldWriter out, Delivery.Kept.Place place) {
    out.number(place.pool());
    out.number(place.stamp());
    out.number(place.publication());
  }

  private static Delivery.Kept.Place readPlace(FieldReader in) throws MalformedException {
    int pool = in.below(Integer.MAX_VALUE, "a place");
    long stamp = in.number();
    return new Delivery.Kept.Place(pool, stamp, in.number());
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

  private static void write(FieldWriter out, Payload payload) {
    out.constant(SERIALIZERS, payload.serializer());
    out.constant(SHAPES, payload.shape());
    out.slice(payload.bytes(), payload.offset(), payload.length());
  }

  private static Payload readPayload(FieldReader in) throws MalformedException {
    Serializer serializer = in.constant(SERIALIZERS);
    Payload.Shape shape = in.constant(SHAPES);
    FieldReader slice = in.slice();
    return Payload.slice(serializer, shape, slice.bytes(), slice.position(), slice.remaining());
  }

  /** The delivery, or null when it is unknown here; for measurements. */
  @Nullable Delivery readDelivery(byte[] bytes, int offset, int length) throws MalformedException {
    return read(bytes, offset, length) instanceof Received.ForLane known ? known.delivery() : null;
  }
}
