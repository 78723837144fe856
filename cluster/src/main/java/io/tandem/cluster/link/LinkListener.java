package io.tandem.cluster.link;

import io.tandem.cluster.delivery.Delivery;

/** The node behind a link. Called on the link's thread; never blocks. */
public interface LinkListener {

  /**
   * A new epoch: both sides take deliveries now. The listener sends its snapshot on the control
   * stream and puts the other node back among those whose acknowledgement is waited for.
   *
   * @param features the lower one of both sides' feature levels
   */
  void opened(int features);

  /**
   * The epoch is over, and with it everything that was on its way: fail the calls whose callee is
   * at the other node, interrupt the invocations whose caller is there, skip its slice of the
   * registry.
   *
   * @param cleared run it, on any thread, when every lane has done so; no new epoch begins before
   */
  void closed(LinkClosed why, Runnable cleared);

  /**
   * A delivery for a lane, or for {@link io.tandem.cluster.delivery.LaneAddress#ANY}. A call in it
   * wants one final answer, offered from the lane it came for and on that lane's thread.
   *
   * @param refund to be given back when the delivery is consumed
   */
  void received(int toLane, Delivery delivery, Refund refund);

  /** The next notice of the other node. */
  void told(Notice item);

  /** After {@link Link#tell} returned false: there is room again. */
  void roomToTell();

  /**
   * The other node says that this node's life is over: it saw it leave the cluster.
   *
   * @param members the incarnations of those who are in it, as the other node knows them; none when
   *     it does not say
   */
  void gone(long[] members);

  /** Credit runs short: stop reading from publishers for the link until {@link #resume}. */
  void hold();

  /** Read from publishers again, though their events may be shed. Follows every {@link #hold}. */
  void resume();
}
