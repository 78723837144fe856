package io.tandem.cluster.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.cluster.delivery.Delivery;
import io.tandem.cluster.delivery.LaneAddress;
import io.tandem.cluster.delivery.Offered;
import io.tandem.protocol.message.CancelMode;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a link takes, and what becomes of the rest. */
class LinkRoomTest extends TwoLinks {

  @Test
  void eventsAreHeldOnceThenShedUntilHalfTheWindowIsFree() {
    int taken = 0;
    while (left.link.offer(0, LaneAddress.ANY, event(8_000)).isTaken()) {
      taken++;
    }
    assertThat(taken).isEqualTo(8);
    assertThat(left.heard).containsExactly("opened 7", "hold");
    pass(Duration.ofMillis(200));
    assertThat(left.heard).containsExactly("opened 7", "hold", "resume");
    right.refunds.subList(0, 3).forEach(Refund::give);
    pass(Duration.ofMillis(600));
    assertThat(left.link.offer(0, LaneAddress.ANY, event(10)).isTaken())
        .as("below the mark")
        .isFalse();
    right.refunds.subList(3, 8).forEach(Refund::give);
    pass(Duration.ofMillis(600));
    assertThat(left.link.offer(0, LaneAddress.ANY, event(10)).isTaken()).isTrue();
    assertThat(left.link.counts().get(LinkCount.EVENT_SHED)).isEqualTo(2);
  }

  @Test
  void publishersAreLetGoWhenTheEpochEnds() {
    while (left.link.offer(0, LaneAddress.ANY, event(8_000)).isTaken()) {
      // uses up the credit
    }
    left.link.stop();
    assertThat(left.heard).containsExactly("opened 7", "hold", "resume", "closed STOPPED");
  }

  @Test
  void entryTakesCreditUntilItIsConsumed() {
    left.link.offer(0, LaneAddress.ANY, event(1_000));
    assertThat(left.link.creditLeft())
        .isEqualTo(WINDOW - itemLength(LaneAddress.ANY, event(1_000)) - 64);
    pass(Duration.ofSeconds(1));
    assertThat(left.link.creditLeft()).isLessThan(WINDOW);
    right.refunds.forEach(Refund::give);
    pass(Duration.ofSeconds(1));
    assertThat(left.link.creditLeft()).isEqualTo(WINDOW);
  }

  @Test
  void largestDeliveryIsTakenAndNoneThatIsLarger() {
    assertThat(left.link.offer(0, LaneAddress.ANY, eventOfItem((32 << 10) + 1)))
        .isEqualTo(Offered.TOO_LARGE);
    assertThat(left.link.offer(0, 1, invoke("r", 1, 32 << 10))).isEqualTo(Offered.TOO_LARGE);
    assertThat(left.count(LinkCount.TOO_LARGE)).isEqualTo(2);
    assertThat(left.link.callsUnderWay()).isZero();
    assertThat(left.link.creditLeft()).isEqualTo(WINDOW);

    assertThat(left.link.offer(0, LaneAddress.ANY, eventOfItem(32 << 10))).isEqualTo(Offered.TAKEN);
  }

  @Test
  void partOfACallWithoutCreditIsTurnedAwayAndTheCallMayBeCanceled() {
    assertThat(invoke(1)).isTrue();
    Delivery part = new Delivery.Part("r", call(left, 1), false, Samples.payload(1_000));
    assertThat(left.link.offer(0, 1, part)).isEqualTo(Offered.TAKEN);
    Delivery large = new Delivery.Part("r", call(left, 1), false, Samples.payload(32 << 10));
    assertThat(left.link.offer(0, 1, large)).isEqualTo(Offered.TOO_LARGE);
    while (left.link.offer(0, LaneAddress.ANY, event(500)).isTaken()) {
      // uses up the credit
    }
    assertThat(left.link.offer(0, 1, part)).isEqualTo(Offered.NO_ROOM);
    assertThat(left.link.callsUnderWay()).isEqualTo(1);
    Delivery cancel = new Delivery.Cancel("r", call(left, 1), CancelMode.KILLNOWAIT, "e");
    assertThat(left.link.offer(0, 1, cancel)).isEqualTo(Offered.TAKEN);
    assertThat(left.link.offer(0, 1, part)).as("over").isEqualTo(Offered.CALL_OVER);
  }

  @Test
  void callWithoutCreditIsRefused() {
    while (left.link.offer(0, LaneAddress.ANY, event(500)).isTaken()) {
      // uses up the credit
    }
    assertThat(left.link.offer(0, 1, invoke("r", 1, 1_000))).isEqualTo(Offered.NO_ROOM);
    assertThat(left.count(LinkCount.CALL_NO_CREDIT)).isEqualTo(1);
    assertThat(left.link.callsUnderWay()).isZero();
  }

  @Test
  void callsAreCountedOnBothSides() {
    invoke(1);
    invoke(2);
    pass(Duration.ofMillis(20));
    assertThat(left.link.callsUnderWay()).isEqualTo(2);
    assertThat(right.link.callsUnderWay()).isEqualTo(2);
  }

  /** The right side has a call, and hardly any credit to answer it with. */
  private void callWithoutRoomOnTheWayBack(String realm) {
    left.link.offer(0, 1, invoke(realm, 1, 10));
    pass(Duration.ofMillis(20));
    while (right.link.offer(1, LaneAddress.ANY, event(500)).isTaken()) {
      // uses up the way back
    }
  }

  @Test
  void errorWithoutRoomBecomesAShortOne() {
    callWithoutRoomOnTheWayBack("r");
    Delivery failed =
        new Delivery.Failed("r", call(left, 1), Options.EMPTY, "app.error", Samples.payload(4_000));
    assertThat(right.link.offer(1, 0, failed).isTaken()).isTrue();
    assertThat(right.count(LinkCount.RESULT_REPLACED)).isEqualTo(1);
    pass(Duration.ofMillis(100));
    assertThat(left.last())
        .isInstanceOfSatisfying(
            Delivery.Failed.class,
            error -> assertThat(error.error()).isEqualTo("wamp.error.network_failure"));
  }

  @Test
  void progressWithoutRoomEndsTheCall() {
    callWithoutRoomOnTheWayBack("r");
    Options progress = Options.of(Keys.PROGRESS, true);
    Delivery part = new Delivery.Result("r", call(left, 1), progress, Samples.payload(4_000));
    assertThat(right.link.offer(1, 0, part).isTaken()).isTrue();
    assertThat(right.link.callsUnderWay()).isZero();
    assertThat(right.link.offer(1, 0, part)).isEqualTo(Offered.CALL_OVER);
    assertThat(right.count(LinkCount.CALL_OVER)).isEqualTo(1);
    pass(Duration.ofMillis(100));
    assertThat(left.last()).isInstanceOf(Delivery.Failed.class);
    assertThat(left.link.callsUnderWay()).isZero();
  }

  /** However long the name of the realm, so that even a short answer goes beyond its room. */
  @Test
  void whatAFinalAnswerTakesBeyondItsRoomIsOwed() {
    String realm = "r".repeat(2_000);
    callWithoutRoomOnTheWayBack(realm);
    long before = right.link.creditLeft();
    Delivery refused = new Delivery.Refused(realm, call(left, 1), 2, Delivery.Refusal.BUSY);
    assertThat(right.link.offer(1, 0, refused).isTaken()).isTrue();
    assertThat(right.link.creditLeft())
        .isEqualTo(before - (itemLength(0, refused) + 64 - 512))
        .isNegative();
    pass(Duration.ofMillis(100));
    assertThat(left.last()).isEqualTo(refused);
  }

  @Test
  void resultWithoutRoomBecomesAnErrorThatAlwaysFits() {
    invoke(1);
    pass(Duration.ofMillis(20));
    while (right.link.offer(1, LaneAddress.ANY, event(2_000)).isTaken()) {
      // uses up the way back
    }
    assertThat(answer(1, 4_000)).isTrue();
    pass(Duration.ofMillis(100));
    assertThat(left.last())
        .isInstanceOfSatisfying(
            Delivery.Failed.class,
            failed -> assertThat(failed.error()).isEqualTo("wamp.error.network_failure"));
    assertThat(left.link.callsUnderWay()).isZero();
  }

  @Test
  void resultLargerThanAnyDeliveryBecomesAnError() {
    invoke(1);
    pass(Duration.ofMillis(20));
    assertThat(answer(1, 33 << 10)).isTrue();
    pass(Duration.ofMillis(20));
    assertThat(left.last())
        .isInstanceOfSatisfying(
            Delivery.Failed.class,
            failed -> assertThat(failed.error()).isEqualTo("wamp.error.payload_size_exceeded"));
  }

  @Test
  void callsUnderWayAreCapped() {
    for (int number = 1; number <= 4; number++) {
      assertThat(invoke(number)).isTrue();
    }
    assertThat(invoke(5)).isFalse();
    assertThat(left.link.counts().get(LinkCount.CALL_TOO_MANY)).isEqualTo(1);
    pass(Duration.ofMillis(20));
    answer(3, 5);
    pass(Duration.ofMillis(20));
    assertThat(invoke(5)).isTrue();
  }

  @Test
  void answerToACanceledCallIsDroppedAndReturnsItsCredit() {
    invoke(1);
    pass(Duration.ofMillis(20));
    Delivery cancel =
        new Delivery.Cancel("r", call(left, 1), CancelMode.KILLNOWAIT, "wamp.error.canceled");
    assertThat(left.link.offer(0, 1, cancel).isTaken()).isTrue();
    assertThat(answer(1, 9_000)).as("crosses the cancel").isTrue();
    right.refunds.forEach(Refund::give);
    pass(Duration.ofSeconds(1));
    assertThat(left.deliveries).isEmpty();
    assertThat(left.link.counts().get(LinkCount.CALL_OVER)).isEqualTo(1);
    assertThat(right.link.creditLeft()).isEqualTo(WINDOW);
    assertThat(answer(1, 9)).as("a second answer").isFalse();
  }
}
