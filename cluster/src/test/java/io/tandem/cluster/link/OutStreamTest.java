package io.tandem.cluster.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.cluster.delivery.Delivery;
import io.tandem.cluster.delivery.LaneAddress;
import io.tandem.protocol.wire.FieldReader;
import io.tandem.protocol.wire.MalformedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How what a lane sends is gathered into frames, and how much of it is on the wire. */
class OutStreamTest extends TwoLinks {

  private void publish(Delivery event) {
    assertThat(left.link.offer(0, LaneAddress.ANY, event).isTaken()).isTrue();
  }

  /** The tags of the items in the frame. */
  private static List<Integer> tags(byte[] frame) {
    FieldReader items = ((Frame.Data) read(frame)).items();
    List<Integer> tags = new ArrayList<>();
    try {
      while (!items.atEnd()) {
        tags.add(items.octet());
        items.slice();
      }
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
    return tags;
  }

  // ---- frames ----

  @Test
  void entryLeavesWithoutDelay() {
    right.arriving.clear();
    left.link.offer(0, LaneAddress.ANY, event(10));
    left.link.offer(0, LaneAddress.ANY, event(10));
    assertThat(right.arriving).hasSize(2);
  }

  @Test
  void entriesOfOneTurnShareAFrame() {
    long before = left.link.counts().get(LinkCount.FRAMES_SENT);
    left.turn(
        () -> {
          for (int i = 0; i < 50; i++) {
            left.link.offer(0, LaneAddress.ANY, event(10));
          }
        });
    assertThat(left.link.counts().get(LinkCount.FRAMES_SENT) - before).isEqualTo(1);
    exchange();
    assertThat(right.deliveries).hasSize(50);
  }

  @Test
  void frameLeavesWithinTheTurnWhenItHas64Records() {
    left.turn(
        () -> {
          for (int i = 1; i < 64; i++) {
            publish(event(10));
          }
          assertThat(right.arriving).isEmpty();
          publish(event(10));
          assertThat(right.arriving).hasSize(1);
          publish(event(10));
          assertThat(right.arriving).hasSize(1);
        });
    assertThat(right.arriving).hasSize(2);
    exchange();
    assertThat(right.deliveries).hasSize(65);
  }

  @Test
  void frameLeavesWithinTheTurnBeforeItHasMoreThan32KiB() {
    roomy();
    left.turn(
        () -> {
          publish(eventOfItem(16_384));
          publish(eventOfItem(16_384 - 8)); // with a tag and a length of three octets each
          assertThat(right.arriving).isEmpty();
          publish(event(10));
          assertThat(right.arriving).hasSize(1);
        });
    assertThat(right.arriving).hasSize(2);
    assertThat(tags(right.arriving.getFirst())).hasSize(2);
  }

  @Test
  void recordOf16KiBIsSentWholeAndALongerOneInParts() {
    roomy();
    publish(eventOfItem(16_384));
    assertThat(tags(right.arriving.remove())).containsExactly(OutStream.WHOLE);
    publish(eventOfItem(16_385));
    assertThat(tags(right.arriving.remove())).containsExactly(OutStream.PART, OutStream.LAST_PART);
  }

  @Test
  void largeDeliveryTravelsInPartsAndArrivesWhole() {
    left.link.offer(0, LaneAddress.ANY, event(30_000));
    assertThat(right.arriving).allSatisfy(frame -> assertThat(frame).hasSizeLessThan(33 << 10));
    pass(Duration.ofMillis(50));
    assertThat(right.last().weight()).isEqualTo(event(30_000).weight());
  }

  @Test
  void largeDeliveriesArriveEachAsItWas() {
    roomy();
    Delivery first = event(40_000);
    Delivery second = event(70_000);
    publish(first);
    publish(second);
    publish(event(10));
    pass(Duration.ofMillis(50));
    assertThat(right.deliveries)
        .extracting(Delivery::weight)
        .containsExactly(first.weight(), second.weight(), event(10).weight());
  }

  // ---- the wire ----

  @Test
  void wireHoldsAQuarterOfAMebibyteThatIsNotAcknowledged() {
    roomy();
    for (int i = 0; i < 4; i++) {
      publish(event(200_000));
    }
    assertThat(right.octetsArriving()).isBetween(240L << 10, (256L << 10) + 100);

    pass(Duration.ofMillis(20));
    assertThat(right.deliveries).hasSize(4);
    publish(event(200_000));
    assertThat(right.octetsArriving()).as("all of it has room again").isGreaterThan(200_000);
  }

  @Test
  void turnsShareAFrameWhileTheWireHasNoRoom() {
    roomy();
    left.link.offer(0, LaneAddress.ANY, event(250_000));
    long before = left.link.counts().get(LinkCount.FRAMES_SENT);
    for (int i = 0; i < 40; i++) {
      left.link.offer(0, LaneAddress.ANY, event(1_000));
    }
    long inOwnFrames = left.link.counts().get(LinkCount.FRAMES_SENT) - before;
    pass(Duration.ofMillis(20));
    assertThat(right.deliveries).hasSize(41);
    assertThat(left.link.counts().get(LinkCount.FRAMES_SENT) - before).isLessThan(inOwnFrames + 10);
  }

  @Test
  void moreThanTheWireMayHoldGoesOnWithEachAcknowledgement() {
    roomy();
    for (int i = 0; i < 4; i++) {
      assertThat(left.link.offer(0, LaneAddress.ANY, event(200_000)).isTaken()).isTrue();
    }
    pass(Duration.ofMillis(20));
    assertThat(right.deliveries).hasSize(4);
  }

  @Test
  void whatTheWireHasNoRoomForLeavesWithTheAcknowledgementAndInOrder() {
    roomy();
    publish(event(250_000));
    for (int i = 1; i <= 200; i++) {
      publish(event(100 + i));
    }
    deliverAll(right);
    assertThat(right.deliveries).hasSizeLessThan(200);
    pass(Duration.ofMillis(10));
    assertThat(right.deliveries)
        .extracting(Delivery::weight)
        .endsWith(event(299).weight(), event(300).weight())
        .hasSize(201);
    assertThat(left.link.isDelivered()).as("it is released a little later").isFalse();
    pass(Duration.ofMillis(200));
    assertThat(left.link.isDelivered()).isTrue();
    assertThat(left.count(LinkCount.FRAMES_RESENT)).isZero();
  }

  @Test
  void nothingLeavesOnceTheEpochIsOver() {
    left.turn(
        () -> {
          publish(event(10));
          left.link.stop();
        });
    long sent = left.count(LinkCount.FRAMES_SENT);
    pass(Duration.ofSeconds(1));
    assertThat(left.count(LinkCount.FRAMES_SENT)).isEqualTo(sent);
    assertThat(right.deliveries).isEmpty();
  }

  @Test
  void laneIsNotWokenByEveryAcknowledgement() {
    pass(Duration.ofMillis(200));
    int before = left.laneTurns;
    for (int i = 0; i < 20; i++) {
      publish(event(10));
      pass(Duration.ofMillis(3)); // long enough for an acknowledgement of its own
    }
    pass(Duration.ofMillis(200));
    assertThat(right.deliveries).hasSize(20);
    assertThat(left.laneTurns - before).as("one to send each, and a few to tidy").isLessThan(25);
  }

  @Test
  void registryIsToldAsSoonAsThereIsRoom() {
    right.deaf = true;
    long told = 0;
    while (left.link.tell(new Notice.Seen(told))) {
      told++;
    }
    assertThat(left.link.octetsKept()).isBetween(1L << 20, (1L << 20) + 16);
    pass(Duration.ofMillis(300));
    assertThat(left.heard).doesNotContain("room");
    right.deaf = false;
    pass(Duration.ofSeconds(2));
    assertThat(left.heard).containsOnlyOnce("room");
    assertThat(right.controls).hasSize((int) told);
    for (int i = 0; i < told; i++) {
      if (!right.controls.get(i).equals(new Notice.Seen(i))) {
        throw new AssertionError("item " + i + " is " + right.controls.get(i));
      }
    }
  }
}
