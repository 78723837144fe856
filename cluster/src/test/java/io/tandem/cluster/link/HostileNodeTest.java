package io.tandem.cluster.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.cluster.delivery.CallAddress;
import io.tandem.cluster.delivery.Delivery;
import io.tandem.cluster.delivery.LaneAddress;
import io.tandem.cluster.delivery.Publication;
import io.tandem.cluster.simulation.VirtualTime;
import io.tandem.protocol.message.CancelMode;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.wire.ByteSink;
import io.tandem.protocol.wire.FieldWriter;
import io.tandem.protocol.wire.MalformedException;
import io.tandem.registry.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Another node whose frames are well formed and mean what no node means. */
class HostileNodeTest {

  private static final long[] NONE = new long[0];

  private static final NodeId SELF = new NodeId("self", 1);
  private static final NodeId OTHER_NODE = new NodeId("peer", 9);
  private static final int LANES = 2;
  private static final long WINDOW = 64 << 10;
  private static final LinkSettings SETTINGS =
      new LinkSettings(
          LANES, 7, WINDOW, 32 << 10, 1 << 20, 4, Duration.ofSeconds(3), Duration.ofMillis(100));

  private static final CallAddress CALL = new CallAddress(new LaneAddress(OTHER_NODE, 0), 1);
  private static final CallAddress OUR_CALL = new CallAddress(new LaneAddress(SELF, 0), 1);

  private final VirtualTime time = new VirtualTime();
  private final List<byte[]> sent = new ArrayList<>();
  private final Heard heard = new Heard();
  private Link link;
  private Frame.Ends ends;
  private long sequence;

  /** What the link tells its node. */
  private static final class Heard extends QuietListener {
    final List<String> news = new ArrayList<>();
    final List<Delivery> deliveries = new ArrayList<>();

    /** What the node does with the first thing that comes. */
    Runnable reaction = () -> {};

    @Override
    public void opened(int features) {
      news.add("opened");
    }

    @Override
    public void closed(LinkClosed why, Runnable cleared) {
      news.add("closed " + why);
    }

    @Override
    public void received(int toLane, Delivery delivery, Refund refund) {
      deliveries.add(delivery);
      reaction.run();
    }

    @Override
    public void told(Notice item) {
      news.add("told");
      reaction.run();
    }
  }

  @BeforeEach
  void open() throws MalformedException {
    Loop loop = new Loop(Runnable::run, time);
    link =
        new Link(
            SELF,
            OTHER_NODE,
            SETTINGS,
            (to, stream, frame) -> sent.add(frame),
            loop,
            List.of(loop, loop),
            new LinkCounts(),
            heard);
    link.start();
    ends =
        new Frame.Ends(
            OTHER_NODE.incarnation(),
            SELF.incarnation(),
            5,
            Frame.read(sent.get(0)).ends().fromEpoch());
    link.received(Frame.open(new Frame.Open(ends, LANES, 7, WINDOW, true)));
    assertThat(heard.news).containsExactly("opened");
  }

  private void assertEpochEnded() {
    assertThat(heard.news).containsExactly("opened", "closed MALFORMED");
    assertThat(link.isOpen()).isFalse();
    assertThat(link.counts().get(LinkCount.MALFORMED)).isEqualTo(1);
  }

  // ---- lanes ----

  private static Delivery invoke() {
    return new Delivery.Invoke("r", CALL, 1, 2, Options.EMPTY, Samples.payload(3));
  }

  private static Delivery event() {
    Publication publication =
        new Publication(1, "t", 2, Options.EMPTY, Options.EMPTY, Samples.payload(3));
    return new Delivery.Event("r", publication);
  }

  /** All that is for one lane alone. */
  static Stream<Delivery> entriesForOneLane() {
    return Stream.of(
        invoke(),
        new Delivery.Result("r", OUR_CALL, Options.EMPTY, Samples.payload(3)),
        new Delivery.Failed("r", OUR_CALL, Options.EMPTY, "e", Samples.payload(3)),
        new Delivery.Refused("r", OUR_CALL, 2, Delivery.Refusal.BUSY),
        new Delivery.Cancel("r", CALL, CancelMode.KILL, "e"));
  }

  @ParameterizedTest
  @MethodSource("entriesForOneLane")
  void entryForALaneThatIsNoneEndsTheEpoch(Delivery delivery) {
    receive(1, whole(delivery(LANES, delivery)));
    assertEpochEnded();
    assertThat(heard.deliveries).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("entriesForOneLane")
  void entryThatIsForOneLaneAndNamesNoneEndsTheEpoch(Delivery delivery) {
    receive(1, whole(delivery(LaneAddress.ANY, delivery)));
    assertEpochEnded();
    assertThat(heard.deliveries).isEmpty();
  }

  @Test
  void eventForALaneThatIsNoneEndsTheEpoch() {
    receive(1, whole(delivery(LANES, event())));
    assertEpochEnded();
    assertThat(heard.deliveries).isEmpty();
  }

  @Test
  void lastLaneTakesACallAndAnyLaneAnEvent() {
    receive(1, whole(delivery(LANES - 1, invoke())));
    receive(1, whole(delivery(0, event())));
    receive(1, whole(delivery(LaneAddress.ANY, event())));
    assertThat(heard.deliveries).hasSize(3);
    assertThat(link.isOpen()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {LaneAddress.ANY, LANES, DeliveryCodec.MAX_LANES - 1})
  void callOfALaterReleaseForALaneThatIsNoneEndsTheEpoch(int lane) {
    byte[] item = delivery(lane, invoke());
    item[0] = DeliveryCodec.WANTS_ANSWER | 0x3F;
    receive(1, whole(item));
    assertEpochEnded();
    assertThat(link.callsUnderWay()).isZero();
  }

  @Test
  void laneBeyondWhatAnyNodeHasIsNoLane() {
    byte[] item = delivery(0, event());
    item[1] = (byte) (DeliveryCodec.MAX_LANES + 1);
    receive(1, whole(item));
    assertEpochEnded();
  }

  @Test
  void nodeWithMoreLanesThanAnyIsNotHeard() {
    Frame.Ends later = new Frame.Ends(ends.fromIncarnation(), ends.toIncarnation(), 6, 0);
    link.received(Frame.open(new Frame.Open(later, DeliveryCodec.MAX_LANES + 1, 7, WINDOW, false)));
    assertThat(link.counts().get(LinkCount.MALFORMED)).isEqualTo(1);
    assertThat(link.isOpen()).as("as if it had not come").isTrue();

    link.received(Frame.open(new Frame.Open(later, DeliveryCodec.MAX_LANES, 7, WINDOW, false)));
    assertThat(heard.news).last().isEqualTo("closed REOPENED");
  }

  // ---- streams ----

  @Test
  void streamBeyondTheNodesLanesEndsTheEpoch() {
    receive(LANES + 1, whole(delivery(0, event())));
    assertEpochEnded();
    assertThat(heard.deliveries).isEmpty();
  }

  @Test
  void eachOfTheNodesLanesHasItsStream() {
    for (int stream = 1; stream <= LANES; stream++) {
      sequence = 0;
      receive(stream, whole(delivery(0, event())));
    }
    assertThat(heard.deliveries).hasSize(LANES);
  }

  @Test
  void recordLargerThanTheWindowIsNotCollected() {
    byte[] part = new byte[(int) WINDOW / 4];
    for (int i = 0; i < 4; i++) {
      receive(1, item(OutStream.PART, part));
      assertThat(link.isOpen()).as("part %d", i).isTrue();
    }
    receive(1, item(OutStream.PART, new byte[1]));
    assertEpochEnded();
  }

  @Test
  void unknownTagEndsTheEpoch() {
    receive(1, item(0x55, delivery(0, event())));
    assertEpochEnded();
    assertThat(heard.deliveries).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {OutStream.WHOLE, OutStream.LAST_PART})
  void nothingIsTakenFromAFrameAfterTheEpochEnded(int tag) {
    heard.reaction = link::stop;
    receive(1, join(item(tag, delivery(0, event())), whole(delivery(0, event()))));
    assertThat(heard.deliveries).hasSize(1);
    assertThat(heard.news).containsExactly("opened", "closed STOPPED");
  }

  @Test
  void registryIsToldNothingAfterTheEpochEnded() {
    heard.reaction = link::stop;
    byte[] seen = whole(control(new Notice.Seen(1)));
    receive(0, join(seen, seen));
    assertThat(heard.news).containsExactly("opened", "told", "closed STOPPED");
  }

  // ---- what a later release says ----

  @Test
  void recordsOfALaterReleaseAreCountedAndSteppedOver() {
    receive(0, join(whole(new byte[] {0x7F, 1}), whole(control(new Notice.Seen(1)))));
    assertThat(heard.news).containsExactly("opened", "told");
    byte[] later = delivery(0, event());
    later[0] = 0x3F;
    sequence = 0;
    receive(1, join(whole(later), whole(delivery(0, event()))));
    assertThat(heard.deliveries).hasSize(1);
    assertThat(link.counts().get(LinkCount.UNKNOWN_ITEM)).isEqualTo(2);
    assertThat(granted()).as("nobody else gives it back").isEqualTo(WINDOW + later.length + 64);
  }

  @Test
  void frameOfAnotherEpochIsDropped() {
    Frame.Ends one = new Frame.Ends(9, 1, ends.fromEpoch() + 1, ends.toEpoch());
    Frame.Ends other = new Frame.Ends(9, 1, ends.fromEpoch(), ends.toEpoch() + 1);
    for (Frame.Ends theirs : List.of(one, other)) {
      byte[] item = whole(delivery(0, event()));
      Frame.Reception reception = new Frame.Reception(WINDOW, new long[LANES + 1]);
      link.received(Frame.data(theirs, reception, 1, 1, NONE, item, item.length));
    }
    assertThat(heard.deliveries).isEmpty();
    assertThat(link.counts().get(LinkCount.OTHER_EPOCH)).isEqualTo(2);
    assertThat(link.isOpen()).isTrue();
  }

  // ---- acknowledgements ----

  @ParameterizedTest
  @ValueSource(ints = {0, LANES, LANES + 2})
  void acknowledgementsOfOtherStreamsThanOursEndTheEpoch(int count) {
    link.received(state(new long[count], 0, new long[0]));
    assertEpochEnded();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, Long.MAX_VALUE, -1, Long.MIN_VALUE})
  void acknowledgementOfWhatWasNotSentEndsTheEpoch(long ack) {
    link.received(state(new long[] {0, ack, 0}, 0, new long[0]));
    assertEpochEnded();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, LANES, LANES + 2})
  void pongThatEchoesOtherStreamsThanOursEndsTheEpoch(int count) {
    link.received(state(new long[LANES + 1], 1, new long[count]));
    assertEpochEnded();
  }

  @Test
  void acknowledgementsAndPongOfOurStreamsAreTaken() {
    link.received(state(new long[LANES + 1], 1, new long[LANES + 1]));
    assertThat(link.isOpen()).isTrue();
    assertThat(link.counts().get(LinkCount.MALFORMED)).isZero();
  }

  // ---- what the other node writes ----

  /** What this node grants now, as it says in answer to a ping. */
  private long granted() {
    Frame.Reception reception = new Frame.Reception(WINDOW, new long[LANES + 1]);
    link.received(
        Frame.state(new Frame.State(ends, reception, 1, new long[LANES + 1], 0, new long[0])));
    try {
      return ((Frame.State) Frame.read(sent.get(sent.size() - 1))).reception().granted();
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] join(byte[] one, byte[] other) {
    ByteSink sink = new ByteSink(one.length + other.length);
    sink.write(one, 0, one.length);
    sink.write(other, 0, other.length);
    return sink.toByteArray();
  }

  private byte[] state(long[] acks, long pong, long[] echo) {
    Frame.Reception reception = new Frame.Reception(WINDOW, acks);
    return Frame.state(new Frame.State(ends, reception, 0, new long[0], pong, echo));
  }

  /** The next frame of a stream arrives. */
  private void receive(int stream, byte[] items) {
    Frame.Reception reception = new Frame.Reception(WINDOW, new long[LANES + 1]);
    link.received(Frame.data(ends, reception, stream, ++sequence, NONE, items, items.length));
  }

  private static byte[] whole(byte[] item) {
    return item(OutStream.WHOLE, item);
  }

  private static byte[] item(int tag, byte[] content) {
    ByteSink sink = new ByteSink(content.length + 8);
    ByteSink inner = new ByteSink(content.length + 1);
    inner.write(content, 0, content.length);
    FieldWriter out = new FieldWriter(sink);
    out.number(tag);
    out.slice(inner);
    return sink.toByteArray();
  }

  @SuppressWarnings("ArgumentSelectionDefectChecker") // written by the other node, for this node
  private static byte[] control(Notice control) {
    ByteSink sink = new ByteSink(64);
    new ControlCodec(/* self= */ OTHER_NODE, /* other node= */ SELF).write(sink, control);
    return sink.toByteArray();
  }

  @SuppressWarnings("ArgumentSelectionDefectChecker") // written by the other node, for this node
  private static byte[] delivery(int toLane, Delivery delivery) {
    ByteSink sink = new ByteSink(64);
    new DeliveryCodec(/* self= */ OTHER_NODE, /* other node= */ SELF).write(sink, toLane, delivery);
    return sink.toByteArray();
  }
}
