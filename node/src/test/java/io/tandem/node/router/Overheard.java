package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.cluster.entry.Entry;
import io.tandem.cluster.link.ControlRecord;
import io.tandem.cluster.link.LinkClosed;
import io.tandem.cluster.link.LinkListener;
import io.tandem.cluster.link.Refund;
import io.tandem.registry.NodeId;

/** Notes what a link of a life tells, and passes it on. */
final class Overheard implements LinkListener {

  /** The link to a peer, as a life has heard of it. */
  static final class Ear {
    boolean open;
    long openedAt;
    long closedAt;
    long closedTime;
  }

  private final VirtualLife life;
  private final VirtualCluster cluster;
  private final NodeId peer;
  private final LinkListener listener;

  Overheard(VirtualLife life, NodeId peer, LinkListener listener) {
    this.life = life;
    this.cluster = life.cluster;
    this.peer = peer;
    this.listener = listener;
  }

  @Override
  public void opened(int features) {
    cluster.tell("{} has opened to {}", life, peer);
    Ear ear = life.ear(peer);
    ear.open = true;
    ear.openedAt = cluster.stamp();
    listener.opened(features);
    cluster.onOpened.run();
  }

  @Override
  public void closed(LinkClosed why, Runnable settled) {
    assertThat(why).isNotIn(LinkClosed.MALFORMED, LinkClosed.DEFECT, LinkClosed.STALLED);
    cluster.tell("{} has closed to {}, {}", life, peer, why);
    cluster.totals.closed.merge(why, 1, Integer::sum);
    Ear ear = life.ear(peer);
    ear.open = false;
    ear.closedAt = cluster.stamp();
    ear.closedTime = cluster.time.now();
    cluster.cutOff(life, peer);
    listener.closed(why, settled);
  }

  @Override
  public void received(int toLane, Entry entry, Refund refund) {
    cluster.totals.entries++;
    listener.received(toLane, entry, refund);
  }

  @Override
  public void told(ControlRecord control) {
    listener.told(control);
  }

  @Override
  public void roomToTell() {
    listener.roomToTell();
  }

  @Override
  public void gone(long[] members) {
    listener.gone(members);
  }

  @Override
  public void hold() {
    listener.hold();
  }

  @Override
  public void resume() {
    listener.resume();
  }
}
