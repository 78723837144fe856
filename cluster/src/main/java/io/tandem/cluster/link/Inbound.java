package io.tandem.cluster.link;

import io.tandem.cluster.entry.Entry;
import io.tandem.protocol.wire.MalformedException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way in: data frames of the peer to entries for lanes and records for the registry. The link's
 * thread alone.
 */
final class Inbound {

  private final Peering peering;
  private final List<Loop> loops;
  private final LaneSender[] senders;
  private final LinkListener listener;
  private final EntryCodec entries;
  private final ControlCodec controls;

  Inbound(Peering peering, List<Loop> loops, LaneSender[] senders, LinkListener listener) {
    this.peering = peering;
    this.loops = loops;
    this.senders = senders;
    this.listener = listener;
    this.entries = new EntryCodec(peering.self(), peering.peer());
    this.controls = new ControlCodec(peering.self(), peering.peer());
  }

  /**
   * Delivers what is in the frame if it is the next one of its stream, and what of the control
   * stream has waited for it. One that came before and one that comes too early are dropped; the
   * peer finds out by what is acknowledged.
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
        stream.take(frame, (bytes, offset, length) -> takeEntry(epoch, bytes, offset, length));
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
    ControlRecord control = controls.read(bytes, offset, length);
    if (control == null) {
      peering.counts().add(LinkCount.UNKNOWN_RECORD);
    } else {
      listener.told(control);
    }
    return !epoch.isOver();
  }

  private boolean takeEntry(Epoch epoch, byte[] bytes, int offset, int length)
      throws MalformedException {
    EntryCodec.Received received = entries.read(bytes, offset, length);
    if (received instanceof EntryCodec.Received.ForLane known) {
      deliver(epoch, known.toLane(), known.entry(), Cost.of(known.entry(), length));
    } else {
      peering.counts().add(LinkCount.UNKNOWN_RECORD);
      epoch.intake.consumed((long) length + Cost.PER_ENTRY);
      if (received instanceof EntryCodec.Received.UnknownCall call) {
        refuse(epoch, call);
      }
    }
    return !epoch.isOver();
  }

  private void deliver(Epoch epoch, int toLane, Entry entry, long cost) throws MalformedException {
    boolean isForAny = toLane < 0 && entry instanceof Entry.Event;
    if (!isForAny) {
      checkLane(toLane);
    }
    if (entry instanceof Entry.Invoke invoke) {
      epoch.calls.comes(invoke.realm(), invoke.call());
    }
    if (epoch.calls.mayEnter(entry)) {
      listener.received(toLane, entry, new Refund(epoch.intake, cost));
    } else {
      peering.counts().add(LinkCount.CALL_OVER);
      epoch.intake.consumed(cost);
    }
  }

  /** A later release's call: its caller's lane picks another callee. */
  private void refuse(Epoch epoch, EntryCodec.Received.UnknownCall call) throws MalformedException {
    int lane = call.toLane();
    checkLane(lane);
    epoch.calls.comes(call.realm(), call.call());
    Entry refused = new Entry.Refused(call.realm(), call.call(), call.callee(), Entry.Refusal.BUSY);
    loops
        .get(lane + 1)
        .executor()
        .execute(() -> senders[lane].offer(epoch, call.call().lane().lane(), refused));
  }

  private void checkLane(int lane) throws MalformedException {
    if (lane < 0 || lane >= senders.length) {
      throw new MalformedException("an entry for no lane of this node");
    }
  }
}
