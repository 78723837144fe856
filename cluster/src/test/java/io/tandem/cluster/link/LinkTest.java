package io.tandem.cluster.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.cluster.delivery.Delivery;
import io.tandem.cluster.delivery.LaneAddress;
import io.tandem.cluster.delivery.Offered;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.wire.Payload;
import io.tandem.registry.Histogram;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a link does when frames are lost, come late, or make no sense. */
class LinkTest extends TwoLinks {

  @Test
  void lostFrameComesAgainOnceTheNodeAnswersAPing() {
    left.link.offer(0, LaneAddress.ANY, event(10));
    right.arriving.clear();
    left.link.offer(0, LaneAddress.ANY, event(20));
    pass(Duration.ofMillis(300));
    assertThat(right.deliveries)
        .extracting(Delivery::weight)
        .containsExactly(event(10).weight(), event(20).weight());
    assertThat(left.link.isDelivered()).isTrue();
    assertThat(right.link.counts().get(LinkCount.GAP)).isPositive();
  }

  @Test
  void batchesAndAnswersToPingsAreMeasured() {
    Histogram batches = left.link.counts().batches();
    double before = batches.read().sum();
    left.link.offer(0, LaneAddress.ANY, event(10));
    left.link.offer(0, LaneAddress.ANY, event(10));
    pass(Duration.ofMillis(10));
    assertThat(batches.read().sum() - before).isEqualTo(2);
    pass(Duration.ofSeconds(1));
    assertThat(Arrays.stream(left.link.counts().roundTrips().read().counts()).sum()).isPositive();
    assertThat(left.link.counts().get(LinkCount.OCTETS_SENT))
        .isGreaterThan(10 * left.link.counts().get(LinkCount.FRAMES_SENT));
  }

  @Test
  void nodeThatAnswersManyPingsAtOnceIsSentWhatItLacksOnce() {
    left.link.offer(0, LaneAddress.ANY, event(10));
    right.arriving.clear();
    time.runUntil(time.now() + Duration.ofMillis(2_500).toNanos(), () -> {}); // nothing is read
    assertThat(right.arriving).hasSizeGreaterThan(10);
    pass(Duration.ofMillis(50));
    assertThat(right.deliveries).hasSize(1);
    assertThat(left.link.counts().get(LinkCount.FRAMES_RESENT)).isEqualTo(1);
    assertThat(left.heard).containsExactly("opened 7");
  }

  @Test
  void silentNodeIsNotSentTheSameAgainAndAgain() {
    right.deaf = true;
    left.link.offer(0, LaneAddress.ANY, event(10));
    pass(Duration.ofMillis(2_900));
    assertThat(left.link.counts().get(LinkCount.FRAMES_RESENT)).isZero();
  }

  @Test
  void silentNodeIsUnreachableAfterThreeSecondsAndComesBackInANewEpoch() {
    right.deaf = true;
    left.deaf = true;
    pass(Duration.ofMillis(2_900));
    assertThat(left.heard).containsExactly("opened 7");
    pass(Duration.ofMillis(400));
    assertThat(left.heard).containsExactly("opened 7", "closed UNREACHABLE");
    assertThat(left.link.offer(0, LaneAddress.ANY, event(10)).isTaken()).isFalse();
    right.deaf = false;
    left.deaf = false;
    pass(Duration.ofMillis(500));
    assertThat(left.heard).last().isEqualTo("opened 7");
    assertThat(right.heard).last().isEqualTo("opened 7");
  }

  @Test
  void answerThatLayUnreadDuringAFreezeProvesNothing() {
    byte[] late = pongAfterPing();
    left.deaf = true;
    right.deaf = true;
    pass(Duration.ofMillis(2_800));
    left.link.received(late);
    pass(Duration.ofMillis(800));
    assertThat(left.heard).containsExactly("opened 7", "closed UNREACHABLE");
  }

  /** The answer to a ping, which does not arrive yet. */
  private byte[] pongAfterPing() {
    time.runUntil(time.now() + 600_000_000, () -> {});
    List.copyOf(right.arriving).forEach(right.link::received);
    right.arriving.clear();
    byte[] pong = left.arriving.getLast();
    left.arriving.clear();
    return pong;
  }

  @Test
  void openThatLayUnreadDuringAFreezeProvesNothing() {
    left.deaf = true;
    pass(Duration.ofSeconds(4)); // both have given the epoch up
    left.deaf = false;
    while (!left.link.isOpen() && left.arriving.isEmpty()) {
      deliver(right);
      time.runUntil(time.now() + 1_000_000, () -> {});
    }
    long thawed = time.now() + Duration.ofSeconds(10).toNanos();
    time.runUntil(thawed, () -> {});
    left.heard.clear();
    while (!left.link.isOpen()) {
      deliver(left);
      deliver(right);
    }
    assertThat(left.link.hasAnsweredSince(thawed)).isFalse();
    pass(Duration.ofSeconds(1));
    assertThat(left.link.hasAnsweredSince(thawed)).isTrue();
  }

  @Test
  void frameOfAnEarlierEpochIsDropped() {
    left.link.offer(0, LaneAddress.ANY, event(10));
    byte[] late = right.arriving.peekLast();
    right.arriving.clear();
    right.deaf = true;
    left.deaf = true;
    pass(Duration.ofMillis(3_500));
    right.deaf = false;
    left.deaf = false;
    pass(Duration.ofMillis(500));
    long before = right.link.counts().get(LinkCount.OTHER_EPOCH);
    right.link.received(late);
    assertThat(right.deliveries).isEmpty();
    assertThat(right.link.counts().get(LinkCount.OTHER_EPOCH)).isEqualTo(before + 1);
  }

  @Test
  void frameForAnotherIncarnationIsDropped() {
    Frame.Ends ends = new Frame.Ends(1, 8, 1, 1);
    right.link.received(Frame.open(new Frame.Open(ends, 2, 7, WINDOW, false)));
    assertThat(right.link.counts().get(LinkCount.OTHER_INCARNATION)).isEqualTo(1);
  }

  @Test
  void noiseChangesNothing() {
    right.link.received(new byte[] {1, 127, 3});
    right.link.received(new byte[0]);
    assertThat(right.link.counts().get(LinkCount.MALFORMED)).isEqualTo(2);
    assertThat(right.link.isOpen()).isTrue();
  }

  @Test
  void controlRecordsNeedNoCreditAndHaveABoundOfTheirOwn() {
    while (left.link.offer(0, LaneAddress.ANY, event(2_000)).isTaken()) {
      // uses up the credit
    }
    right.deaf = true;
    long told = 0;
    while (left.link.tell(new Notice.Seen(told))) {
      told++;
    }
    assertThat(told).isGreaterThan(100_000);
    right.deaf = false;
    pass(Duration.ofSeconds(2));
    assertThat(right.controls).hasSize((int) told);
    assertThat(left.heard).contains("room");
  }

  @Test
  void defectOfTheNodeEndsTheEpoch() {
    right.failing = true;
    left.link.offer(0, LaneAddress.ANY, event(10));
    byte[] frame = right.arriving.pollLast();
    assertThatThrownBy(() -> right.link.received(frame)).hasMessage("planted");
    assertThat(right.heard).last().isEqualTo("closed DEFECT");
    pass(Duration.ofMillis(500));
    assertThat(left.heard).containsExactly("opened 7", "closed REOPENED", "opened 7");
  }

  @Test
  void streamThatNeverGetsThroughEndsTheEpochThoughPingsAreAnswered() {
    right.losesData = true;
    left.link.offer(0, LaneAddress.ANY, event(10));
    pass(Duration.ofSeconds(5));
    assertThat(left.heard).containsExactly("opened 7", "closed STALLED", "opened 7");
    assertThat(right.heard).containsExactly("opened 7", "closed REOPENED", "opened 7");
  }

  /** A call on its way to the right side becomes one that only a later release knows. */
  private void callOfALaterRelease() {
    pass(Duration.ofMillis(5));
    invoke(1);
    byte[] frame = right.arriving.peekLast();
    for (int i = 0; i < frame.length - 3; i++) {
      if (frame[i] == DeliveryCodec.INVOKE && frame[i + 1] == 2 && frame[i + 3] == 'r') {
        frame[i] = 0x7F;
      }
    }
  }

  @Test
  void callOfALaterReleaseIsRefused() {
    callOfALaterRelease();
    pass(Duration.ofMillis(20));
    assertThat(right.deliveries).isEmpty();
    assertThat(right.count(LinkCount.UNKNOWN_ITEM)).isEqualTo(1);
    assertThat(left.last())
        .isEqualTo(new Delivery.Refused("r", call(left, 1), 2, Delivery.Refusal.BUSY));
    assertThat(left.link.callsUnderWay()).isZero();
  }

  @Test
  void callOfALaterReleaseIsRefusedByTheLaneThatItIsFor() {
    callOfALaterRelease();
    right.lanesSleep();
    deliverAll(right);
    assertThat(right.link.callsUnderWay()).isEqualTo(1);
    right.lanesWake();
    assertThat(right.link.callsUnderWay()).isZero();
  }

  @Test
  void nodeOfAnEarlierReleaseIsSentNothingThatItDoesNotKnow() {
    LinkSettings earlier =
        new LinkSettings(
            2, 0, WINDOW, 32 << 10, 1 << 20, 4, Duration.ofSeconds(3), Duration.ofMillis(100));
    reconnect(SETTINGS, earlier);
    assertThat(left.heard).last().isEqualTo("opened 0");
    assertThat(left.link.offer(0, LaneAddress.ANY, event(10))).isEqualTo(Offered.UNKNOWN_THERE);
    assertThat(invoke(1)).isFalse();
    assertThat(left.link.callsUnderWay()).as("nobody waits for an answer").isZero();
    assertThat(left.count(LinkCount.TOO_NEW)).isEqualTo(2);
    pass(Duration.ofMillis(500));
    assertThat(right.deliveries).isEmpty();
  }

  @Test
  void nodeThatKnowsNoCallsInPartsIsSentThoseInOnePieceOnly() {
    LinkSettings first =
        new LinkSettings(
            2, 1, WINDOW, 32 << 10, 1 << 20, 4, Duration.ofSeconds(3), Duration.ofMillis(100));
    reconnect(SETTINGS, first);
    Delivery inParts =
        new Delivery.Invoke(
            "r", call(left, 1), 1, 2, Options.of(Keys.PROGRESS, true), Payload.EMPTY);
    assertThat(left.link.offer(0, 1, inParts)).isEqualTo(Offered.UNKNOWN_THERE);
    assertThat(left.link.callsUnderWay()).isZero();
    assertThat(invoke(2)).isTrue();
  }

  @Test
  void stoppedLinkIsSilent() {
    left.link.stop();
    right.arriving.clear();
    pass(Duration.ofSeconds(1));
    assertThat(left.heard).last().isEqualTo("closed STOPPED");
    assertThat(left.link.counts().get(LinkCount.OTHER_INCARNATION)).isPositive();
    assertThat(left.link.isOpen()).isFalse();
  }
}
