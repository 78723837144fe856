package io.tandem.cluster.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.cluster.delivery.LaneAddress;
import io.tandem.cluster.delivery.Offered;
import io.tandem.registry.NodeId;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How two links look for each other, watch each other, and acknowledge. */
class LinkWatchTest extends TwoLinks {

  private static final Duration LONG = Duration.ofSeconds(60);

  /** Frames that left for the first time while time passed. */
  private long sentWithin(Side from, Duration duration) {
    long before = from.count(LinkCount.FRAMES_SENT);
    pass(duration);
    return from.count(LinkCount.FRAMES_SENT) - before;
  }

  private static LinkSettings patient() {
    return new LinkSettings(2, 7, WINDOW, 32 << 10, 1 << 20, 4, LONG, Duration.ofMillis(100));
  }

  // ---- opening ----

  @Test
  void linkAsksFiveTimesASecondToBeOpened() {
    right.deaf = true;
    left.deaf = true;
    pass(Duration.ofSeconds(4));
    assertThat(left.link.isOpen()).isFalse();
    assertThat(sentWithin(left, Duration.ofSeconds(2))).isEqualTo(10);
  }

  @Test
  void linkThatDoesNotOpenTriesAnotherConnectionEveryTwoSeconds() {
    right.deaf = true;
    pass(Duration.ofSeconds(4)); // unreachable after three
    int before = left.renewals;
    pass(Duration.ofSeconds(6));
    assertThat(left.renewals).isEqualTo(before + 3);

    right.deaf = false;
    pass(Duration.ofSeconds(1));
    before = left.renewals;
    pass(Duration.ofSeconds(6));
    assertThat(left.renewals).isEqualTo(before);
  }

  @Test
  void linkThatIsNotOpenTakesNothingAndHoldsNothing() {
    left.link.offer(0, LaneAddress.ANY, event(10));
    invoke(1);
    right.deaf = true;
    assertThat(left.link.octetsKept()).isPositive();
    assertThat(left.link.creditLeft()).isPositive();
    assertThat(left.link.isDelivered()).isFalse();
    pass(Duration.ofSeconds(4));
    long down = left.count(LinkCount.DOWN);
    assertThat(left.link.offer(0, LaneAddress.ANY, event(10))).isEqualTo(Offered.UNREACHABLE);
    assertThat(left.count(LinkCount.DOWN)).isEqualTo(down + 1);
    assertThat(left.link.tell(new Notice.Seen(1))).isFalse();
    assertThat(left.link.octetsKept()).isZero();
    assertThat(left.link.creditLeft()).isZero();
    assertThat(left.link.callsUnderWay()).isZero();
    assertThat(left.link.isDelivered()).isTrue();
  }

  @Test
  void linkDoesNotOpenAgainBeforeTheNodeHasClearedUp() {
    right.clearsLater = true;
    breakEpoch();
    pass(Duration.ofSeconds(1));
    right.link.received(openFrameOfLeft());
    assertThat(left.arriving).isEmpty();
    assertThat(right.heard).containsExactly("opened 7", "closed DEFECT");
    right.clear();
    pass(Duration.ofMillis(50));
    assertThat(left.heard).containsExactly("opened 7", "closed REOPENED", "opened 7");
    assertThat(right.link.isOpen()).isTrue();
  }

  @Test
  void nodeThatHasClearedUpAfterOneEpochHasNotAfterTheNext() {
    right.clearsLater = true;
    breakEpoch();
    Runnable cleared = right.toClear.get(0);
    right.clear();
    pass(Duration.ofMillis(50));
    cleared.run();
    assertThat(right.link.isOpen()).as("said again").isTrue();
    breakEpoch();
    cleared.run();
    pass(Duration.ofSeconds(1));
    assertThat(right.link.isOpen()).isFalse();
    right.clear();
    pass(Duration.ofMillis(50));
    assertThat(right.link.isOpen()).isTrue();
  }

  @Test
  void openFrameOfAnEarlierEpochChangesNothing() {
    byte[] early = openFrameOfLeft();
    right.deaf = true;
    pass(Duration.ofSeconds(4));
    right.deaf = false;
    pass(Duration.ofSeconds(1));
    right.heard.clear();
    long before = right.count(LinkCount.OTHER_EPOCH);
    right.link.received(early);
    assertThat(right.count(LinkCount.OTHER_EPOCH)).isEqualTo(before + 1);
    assertThat(right.heard).isEmpty();
    assertThat(right.link.isOpen()).isTrue();
  }

  private byte[] openFrameOfLeft() {
    return Frame.open(new Frame.Open(left.link.ends(), 2, 7, WINDOW, false));
  }

  @Test
  void openFrameIsAnsweredUntilTheNodeIsOpen() {
    right.link.received(openFrameOfLeft());
    assertThat(left.arriving).hasSize(1);
    assertThat(read(left.arriving.remove()))
        .isInstanceOfSatisfying(Frame.Open.class, open -> assertThat(open.open()).isTrue());

    right.link.received(Frame.open(new Frame.Open(left.link.ends(), 2, 7, WINDOW, true)));
    assertThat(left.arriving).as("both are open").isEmpty();
    assertThat(right.link.isOpen()).isTrue();
  }

  @Test
  void frameOfAStrangerIsDropped() {
    Frame.Ends ends = new Frame.Ends(2, right.id.incarnation(), 1, 1);
    right.link.received(Frame.open(new Frame.Open(ends, 2, 7, WINDOW, false)));
    assertThat(right.count(LinkCount.OTHER_INCARNATION)).isEqualTo(1);
    assertThat(left.arriving).isEmpty();
  }

  @Test
  void farewellIsHeardWhateverTheEpoch() {
    right.link.received(Frames.farewell(left.id, right.id.incarnation(), new long[] {1, 5}));
    assertThat(right.heard).containsExactly("opened 7", "gone, of [1, 5]");
    right.link.received(Frames.farewell(left.id, 8, new long[] {1, 5}));
    assertThat(right.heard).hasSize(2);
  }

  // ---- watching ----

  @Test
  void linkAtRestIsPingedTwiceASecondAndWakesNoLane() {
    pass(Duration.ofSeconds(1));
    int turns = left.laneTurns;
    assertThat(sentWithin(left, Duration.ofSeconds(2))).as("pings and pongs").isEqualTo(8);
    assertThat(left.laneTurns).isEqualTo(turns);
  }

  @Test
  void whatIsNotAcknowledgedIsAskedForTenTimesASecond() {
    right.deaf = true;
    left.link.offer(0, LaneAddress.ANY, event(10));
    // And the node's own way as always.
    assertThat(sentWithin(left, Duration.ofSeconds(1))).isBetween(10L, 17L);
  }

  @Test
  void pingTellsWhatWasSentAndAnAnswerDoesNot() {
    left.link.offer(0, LaneAddress.ANY, event(10));
    right.arriving.clear();
    pass(Duration.ofMillis(1));
    time.runUntil(time.now() + Duration.ofMillis(200).toNanos(), () -> {});
    Frame.State ping = (Frame.State) read(right.arriving.getLast());
    assertThat(ping.ping()).isNotZero();
    assertThat(ping.sent()).containsExactly(0, 1, 0);
    assertThat(ping.pong()).isZero();

    right.link.received(right.arriving.getLast());
    Frame.State pong = (Frame.State) read(left.arriving.getLast());
    assertThat(pong.ping()).isZero();
    assertThat(pong.sent()).isEmpty();
    assertThat(pong.pong()).isEqualTo(ping.ping());
    assertThat(pong.echo()).containsExactly(0, 1, 0);
  }

  @Test
  void nodeThatWasFrozenGivesItsNodeTimeToAnswer() {
    reconnect(SETTINGS, patient());
    left.heard.clear();
    left.freeze();
    pass(Duration.ofSeconds(10));
    left.thaw();
    pass(Duration.ofSeconds(5));
    assertThat(left.heard).isEmpty();
    assertThat(left.link.isOpen()).isTrue();
  }

  @Test
  void nodeThatWasFrozenNoticesAPeerThatIsGone() {
    left.freeze();
    right.deaf = true;
    left.deaf = true;
    pass(Duration.ofSeconds(10));
    left.thaw();
    pass(Duration.ofMillis(2_800));
    assertThat(left.link.isOpen()).isTrue();
    pass(Duration.ofMillis(500));
    assertThat(left.heard).last().isEqualTo("closed UNREACHABLE");
  }

  @Test
  void nodeHasAnsweredWhatWasSentAndNothingLater() {
    assertThat(left.link.hasAnsweredSince(0)).as("the number of the epoch").isTrue();
    assertThat(left.link.hasAnsweredSince(1)).isFalse();
    pass(Duration.ofSeconds(2));
    assertThat(left.link.hasAnsweredSince(time.now() - Duration.ofSeconds(1).toNanos())).isTrue();
    assertThat(left.link.hasAnsweredSince(time.now())).isFalse();
    left.link.stop();
    assertThat(left.link.hasAnsweredSince(0)).as("in no epoch").isFalse();
  }

  @Test
  void nodeIsHeardForASecondAfterItHasAskedToOpen() {
    Side stranger = new Side(new NodeId("stranger", 5));
    stranger.connect(right, SETTINGS);
    assertThat(stranger.link.isHeard()).as("it never was").isFalse();

    right.deaf = true;
    pass(Duration.ofSeconds(5));
    assertThat(left.link.isOpen()).isFalse();
    assertThat(left.link.isHeard()).isTrue();
    left.deaf = true;
    pass(Duration.ofMillis(700));
    assertThat(left.link.isHeard()).isTrue();
    pass(Duration.ofMillis(400));
    assertThat(left.link.isHeard()).isFalse();
  }

  @Test
  void streamThatGetsOnIsNotStalledHoweverOftenItStops() {
    for (int round = 0; round < 3; round++) {
      right.losesData = true;
      left.link.offer(0, LaneAddress.ANY, event(10));
      pass(Duration.ofMillis(2_500));
      right.losesData = false;
      pass(Duration.ofMillis(300));
    }
    assertThat(right.deliveries).hasSize(3);
    assertThat(left.heard).containsExactly("opened 7");
  }

  // ---- acknowledging ----

  @Test
  void acknowledgementComesByItselfAfterTwoMilliseconds() {
    left.link.offer(0, LaneAddress.ANY, event(10));
    left.link.offer(0, LaneAddress.ANY, event(10));
    deliverAll(right);
    assertThat(left.arriving).isEmpty();
    time.runUntil(time.now() + Duration.ofMillis(2).toNanos(), () -> {});
    assertThat(left.arriving).hasSize(1);
    assertThat(((Frame.State) read(left.arriving.remove())).reception().acks())
        .containsExactly(0, 2, 0);
  }

  @Test
  void acknowledgementThatWentWithAnEventIsNotSaidAgain() {
    left.link.offer(0, LaneAddress.ANY, event(10));
    deliverAll(right);
    right.link.offer(1, LaneAddress.ANY, event(10));
    assertThat(left.arriving).hasSize(1);
    assertThat(((Frame.Data) read(left.arriving.remove())).reception().acks())
        .containsExactly(0, 1, 0);
    time.runUntil(time.now() + Duration.ofMillis(20).toNanos(), () -> {});
    assertThat(left.arriving).isEmpty();
  }

  @Test
  void muchIsAcknowledgedAtOnce() {
    roomy();
    right.arriving.clear();
    left.link.offer(0, LaneAddress.ANY, event(100_000));
    long before = right.count(LinkCount.FRAMES_SENT);
    deliverAll(right);
    assertThat(right.deliveries).hasSize(1);
    assertThat(right.count(LinkCount.FRAMES_SENT) - before).isEqualTo(1);
  }

  @Test
  void frameThatComesTwiceIsTakenOnce() {
    left.link.offer(0, LaneAddress.ANY, event(10));
    byte[] frame = right.arriving.getLast();
    right.link.received(frame);
    right.link.received(frame);
    assertThat(right.deliveries).hasSize(1);
    assertThat(right.count(LinkCount.DUPLICATE)).isEqualTo(1);
    assertThat(right.count(LinkCount.GAP)).isZero();
    assertThat(right.count(LinkCount.FRAMES_RECEIVED)).isPositive();
  }
}
