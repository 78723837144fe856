package io.tandem.cluster.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.cluster.delivery.LaneAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a link does as each stream has a way of its own, which may overtake others or break. */
class LinkStreamsTest extends TwoLinks {

  @Test
  void whatTheNodeTellsComesAfterWhatItsLanesHadSentBefore() {
    left.link.offer(0, LaneAddress.ANY, event(10));
    byte[] ofLane = right.arriving.remove();
    left.link.tell(new Notice.Seen(1));
    left.link.tell(new Notice.Seen(2));
    deliverAll(right);
    assertThat(right.controls).isEmpty();

    right.link.received(ofLane);
    assertThat(right.deliveries).hasSize(1);
    assertThat(right.controls).containsExactly(new Notice.Seen(1), new Notice.Seen(2));
  }

  @Test
  void frameOfALaneThatIsLostIsFoundMissingOnItsOwnWay() {
    left.link.offer(0, LaneAddress.ANY, event(10));
    right.arriving.clear();
    left.link.tell(new Notice.Seen(1));
    pass(Duration.ofMillis(500));
    assertThat(right.deliveries).hasSize(1);
    assertThat(right.controls).containsExactly(new Notice.Seen(1));
    assertThat(left.heard).containsExactly("opened 7");
  }

  @Test
  void nodeWhoseOwnWayIsBrokenIsUnreachableThoughItsLanesGetThrough() {
    left.brokenStream = Epoch.CONTROL;
    for (int i = 0; i < 40; i++) {
      left.link.offer(0, LaneAddress.ANY, event(10));
      pass(Duration.ofMillis(100));
    }
    assertThat(left.heard).contains("closed UNREACHABLE");
  }

  @Test
  void nodeThatHearsTheNodeButIsNotHeardTriesOtherWays() {
    left.brokenStream = Epoch.CONTROL;
    pass(Duration.ofSeconds(6));
    assertThat(left.link.isOpen()).isTrue();
    assertThat(right.link.isOpen()).isTrue();
  }

  @Test
  void nodeToWhichALaneDoesNotGetThroughIsUnreachableUntilThereAreOtherWays() {
    left.link.offer(0, LaneAddress.ANY, event(10));
    pass(Duration.ofSeconds(1));
    left.brokenStream = 1;
    left.link.offer(0, LaneAddress.ANY, event(10));
    pass(Duration.ofMillis(2_900));
    assertThat(left.heard).containsExactly("opened 7");
    int before = left.renewals;
    pass(Duration.ofMillis(500));
    assertThat(left.heard).containsExactly("opened 7", "closed UNREACHABLE", "opened 7");
    assertThat(left.renewals).isEqualTo(before + 1);
  }

  @Test
  void wayOfALaneIsKnownToBeBrokenBeforeItIsNeeded() {
    left.link.offer(0, LaneAddress.ANY, event(10));
    pass(Duration.ofSeconds(1));
    left.brokenStream = 1;
    pass(Duration.ofSeconds(7));
    assertThat(left.heard).contains("closed UNREACHABLE");
  }

  @Test
  void laneThatCannotAskAccusesNobody() {
    left.link.offer(0, LaneAddress.ANY, event(10));
    right.arriving.clear();
    left.lanesSleep();
    pass(Duration.ofSeconds(10));
    left.lanesWake();
    pass(Duration.ofMillis(500));
    assertThat(right.deliveries).hasSize(1);
    assertThat(left.heard).containsExactly("opened 7");
  }

  @Test
  void whatTheNodeTellsIsNotMissingWhileItWaitsForALane() {
    left.link.offer(0, LaneAddress.ANY, event(10));
    byte[] ofLane = right.arriving.remove();
    left.brokenStream = 1;
    left.link.tell(new Notice.Seen(1));
    pass(Duration.ofSeconds(2));
    assertThat(right.controls).isEmpty();
    assertThat(right.count(LinkCount.DUPLICATE)).isZero();
    assertThat(right.count(LinkCount.GAP)).isZero();

    right.link.received(ofLane);
    assertThat(right.controls).containsExactly(new Notice.Seen(1));
  }

  @Test
  void whatTheNodeTellsComesAfterWhatItsLanesCouldNotSendYet() {
    roomy();
    for (int i = 0; i < 20; i++) {
      left.link.offer(0, LaneAddress.ANY, event(20_000));
    }
    left.link.tell(new Notice.Seen(1));
    deliverAll(right);
    assertThat(right.deliveries).as("what the wire had room for").hasSizeBetween(5, 19);
    assertThat(right.controls).isEmpty();
    pass(Duration.ofMillis(500));
    assertThat(right.deliveries).hasSize(20);
    assertThat(right.controls).containsExactly(new Notice.Seen(1));
  }

  @Test
  void whatALaneSendsMayComeBeforeWhatOpensTheEpoch() {
    breakEpoch();
    right.failing = false;
    while (left.link.isOpen()) {
      deliver(left);
      deliver(right);
    }
    while (!left.link.isOpen() && !right.link.isOpen()) {
      deliver(left);
      if (!left.link.isOpen()) {
        deliver(right);
      }
    }
    Side open = left.link.isOpen() ? left : right;
    Side late = left.link.isOpen() ? right : left;
    late.deliveries.clear();
    open.link.offer(0, LaneAddress.ANY, event(10));
    late.link.received(late.arriving.removeLast());
    assertThat(late.link.isOpen()).isTrue();
    assertThat(late.deliveries).hasSize(1);

    late.heard.clear();
    open.heard.clear();
    pass(Duration.ofSeconds(1));
    assertThat(late.heard).isEmpty();
    assertThat(open.heard).isEmpty();
  }
}
