package io.tandem.cluster.link;

import io.tandem.cluster.delivery.Delivery;
import io.tandem.cluster.delivery.Offered;
import io.tandem.protocol.wire.ByteSink;
import io.tandem.protocol.wire.MalformedException;
import io.tandem.registry.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The link to one incarnation of one other node, over an unreliable {@link Wire}. It opens epochs,
 * watches the other node by pings, and within an epoch delivers what each lane sends once and in
 * order. What cannot be delivered ends the epoch, and both sides hear of it.
 *
 * <p><b>Threads.</b> {@link #offer} is called by lane {@code fromLane} on its own loop, without
 * locks: a volatile read gives the epoch, and the lane's stream in it is its own. {@link #isOpen},
 * {@link #octetsKept}, {@link #creditLeft}, {@link #callsUnderWay}, {@link #isDelivered} and {@link
 * #counts} may be called from any thread. All else, and every call of the {@link LinkListener},
 * happens on the link's loop, which is where the wire's frames arrive. See
 * docs/decisions/0006-links.md.
 */
public final class Link implements NodeLink {

  private static final Logger LOG = LoggerFactory.getLogger(Link.class);

  private static final Duration TICK = Duration.ofMillis(100);

  /** Where a link is in its life. */
  private enum State {
    /** The node still clears up after the last epoch. */
    CLEARING,
    OPENING,
    OPEN,
    STOPPED
  }

  private final LinkContext peering;
  private final Loop loop;
  private final LinkListener listener;
  private final List<Loop> loops;
  private final LaneSender[] senders;
  private final Inbound inbound;
  private final ControlCodec controls;
  private final ByteSink item = new ByteSink(256);

  private State state = State.OPENING;

  private volatile @Nullable Epoch epoch;

  private final Opening opening;
  private final Watch watch;
  private final Acknowledgements acknowledgements;
  private boolean wantsRoomToTell;

  /**
   * A link that does nothing before {@link #start}. Make one only for each two incarnations: a
   * second one would count its epochs from the beginning again.
   *
   * @param loop the link's own loop
   * @param lanes the loops of this node's lanes, as many as in the settings
   * @param counts counted on; may be shared with other links
   */
  public Link(
      NodeId self,
      NodeId otherNode,
      LinkSettings settings,
      Wire wire,
      Loop loop,
      List<Loop> lanes,
      LinkCounts counts,
      LinkListener listener) {
    this.peering = new LinkContext(self, otherNode, settings, wire, counts);
    this.loop = loop;
    this.listener = listener;
    this.loops = new ArrayList<>(lanes);
    this.loops.add(Epoch.CONTROL, loop);
    this.senders = new LaneSender[lanes.size()];
    for (int lane = 0; lane < senders.length; lane++) {
      senders[lane] = new LaneSender(lane, peering);
    }
    this.inbound = new Inbound(peering, loops, senders, listener);
    this.controls = new ControlCodec(self, otherNode);
    this.opening = new Opening(peering, loop.scheduler());
    this.watch = new Watch(settings.unreachableAfter());
    this.acknowledgements = new Acknowledgements(loop.scheduler(), this::sendState);
  }

  public NodeId otherNode() {
    return peering.otherNode();
  }

  public LinkCounts counts() {
    return peering.counts();
  }

  @Override
  public boolean isOpen() {
    return epoch != null;
  }

  /** Octets of deliveries and notices kept for the other node, some 100 ms longer than it needs. */
  public long octetsKept() {
    Epoch now = epoch;
    return now == null ? 0 : now.kept();
  }

  /**
   * Octets of credit that are left; the other node's whole window when it has consumed everything.
   */
  public long creditLeft() {
    Epoch now = epoch;
    return now == null ? 0 : now.credit.free();
  }

  /**
   * Whether the other node has answered, in this epoch, what was sent at this time of the link's
   * clock or later: then it still counted this node in at that time. The link's loop.
   */
  public boolean hasAnsweredSince(long nanoTime) {
    return epoch != null && watch.isProvenSince(nanoTime);
  }

  /**
   * Whether a frame of the other node came less than a second ago although the link is not open:
   * then it is the way to the other node that is broken. The link's loop.
   */
  public boolean isHeard() {
    return watch.isHeard(now());
  }

  /** Calls under way in both directions: neither answered nor given up. */
  public int callsUnderWay() {
    Epoch now = epoch;
    return now == null ? 0 : now.calls.size();
  }

  /** Whether the other node has everything that was offered; what a drain waits for. */
  public boolean isDelivered() {
    return octetsKept() == 0;
  }

  /** Starts to look for the other node. */
  public void start() {
    watch.drawn(now());
    opening.begin(false);
    tick();
  }

  /** Ends the link for good. The other node is not told: it finds out, or membership tells it. */
  public void stop() {
    end(LinkClosed.STOPPED);
    state = State.STOPPED;
  }

  // ---- sending ----

  @Override
  public Offered offer(int fromLane, int toLane, Delivery delivery) {
    Epoch now = epoch;
    if (now == null) {
      peering.counts().add(LinkCount.DOWN);
      return Offered.UNREACHABLE;
    }
    return senders[fromLane].offer(now, toLane, delivery);
  }

  /**
   * Sends a notice, in order with the others.
   *
   * @return false when the link is not open or too much is waiting; in the second case {@link
   *     LinkListener#roomToTell} follows
   */
  public boolean tell(Notice control) {
    Epoch now = epoch;
    if (now == null) {
      return false;
    }
    OutStream stream = now.out(Epoch.CONTROL);
    if (stream.kept() >= peering.settings().controlOctets()) {
      wantsRoomToTell = true;
      return false;
    }
    item.reset();
    controls.write(item, control);
    stream.append(item.array(), item.length());
    return true;
  }

  void roomOnControl() {
    Epoch now = epoch;
    int room = peering.settings().controlOctets() / 2;
    if (wantsRoomToTell && now != null && now.out(Epoch.CONTROL).kept() < room) {
      wantsRoomToTell = false;
      listener.roomToTell();
    }
  }

  EventGate newGate(Credit credit) {
    return new EventGate(credit, loop, peering.settings().longestHold(), listener);
  }

  /** Credit has become free that the other node should know of. Any thread. */
  void advertise() {
    loop.executor().execute(this::sendState);
  }

  /** A stream of this epoch does not get through. Any thread. */
  void stalled(Epoch which) {
    loop.executor()
        .execute(
            () -> {
              if (which == epoch) {
                end(LinkClosed.STALLED);
              }
            });
  }

  private void sendState() {
    Epoch now = epoch;
    if (now != null) {
      acknowledgements.given();
      peering.send(Epoch.CONTROL, now.state());
    }
  }

  Frame.Ends ends() {
    return opening.ends();
  }

  private long now() {
    return loop.scheduler().nanoTime();
  }

  // ---- watching ----

  private void tick() {
    if (state == State.STOPPED) {
      return;
    }
    loop.scheduler().schedule(TICK, this::tick);
    Epoch open = epoch;
    if (open != null) {
      open.tidy();
      if (!watch.answers(open, now())) {
        end(LinkClosed.UNREACHABLE);
      }
    } else if (state == State.OPENING) {
      opening.askAgain();
    }
  }

  // ---- receiving ----

  /** A frame from the other node. */
  public void received(byte[] bytes) {
    peering.counts().add(LinkCount.FRAMES_RECEIVED);
    Frame frame;
    try {
      frame = Frame.read(bytes);
    } catch (MalformedException e) {
      peering.counts().add(LinkCount.MALFORMED);
      return;
    }
    Frame.Ends ends = frame.ends();
    if (state == State.STOPPED
        || ends.fromIncarnation() != peering.otherNode().incarnation()
        || ends.toIncarnation() != peering.self().incarnation()) {
      peering.counts().add(LinkCount.OTHER_INCARNATION);
    } else if (frame instanceof Frame.Open open) {
      watch.heard(now());
      receive(open);
    } else if (frame instanceof Frame.Gone gone) {
      listener.gone(gone.members());
    } else {
      receiveInEpoch(frame);
    }
  }

  private void receiveInEpoch(Frame frame) {
    beginLate(frame.ends());
    Epoch now = epoch;
    if (now == null || !now.isOf(frame.ends())) {
      peering.counts().add(LinkCount.OTHER_EPOCH);
      return;
    }
    try {
      if (frame instanceof Frame.Data data) {
        receive(now, data);
      } else if (frame instanceof Frame.State that) {
        receive(now, that);
      }
    } catch (MalformedException e) {
      peering.counts().add(LinkCount.MALFORMED);
      LOG.warn("a frame of {} makes no sense", peering.otherNode().name(), e);
      end(LinkClosed.MALFORMED);
    } catch (RuntimeException defect) {
      end(LinkClosed.DEFECT); // the rest of the frame is lost, which the other node must hear
      throw defect;
    }
  }

  private void receive(Epoch now, Frame.State frame) throws MalformedException {
    now.heard(frame.reception());
    if (frame.pong() != 0) {
      peering.counts().roundTrips().add(now() - frame.pong());
      watch.answered(frame.pong(), frame.echo(), now);
      now.arrived(frame.pong(), frame.echo(), frame.reception().acks());
    }
    if (frame.ping() != 0) {
      acknowledgements.given();
      peering.send(Epoch.CONTROL, now.pong(frame.ping(), frame.sent()));
    }
  }

  private void receive(Epoch now, Frame.Data frame) throws MalformedException {
    now.heard(frame.reception());
    int octets = frame.items().remaining();
    inbound.receive(now, frame);
    acknowledgements.owe(now, octets);
  }

  // ---- epochs ----

  private void receive(Frame.Open open) {
    long known = opening.theirNumber();
    long from = open.ends().fromEpoch();
    if (from < known) {
      peering.counts().add(LinkCount.OTHER_EPOCH);
      return;
    }
    opening.learn(open);
    if (state == State.OPEN && from > known) {
      end(LinkClosed.REOPENED);
      return;
    }
    boolean begins = state == State.OPENING && opening.agreed(open.ends()) != null;
    if (state != State.CLEARING && !open.open()) {
      // Before lanes know of the epoch: another node that is not in it yet would drop what is of
      // it.
      opening.ask(begins || epoch != null);
    }
    if (begins) {
      begin(open);
    }
  }

  private void begin(Frame.Open open) {
    state = State.OPEN;
    watch.begins(now());
    acknowledgements.given();
    wantsRoomToTell = false;
    Epoch begun = new Epoch(peering, ends(), open, this, loops);
    epoch = begun;
    listener.opened(begun.features());
  }

  /**
   * A frame of the new epoch may come before the answer that begins it, as lanes have ways of their
   * own: it proves as well that the other node knows our number and is in the epoch.
   */
  private void beginLate(Frame.Ends ends) {
    Frame.Open open = state == State.OPENING ? opening.agreed(ends) : null;
    if (open != null) {
      opening.ask(true);
      begin(open);
    }
  }

  /** Ends the epoch, if there is one; the next begins when the node has cleared up. */
  private void end(LinkClosed why) {
    Epoch ended = epoch;
    if (ended == null) {
      return;
    }
    epoch = null;
    state = State.CLEARING;
    opening.drawNext();
    watch.drawn(now());
    ended.end();
    long next = opening.number();
    boolean broken = why == LinkClosed.UNREACHABLE || why == LinkClosed.STALLED;
    listener.closed(why, () -> loop.executor().execute(() -> cleared(next, broken)));
  }

  private void cleared(long next, boolean broken) {
    if (state == State.CLEARING && opening.number() == next) {
      state = State.OPENING;
      opening.begin(broken);
    }
  }
}
