package io.tandem.cluster.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.protocol.wire.ByteSink;
import io.tandem.protocol.wire.FieldWriter;
import io.tandem.registry.NodeId;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames as the wire carries them, and what can be told of one without a link. */
class FrameTest {

  private static final NodeId SELF = new NodeId("self", 1_000);
  private static final NodeId OTHER_NODE = new NodeId("peer", 2_000);
  private static final Frame.Ends ENDS = new Frame.Ends(2_000, 1_000, 3, 4);
  private static final Frame.Reception RECEPTION =
      new Frame.Reception(1L << 40, new long[] {5, 6, 7});

  private static byte[] open() {
    return Frame.open(new Frame.Open(ENDS, 64, 65_535, 1 << 20, true));
  }

  private static byte[] data() {
    return Frame.data(ENDS, RECEPTION, 2, 300, new long[] {4, 5}, new byte[] {1, 2, 3, 99}, 3);
  }

  private static byte[] state() {
    return Frame.state(new Frame.State(ENDS, RECEPTION, 8, new long[] {9}, 10, new long[] {11}));
  }

  @Test
  void everyFrameIsReadAsItWasWritten() throws Exception {
    assertThat(Frame.read(open())).isEqualTo(new Frame.Open(ENDS, 64, 65_535, 1 << 20, true));

    Frame.Data data = (Frame.Data) Frame.read(data());
    assertThat(data.ends()).isEqualTo(ENDS);
    assertThat(data.reception().granted()).isEqualTo(1L << 40);
    assertThat(data.reception().acks()).containsExactly(5, 6, 7);
    assertThat(data.stream()).isEqualTo(2);
    assertThat(data.sequence()).isEqualTo(300);
    assertThat(data.items().remaining()).isEqualTo(3);
    assertThat(data.items().octet()).isEqualTo(1);

    Frame.State state = (Frame.State) Frame.read(state());
    assertThat(state.ends()).isEqualTo(ENDS);
    assertThat(state.reception().acks()).containsExactly(5, 6, 7);
    assertThat(state.ping()).isEqualTo(8);
    assertThat(state.sent()).containsExactly(9);
    assertThat(state.pong()).isEqualTo(10);
    assertThat(state.echo()).containsExactly(11);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 200, 70_000})
  void recordsAreTheRestOfTheFrame(int octets) throws Exception {
    Frame.Reception ofManyLanes =
        new Frame.Reception(1L << 60, new long[DeliveryCodec.MAX_LANES * 2]);
    for (Frame.Reception reception : new Frame.Reception[] {RECEPTION, ofManyLanes}) {
      byte[] frame = Frame.data(ENDS, reception, 1, 1, new long[0], new byte[octets], octets);
      assertThat(((Frame.Data) Frame.read(frame)).items().remaining()).isEqualTo(octets);
    }
  }

  @Test
  void senderIsKnownWithoutReadingTheRest() {
    for (byte[] frame : new byte[][] {open(), data(), state()}) {
      assertThat(Frames.sender(frame)).isEqualTo(2_000);
    }
    assertThat(Frames.sender(new byte[0])).isZero();
    byte[] ofAnotherVersion = open();
    ofAnotherVersion[0] = Frame.VERSION + 1;
    assertThat(Frames.sender(ofAnotherVersion)).isZero();
  }

  @Test
  void anotherVersionAndAnotherKindAreRefused() {
    byte[] version = open();
    version[0] = Frame.VERSION + 1;
    assertThatThrownBy(() -> Frame.read(version)).hasMessageContaining("another version");
    byte[] kind = open();
    kind[2] = 5;
    assertThatThrownBy(() -> Frame.read(kind)).hasMessage("unknown kind of frame");
  }

  @Test
  void farewellIsForOneLifeAndNamesWhoIsLeft() {
    byte[] farewell = Frames.farewell(OTHER_NODE, SELF.incarnation(), new long[] {7, 8});
    assertThat(Frames.sender(farewell)).isEqualTo(OTHER_NODE.incarnation());
    assertThat(Frames.farewelled(SELF, farewell)).containsExactly(7, 8);
    assertThat(Frames.farewelled(new NodeId("self", 1_001), farewell)).isNull();
    assertThat(Frames.farewelled(SELF, open())).isNull();
    assertThat(Frames.farewelled(SELF, new byte[] {1, 2, 3})).isNull();
  }

  @Test
  void farewellOfAnEarlierReleaseNamesNobody() {
    ByteSink header = new ByteSink();
    FieldWriter out = new FieldWriter(header);
    for (long field : new long[] {Frame.GONE, 2_000, 1_000, 0, 0}) {
      out.number(field);
    }
    ByteSink frame = new ByteSink();
    FieldWriter whole = new FieldWriter(frame);
    whole.number(Frame.VERSION);
    whole.slice(header);
    assertThat(Frames.farewelled(SELF, frame.toByteArray())).isEmpty();
  }

  @Test
  void settingsThatCannotWorkAreRefused() {
    assertThat(LinkSettings.of(1).lanes()).isEqualTo(1);
    assertThat(LinkSettings.of(64).windowOctets()).isEqualTo(8 << 20);
    assertThatThrownBy(() -> LinkSettings.of(0)).hasMessageContaining("1 to 64");
    assertThatThrownBy(() -> LinkSettings.of(65)).hasMessageContaining("1 to 64");
    assertThat(settings(64 << 10, 32 << 10).windowOctets()).isEqualTo(64 << 10);
    assertThatThrownBy(() -> settings((64 << 10) - 1, 32 << 10)).hasMessageContaining("twice");
  }

  private static LinkSettings settings(long window, int largest) {
    return new LinkSettings(1, 1, window, largest, 1, 1, Duration.ofSeconds(1), Duration.ZERO);
  }

  @Test
  void countsAreKeptApart() {
    LinkCounts counts = new LinkCounts();
    counts.add(LinkCount.GAP);
    counts.add(LinkCount.WIRE_LOST, 3);
    Map<LinkCount, Long> expected = Map.of(LinkCount.GAP, 1L, LinkCount.WIRE_LOST, 3L);
    for (LinkCount count : LinkCount.values()) {
      assertThat(counts.get(count)).isEqualTo(expected.getOrDefault(count, 0L));
    }
  }
}
