package io.tandem.cluster.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.cluster.CallAddress;
import io.tandem.cluster.CancelMode;
import io.tandem.cluster.Entry;
import io.tandem.cluster.LaneAddress;
import io.tandem.cluster.Publication;
import io.tandem.cluster.Scheduler;
import io.tandem.cluster.simulation.VirtualTime;
import io.tandem.protocol.message.Options;
import io.tandem.registry.NodeId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two links face to face, on a wire that the test holds in its hand. */
class LinkTest {

  private static final long WINDOW = 64 << 10;
  private static final LinkSettings SETTINGS =
      new LinkSettings(
          2, 7, WINDOW, 32 << 10, 1 << 20, 4, Duration.ofSeconds(3), Duration.ofMillis(100));

  private final VirtualTime time = new VirtualTime();
  private final Side left = new Side(new NodeId("left", 1));
  private final Side right = new Side(new NodeId("right", 9));

  /** One node: its link, the frames on their way to it, and what its listener heard. */
  private final class Side implements LinkListener {
    final NodeId id;
    final Deque<byte[]> arriving = new ArrayDeque<>();
    final List<Entry> entries = new ArrayList<>();
    final List<Refund> refunds = new ArrayList<>();
    final List<String> heard = new ArrayList<>();
    final List<ControlRecord> controls = new ArrayList<>();
    boolean deaf;
    boolean failing;
    boolean losesData;
    Link link;

    /** What the loop does after this turn; null between turns, when it does everything at once. */
    private @Nullable Deque<Runnable> afterwards;

    Side(NodeId id) {
      this.id = id;
    }

    void connect(Side peer, LinkSettings settings) {
      Wire wire =
          new Wire() {
            @Override
            public void send(NodeId to, byte[] frame) {
              peer.arriving.add(frame);
            }

            @Override
            public void renew(NodeId to) {
              heard.add("renewed");
            }
          };
      Loop loop = new Loop(this::execute, scheduler());
      link =
          new Link(id, peer.id, settings, wire, loop, List.of(loop, loop), new LinkCounts(), this);
      link.start();
    }

    private void execute(Runnable task) {
      if (afterwards == null) {
        task.run();
      } else {
        afterwards.add(task);
      }
    }

    void turn(Runnable work) {
      Deque<Runnable> tasks = new ArrayDeque<>();
      afterwards = tasks;
      work.run();
      afterwards = null;
      tasks.forEach(Runnable::run);
    }

    Entry last() {
      return entries.get(entries.size() - 1);
    }

    @Override
    public void opened(int features) {
      heard.add("opened " + features);
    }

    @Override
    public void closed(LinkClosed why, Runnable settled) {
      heard.add("closed " + why);
      settled.run();
    }

    @Override
    public void received(int toLane, Entry entry, Refund refund) {
      if (failing) {
        throw new IllegalStateException("planted");
      }
      entries.add(entry);
      refunds.add(refund);
    }

    @Override
    public void told(ControlRecord record) {
      controls.add(record);
    }

    @Override
    public void roomToTell() {
      heard.add("room");
    }

    @Override
    public void gone(long[] members) {}

    @Override
    public void hold() {
      heard.add("hold");
    }

    @Override
    public void resume() {
      heard.add("resume");
    }
  }

  private Scheduler scheduler() {
    return new Scheduler() {
      @Override
      public long nanoTime() {
        return time.now();
      }

      @Override
      public Timer schedule(Duration delay, Runnable task) {
        return time.after(delay, task);
      }
    };
  }

  @BeforeEach
  void open() {
    left.connect(right, SETTINGS);
    right.connect(left, SETTINGS);
    pass(Duration.ofMillis(10));
    assertThat(left.heard).containsExactly("opened 7");
    assertThat(right.heard).containsExactly("opened 7");
  }

  /** Lets time pass and frames arrive. */
  private void pass(Duration duration) {
    long end = time.now() + duration.toNanos();
    while (time.now() < end) {
      exchange();
      time.runUntil(Math.min(end, time.now() + 1_000_000), () -> {});
    }
    exchange();
  }

  private void exchange() {
    while (!left.arriving.isEmpty() || !right.arriving.isEmpty()) {
      deliver(left);
      deliver(right);
    }
  }

  private static void deliver(Side to) {
    byte[] frame = to.arriving.poll();
    if (frame != null && !to.deaf && !(to.losesData && isData(frame))) {
      to.link.received(frame);
    }
  }

  private static boolean isData(byte[] frame) {
    try {
      return Frame.read(frame) instanceof Frame.Data;
    } catch (MalformedFrameException e) {
      throw new AssertionError(e);
    }
  }

  private static Entry event(int octets) {
    return new Entry.Event(
        "r", new Publication(1, "t", 2, Options.EMPTY, Options.EMPTY, Samples.payload(octets)));
  }

  private static CallAddress call(Side caller, long number) {
    return new CallAddress(new LaneAddress(caller.id, 0), number);
  }

  private boolean invoke(long number) {
    return left.link
        .offer(
            0,
            1,
            new Entry.Invoke("r", call(left, number), 1, 2, Options.EMPTY, Samples.payload(10)))
        .isTaken();
  }

  private boolean answer(long number, int octets) {
    return right
        .link
        .offer(
            1, 0, new Entry.Result("r", call(left, number), Options.EMPTY, Samples.payload(octets)))
        .isTaken();
  }

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
    assertThat(right.entries).hasSize(50);
  }

  @Test
  void linkThatDoesNotOpenTriesAnotherConnectionEveryTwoSeconds() {
    right.deaf = true;
    pass(Duration.ofSeconds(4)); // unreachable after three
    left.heard.clear();
    pass(Duration.ofSeconds(6));
    assertThat(left.heard).containsExactly("renewed", "renewed", "renewed");

    right.deaf = false;
    pass(Duration.ofSeconds(1));
    left.heard.clear();
    pass(Duration.ofSeconds(6));
    assertThat(left.heard).isEmpty();
  }

  @Test
  void lostFrameComesAgainOnceThePeerAnswersAPing() {
    left.link.offer(0, LaneAddress.ANY, event(10));
    right.arriving.clear();
    left.link.offer(0, LaneAddress.ANY, event(20));
    pass(Duration.ofMillis(300));
    assertThat(right.entries)
        .extracting(Entry::weight)
        .containsExactly(event(10).weight(), event(20).weight());
    assertThat(left.link.isDelivered()).isTrue();
    assertThat(right.link.counts().get(LinkCount.GAP)).isPositive();
  }

  @Test
  void peerThatAnswersManyPingsAtOnceIsSentWhatItLacksOnce() {
    left.link.offer(0, LaneAddress.ANY, event(10));
    right.arriving.clear();
    time.runUntil(time.now() + Duration.ofMillis(2_500).toNanos(), () -> {}); // nothing is read
    assertThat(right.arriving).hasSizeGreaterThan(10);
    pass(Duration.ofMillis(50));
    assertThat(right.entries).hasSize(1);
    assertThat(left.link.counts().get(LinkCount.FRAMES_RESENT)).isEqualTo(1);
    assertThat(left.heard).containsExactly("opened 7");
  }

  @Test
  void silentPeerIsNotSentTheSameAgainAndAgain() {
    right.deaf = true;
    left.link.offer(0, LaneAddress.ANY, event(10));
    pass(Duration.ofMillis(2_900));
    assertThat(left.link.counts().get(LinkCount.FRAMES_RESENT)).isZero();
  }

  @Test
  void silentPeerIsUnreachableAfterThreeSecondsAndComesBackInANewEpoch() {
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
    assertThat(right.entries).isEmpty();
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
            Entry.Failed.class,
            failed -> assertThat(failed.error()).isEqualTo("wamp.error.network_failure"));
    assertThat(left.link.callsUnderWay()).isZero();
  }

  @Test
  void resultLargerThanAnyEntryBecomesAnError() {
    invoke(1);
    pass(Duration.ofMillis(20));
    assertThat(answer(1, 33 << 10)).isTrue();
    pass(Duration.ofMillis(20));
    assertThat(left.last())
        .isInstanceOfSatisfying(
            Entry.Failed.class,
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
    Entry cancel =
        new Entry.Cancel("r", call(left, 1), CancelMode.KILLNOWAIT, "wamp.error.canceled");
    assertThat(left.link.offer(0, 1, cancel).isTaken()).isTrue();
    assertThat(answer(1, 9_000)).as("crosses the cancel").isTrue();
    right.refunds.forEach(Refund::give);
    pass(Duration.ofSeconds(1));
    assertThat(left.entries).isEmpty();
    assertThat(left.link.counts().get(LinkCount.CALL_OVER)).isEqualTo(1);
    assertThat(right.link.creditLeft()).isEqualTo(WINDOW);
    assertThat(answer(1, 9)).as("a second answer").isFalse();
  }

  @Test
  void largeEntryTravelsInPartsAndArrivesWhole() {
    left.link.offer(0, LaneAddress.ANY, event(30_000));
    assertThat(right.arriving).allSatisfy(frame -> assertThat(frame).hasSizeLessThan(33 << 10));
    pass(Duration.ofMillis(50));
    assertThat(right.last().weight()).isEqualTo(event(30_000).weight());
  }

  /** More credit than what may be on the wire. */
  private void roomy() {
    LinkSettings roomy =
        new LinkSettings(
            2, 7, 4 << 20, 1 << 20, 1 << 20, 4, Duration.ofSeconds(3), Duration.ofMillis(100));
    left.link.stop();
    right.link.stop();
    left.arriving.clear();
    right.arriving.clear();
    left.connect(right, roomy);
    right.connect(left, roomy);
    pass(Duration.ofMillis(500));
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
    assertThat(right.entries).hasSize(41);
    assertThat(left.link.counts().get(LinkCount.FRAMES_SENT) - before).isLessThan(inOwnFrames + 10);
  }

  @Test
  void moreThanTheWireMayHoldGoesOnWithEachAcknowledgement() {
    roomy();
    for (int i = 0; i < 4; i++) {
      assertThat(left.link.offer(0, LaneAddress.ANY, event(200_000)).isTaken()).isTrue();
    }
    pass(Duration.ofMillis(20));
    assertThat(right.entries).hasSize(4);
  }

  @Test
  void controlRecordsNeedNoCreditAndHaveABoundOfTheirOwn() {
    while (left.link.offer(0, LaneAddress.ANY, event(2_000)).isTaken()) {
      // uses up the credit
    }
    right.deaf = true;
    long told = 0;
    while (left.link.tell(new ControlRecord.Seen(told))) {
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

  @Test
  void callOfALaterReleaseIsRefused() {
    pass(Duration.ofMillis(5));
    invoke(1);
    byte[] frame = right.arriving.peekLast();
    for (int i = 0; i < frame.length - 3; i++) {
      if (frame[i] == EntryCodec.INVOKE && frame[i + 1] == 2 && frame[i + 3] == 'r') {
        frame[i] = 0x7F;
      }
    }
    pass(Duration.ofMillis(20));
    assertThat(right.entries).isEmpty();
    assertThat(left.last()).isEqualTo(new Entry.Refused("r", call(left, 1), 2, Entry.Refusal.BUSY));
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
