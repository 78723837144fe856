package io.tandem.cluster.link;

import io.tandem.cluster.delivery.Delivery;
import io.tandem.protocol.wire.MalformedException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way in: data frames of the other node to deliveries for lanes and items for the registry. The
 * link's thread alone.
 */
final class Inbound {

  private final LinkContext peering;
  private final List<Loop> loops;
  private final LaneSender[] senders;
  private final LinkListener listener;
  private final DeliveryCodec deliveries;
  private final ControlCodec controls;

  Inbound(LinkContext peering, List<Loop> loops, LaneSender[] senders, LinkListener listener) {
    this.peering = peering;
    this.loops = loops;
    this.senders = senders;
    this.listener = listener;
    this.deliveries = new DeliveryCodec(peering.self(), peering.otherNode());
    this.controls = new ControlCodec(peering.self(), peering.otherNode());
  }

  /**
   * Delivers what is in the frame if it is the next one of its stream, and what of the control
   * stream has waited for it. One that came before and one that comes too early are dropped; the
   * other node finds out by what is acknowledged.
   */
  void receive(Epoch epoch, Frame.Data frame) throws MalformedException {
    InStream stream = epoch.in(frame.stream());
    boolean control = frame.stream() == Epoch.CONTROL;
    long last = control ? epoch.early.last() : stream.last();
    if (frame.sequence() <= last) {
      peering.counts().add(LinkCount.DUPLICATE);
    } else if (frame.sequence() > last + 1 || (control && !takes(epoch, frame))) {
      peering.counts().add(LinkCount.GAP);
    } else {
      if (!control) {
        stream.take(frame, (bytes, offset, length) -> takeItem(epoch, bytes, offset, length));
      }
      receiveEarly(epoch);
    }
  }

  private static boolean takes(Epoch epoch, Frame.Data control) throws MalformedException {
    epoch.hasAllBefore(control); // or makes no sense, which is not to be kept
    return epoch.early.take(control);
  }

  private void receiveEarly(Epoch epoch) throws MalformedException {
    Frame.@Nullable Data next = epoch.isOver() ? null : epoch.early.next(epoch);
    while (next != null) {
      epoch
          .in(Epoch.CONTROL)
          .take(next, (bytes, offset, length) -> takeControl(epoch, bytes, offset, length));
      next = epoch.isOver() ? null : epoch.early.next(epoch);
    }
  }

  private boolean takeControl(Epoch epoch, byte[] bytes, int offset, int length)
      throws MalformedException {
    Notice control = controls.read(bytes, offset, length);
    if (control == null) {
      peering.counts().add(LinkCount.UNKNOWN_ITEM);
    } else {
      listener.told(control);
    }
    return !epoch.isOver();
  }

  private boolean takeItem(Epoch epoch, byte[] bytes, int offset, int length)
      throws MalformedException {
    DeliveryCodec.Received received = deliveries.read(bytes, offset, length);
    if (received instanceof DeliveryCodec.Received.ForLane known) {
      deliver(epoch, known.toLane(), known.delivery(), Cost.of(known.delivery(), length));
    } else {
      peering.counts().add(LinkCount.UNKNOWN_ITEM);
      epoch.intake.consumed((long) length + Cost.PER_ENTRY);
      if (received instanceof DeliveryCodec.Received.UnknownCall call) {
        refuse(epoch, call);
      }
    }
    return !epoch.isOver();
  }

  private void deliver(Epoch epoch, int toLane, Delivery delivery, long cost)
      throws MalformedException {
    boolean isForAny = toLane < 0 && delivery instanceof Delivery.Event;
    if (!isForAny) {
      checkLane(toLane);
    }
    if (delivery instanceof Delivery.Invoke invoke) {
      epoch.calls.comes(invoke.realm(), invoke.call());
    }
    if (epoch.calls.mayEnter(delivery)) {
      listener.received(toLane, delivery, new Refund(epoch.intake, cost));
    } else {
      peering.counts().add(LinkCount.CALL_OVER);
      epoch.intake.consumed(cost);
    }
  }

  /** A later release's call: its caller's lane picks another callee. */
  private void refuse(Epoch epoch, DeliveryCodec.Received.UnknownCall call)
      throws MalformedException {
    int lane = call.toLane();
    checkLane(lane);
    epoch.calls.comes(call.realm(), call.call());
    Delivery refused =
        new Delivery.Refused(call.realm(), call.call(), call.callee(), Delivery.Refusal.BUSY);
    loops
        .get(lane + 1)
        .executor()
        .execute(() -> senders[lane].offer(epoch, call.call().lane().lane(), refused));
  }

  private void checkLane(int lane) throws MalformedException {
    if (lane < 0 || lane >= senders.length) {
      throw new MalformedException("a delivery for no lane of this node");
    }
  }
}
