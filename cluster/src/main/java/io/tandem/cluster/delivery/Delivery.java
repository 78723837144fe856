package io.tandem.cluster.delivery;

import io.tandem.protocol.message.CancelMode;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.wire.Payload;

/**
 * What one lane tells another, on the same node or on another one. Deliveries from one lane to
 * another arrive in the order sent; that, with one path for each pair of sessions, keeps what one
 * session sends another in order (ORD-08).
 */
public sealed interface Delivery {

  /** The realm that all of it concerns. */
  String realm();

  /** What the delivery costs while it waits, in octets. */
  default int weight() {
    return OVERHEAD;
  }

  /**
   * The feature level of the first release that knows this kind of delivery. A node of an earlier
   * one is sent none.
   */
  default int level() {
    return 1;
  }

  /** That of the second one: calls in parts, callees that give calls back, and {@link Kept}. */
  int PARTS = 2;

  /**
   * Whether it may be dropped where there is no room: who misses it does without, or asks again.
   */
  default boolean maybeShed() {
    return false;
  }

  /** The weight of a delivery without its payload: what the objects take, roughly. */
  int OVERHEAD = 256;

  /**
   * A publication for the subscribers of the receiving lane.
   *
   * @param since when this node got it, in nanoseconds of its lanes' clock; does not travel to
   *     other nodes
   */
  record Event(String realm, Publication publication, long since) implements Delivery {

    /** One that this node has got at an unknown time. */
    public Event(String realm, Publication publication) {
      this(realm, publication, 0);
    }

    /** The same, which this node has got at this time. */
    public Event at(long time) {
      return new Event(realm, publication, time);
    }

    @Override
    public boolean maybeShed() {
      return true;
    }

    @Override
    public int weight() {
      return OVERHEAD + publication.weight();
    }
  }

  /**
   * A call for a callee of the receiving lane.
   *
   * @param callee the session that shall be invoked
   * @param details of the INVOCATION
   */
  record Invoke(
      String realm,
      CallAddress call,
      long registration,
      long callee,
      Options details,
      Payload payload)
      implements Delivery {
    @Override
    public int weight() {
      return OVERHEAD + details.weight() + payload.length();
    }

    @Override
    public int level() {
      return isInParts() ? PARTS : 1;
    }

    /** Whether parts of the call follow (RPC-PCI-04). */
    public boolean isInParts() {
      return details.is(Keys.PROGRESS);
    }

    /** The answer of a callee's lane that cannot hand the call to the callee. */
    public Refused refused(Refusal reason) {
      return new Refused(realm, call, callee, reason);
    }
  }

  /** A further part of a call, for the callee that has the call. */
  record Part(String realm, CallAddress call, boolean isLast, Payload payload) implements Delivery {
    @Override
    public int weight() {
      return OVERHEAD + payload.length();
    }

    @Override
    public int level() {
      return PARTS;
    }
  }

  /** The callee has a call in parts: its caller's lane need not keep those that it has sent. */
  record Accepted(String realm, CallAddress call) implements Delivery {
    @Override
    public int level() {
      return PARTS;
    }
  }

  /** The callee of this call cannot take it; the caller's lane looks for another one. */
  record Refused(String realm, CallAddress call, long callee, Refusal reason) implements Delivery {
    @Override
    public int level() {
      return reason == Refusal.UNAVAILABLE || reason == Refusal.FULL ? PARTS : 1;
    }
  }

  /** Why a callee could not take a call. */
  enum Refusal {
    /** Its session or registration is gone. */
    GONE,
    /** It has too much to do. */
    BUSY,
    /** It was invoked, and gives the call back itself (RPC-RER-01). */
    UNAVAILABLE,
    /** It has as many calls as it said that it takes, and as many wait for it as may. */
    FULL
  }

  /** A result of a call, the final one or, with progress in the details, a part. */
  record Result(String realm, CallAddress call, Options details, Payload payload)
      implements Delivery {
    @Override
    public int weight() {
      return OVERHEAD + details.weight() + payload.length();
    }
  }

  /** The failure of a call. */
  record Failed(String realm, CallAddress call, Options details, String error, Payload payload)
      implements Delivery {
    @Override
    public int weight() {
      return OVERHEAD + details.weight() + payload.length();
    }
  }

  /**
   * The caller's side gives up.
   *
   * @param mode what to do with the invocation
   * @param reason an error URI for the callee to read
   */
  record Cancel(String realm, CallAddress call, CancelMode mode, String reason)
      implements Delivery {}

  /** What nodes tell each other of the publications that all of them keep. */
  sealed interface Kept extends Delivery {

    /** The lane that says so. */
    LaneAddress from();

    @Override
    default int level() {
      return PARTS;
    }

    @Override
    default boolean maybeShed() {
      return true;
    }

    /** A publication that is kept and that no client is told of: a removal. */
    record Tell(String realm, LaneAddress from, Publication publication) implements Kept {

      @Override
      public int weight() {
        return OVERHEAD + publication.weight();
      }
    }

    /**
     * What the node had for the other one, and could not send or perhaps has sent in vain, is in
     * the record that both share.
     *
     * @param isNews whether there was anything since they met
     */
    record Recorded(LaneAddress from, boolean isNews) implements Kept {

      @Override
      public String realm() {
        return "";
      }
    }
  }
}
