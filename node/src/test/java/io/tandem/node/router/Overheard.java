package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.cluster.delivery.Delivery;
import io.tandem.cluster.link.LinkClosed;
import io.tandem.cluster.link.LinkListener;
import io.tandem.cluster.link.Notice;
import io.tandem.cluster.link.Refund;
import io.tandem.registry.NodeId;

/** Notes what a link of a life tells, and passes it on. */
final class Overheard implements LinkListener {

  /** The link to another node, as a life has heard of it. */
  static final class Ear {
    boolean open;
    long openedAt;
    long closedAt;
    long closedTime;
  }

  private final VirtualLife life;
  private final VirtualCluster cluster;
  private final NodeId otherNode;
  private final LinkListener listener;

  Overheard(VirtualLife life, NodeId otherNode, LinkListener listener) {
    this.life = life;
    this.cluster = life.cluster;
    this.otherNode = otherNode;
    this.listener = listener;
  }

  @Override
  public void opened(int features) {
    cluster.tell("{} has opened to {}", life, otherNode);
    Ear ear = life.ear(otherNode);
    ear.open = true;
    ear.openedAt = cluster.stamp();
    listener.opened(features);
    cluster.onOpened.run();
  }

  @Override
  public void closed(LinkClosed why, Runnable cleared) {
    assertThat(why).isNotIn(LinkClosed.MALFORMED, LinkClosed.DEFECT, LinkClosed.STALLED);
    cluster.tell("{} has closed to {}, {}", life, otherNode, why);
    cluster.totals.closed.merge(why, 1, Integer::sum);
    Ear ear = life.ear(otherNode);
    ear.open = false;
    ear.closedAt = cluster.stamp();
    ear.closedTime = cluster.time.now();
    cluster.cutOff(life, otherNode);
    listener.closed(why, cleared);
  }

  @Override
  public void received(int toLane, Delivery delivery, Refund refund) {
    cluster.totals.deliveries++;
    listener.received(toLane, delivery, refund);
  }

  @Override
  public void told(Notice control) {
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
