package io.tandem.cluster.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.cluster.delivery.CallAddress;
import io.tandem.cluster.delivery.Delivery;
import io.tandem.cluster.delivery.LaneAddress;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.protocol.wire.ByteSink;
import io.tandem.protocol.wire.FieldReader;
import io.tandem.protocol.wire.FieldWriter;
import io.tandem.protocol.wire.MalformedException;
import io.tandem.protocol.wire.Payload;
import io.tandem.registry.Callee;
import io.tandem.registry.InvocationPolicy;
import io.tandem.registry.RegistryChange;
import io.tandem.registry.Resource;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DeliveryCodecTest {

  private static final CallAddress CALL = new CallAddress(new LaneAddress(Samples.SELF, 0), 1);

  private final DeliveryCodec here = new DeliveryCodec(Samples.SELF, Samples.OTHER_NODE);
  private final DeliveryCodec there = new DeliveryCodec(Samples.OTHER_NODE, Samples.SELF);
  private final ControlCodec controlHere = new ControlCodec(Samples.SELF, Samples.OTHER_NODE);
  private final ControlCodec controlThere = new ControlCodec(Samples.OTHER_NODE, Samples.SELF);

  @Property
  void everyDeliveryArrivesAsItWasSent(@ForAll long seed) throws Exception {
    Delivery delivery = new Samples(seed).delivery();
    byte[] item = item(delivery);
    DeliveryCodec.Received received = there.read(item, 0, item.length);
    assertThat(received).isInstanceOf(DeliveryCodec.Received.ForLane.class);
    DeliveryCodec.Received.ForLane known = (DeliveryCodec.Received.ForLane) received;
    assertThat(known.toLane()).isEqualTo(3);
    assertThat(Samples.print(known.delivery())).isEqualTo(Samples.print(delivery));
  }

  @Property
  void everyControlRecordArrivesAsItWasSent(@ForAll long seed) throws Exception {
    Notice control = new Samples(seed).control();
    byte[] item = item(control);
    assertThat(controlThere.read(item, 0, item.length)).isEqualTo(control);
  }

  @Test
  void everyKeyOfOptionsTravels() throws Exception {
    Options options = new Samples(1).everyOption();
    assertThat(options.size()).isGreaterThan(45);
    CallAddress call = new CallAddress(new LaneAddress(Samples.SELF, 0), 1);
    byte[] item = item(new Delivery.Result("r", call, options, Payload.EMPTY));
    Delivery.Result result = (Delivery.Result) there.readDelivery(item, 0, item.length);
    assertThat(result).isNotNull();
    assertThat(result.details()).isEqualTo(options);
  }

  @Property
  void fieldsThatALaterReleaseAppendsAreSteppedOver(@ForAll long seed) throws Exception {
    Samples samples = new Samples(seed);
    Delivery delivery = samples.delivery();
    Notice control = samples.control();
    byte[] longer = append(item(delivery), 7);
    byte[] longerControl = append(item(control), 7);
    DeliveryCodec.Received.ForLane received =
        (DeliveryCodec.Received.ForLane) there.read(longer, 0, longer.length);
    assertThat(Samples.print(received.delivery())).isEqualTo(Samples.print(delivery));
    assertThat(controlThere.read(longerControl, 0, longerControl.length)).isEqualTo(control);
  }

  @Test
  void keyOfALaterReleaseIsSteppedOver() throws Exception {
    ByteSink sink = new ByteSink();
    FieldWriter out = new FieldWriter(sink);
    out.number(2);
    out.text("x_of_tomorrow");
    out.slice(new byte[] {1, 2, 3}, 0, 3);
    out.text("progress");
    out.slice(new byte[] {1}, 0, 1);
    Options read = new OptionsCodec().read(new FieldReader(sink.array(), 0, sink.length()));
    assertThat(read.toMap()).containsOnlyKeys("progress");
  }

  @Test
  void unknownKindIsIgnoredUnlessItWantsAnAnswer() throws Exception {
    CallAddress call = new CallAddress(new LaneAddress(Samples.SELF, 2), 9);
    Delivery invoke = new Delivery.Invoke("r", call, 1, 77, Options.EMPTY, Payload.EMPTY);
    byte[] item = item(invoke);
    item[0] = 0x7F;
    assertThat(there.read(item, 0, item.length))
        .isEqualTo(new DeliveryCodec.Received.UnknownCall(3, "r", call, 77));
    item[0] = 0x3F;
    assertThat(there.read(item, 0, item.length))
        .isEqualTo(new DeliveryCodec.Received.Unknown(0x3F));
  }

  @Test
  void kindsBesideThoseKnownAreOfALaterRelease() throws Exception {
    byte[] item = item(new Delivery.Refused("r", CALL, 1, Delivery.Refusal.GONE));
    for (int kind : new int[] {0, DeliveryCodec.KEPT_RECORDED + 1}) {
      item[0] = (byte) kind;
      assertThat(there.read(item, 0, item.length))
          .isEqualTo(new DeliveryCodec.Received.Unknown(kind));
    }
    item[0] = (byte) 0x80;
    assertThatThrownBy(() -> there.read(item, 0, item.length))
        .isInstanceOf(MalformedException.class);
  }

  @Test
  void entryIsForAnyLaneOrOneOfAsManyAsANodeCanHave() throws Exception {
    Delivery event = new Samples(1).event();
    for (int lane : new int[] {LaneAddress.ANY, 0, DeliveryCodec.MAX_LANES - 1}) {
      byte[] item = item(lane, event);
      assertThat(((DeliveryCodec.Received.ForLane) there.read(item, 0, item.length)).toLane())
          .isEqualTo(lane);
    }
    byte[] beyond = item(DeliveryCodec.MAX_LANES, event);
    assertThatThrownBy(() -> there.read(beyond, 0, beyond.length)).hasMessageContaining("a lane");
  }

  @Test
  void callerSitsOnOneOfAsManyLanesAsANodeCanHave() throws Exception {
    byte[] last = item(answer(DeliveryCodec.MAX_LANES - 1));
    assertThat(there.readDelivery(last, 0, last.length))
        .isEqualTo(answer(DeliveryCodec.MAX_LANES - 1));
    byte[] beyond = item(answer(DeliveryCodec.MAX_LANES));
    assertThatThrownBy(() -> there.read(beyond, 0, beyond.length)).hasMessageContaining("a lane");
  }

  private static Delivery answer(int lane) {
    CallAddress call = new CallAddress(new LaneAddress(Samples.SELF, lane), 1);
    return new Delivery.Refused("r", call, 1, Delivery.Refusal.GONE);
  }

  @Test
  void controlRecordOfALaterReleaseIsSteppedOverButNoChangeIs() throws Exception {
    byte[] later = {0x7F, 1, 2};
    assertThat(controlThere.read(later, 0, later.length)).isNull();
    byte[] change = item(new Notice.SnapshotEntry(new Samples(1).change()));
    change[1] = 5;
    assertThatThrownBy(() -> controlThere.read(change, 0, change.length))
        .hasMessage("unknown change 5");
  }

  /** A node that knows only what is specified steps over the last field. */
  @ParameterizedTest
  @EnumSource(names = {"LEAST_BUSY", "STICKY"})
  void extendedPolicyIsRoundRobinForAnEarlierRelease(InvocationPolicy policy) throws Exception {
    Callee callee = new Callee(Samples.SELF, 0, 7, 0, false, true);
    Resource resource = new Resource("r", MatchPolicy.EXACT, "a");
    RegistryChange change = new RegistryChange.CalleeAdded(resource, 5, policy, callee);
    byte[] item = item(new Notice.SnapshotEntry(change));
    RegistryChange specified =
        new RegistryChange.CalleeAdded(resource, 5, InvocationPolicy.ROUNDROBIN, callee);
    assertThat(controlThere.read(item, 0, item.length - 1))
        .isEqualTo(new Notice.SnapshotEntry(specified));
    item[item.length - 1] = 3;
    assertThat(controlThere.read(item, 0, item.length))
        .as("of a later release")
        .isEqualTo(new Notice.SnapshotEntry(specified));
  }

  @Test
  void optionThatIsNoDictionaryIsRefused() {
    ByteSink sink = new ByteSink();
    FieldWriter out = new FieldWriter(sink);
    out.number(1);
    out.text("roles");
    out.slice(new byte[] {1}, 0, 1);
    FieldReader in = new FieldReader(sink.array(), 0, sink.length());
    assertThatThrownBy(() -> new OptionsCodec().read(in)).hasMessage("an option is no dictionary");
  }

  /** The format is a promise between releases: when this fails, raise the version. */
  @Test
  void octetsOfARecordStayWhatTheyAre() {
    CallAddress call = new CallAddress(new LaneAddress(Samples.SELF, 2), 300);
    Delivery invoke = new Delivery.Invoke("realm1", call, 5, 77, Options.EMPTY, Samples.payload(2));
    assertThat(HexFormat.of().formatHex(item(invoke)))
        .isEqualTo("41" + "04" + "067265616c6d31" + "0002ac02" + "4d" + "05" + "00" + "0201020000");
  }

  @Test
  void octetsOfWhatConcernsConfigurationsStayWhatTheyAre() {
    assertThat(HexFormat.of().formatHex(item(new Notice.Configured("d1"))))
        .isEqualTo("09" + "026431");
    assertThat(HexFormat.of().formatHex(item(new Notice.Reload(300)))).isEqualTo("0a" + "ac02");
    ReloadResult refused = new ReloadResult(ReloadOutcome.REFUSED, "d1", List.of("a", "b"));
    assertThat(HexFormat.of().formatHex(item(new Notice.Reloaded(1, refused))))
        .isEqualTo("0b" + "01" + "03" + "026431" + "02" + "0161" + "0162");
  }

  @Test
  void octetsOfHowManySessionsANodeHasStayWhatTheyAre() {
    assertThat(HexFormat.of().formatHex(item(new Notice.Populated(300, true, false))))
        .isEqualTo("0c" + "ac02" + "01" + "00");
  }

  @Test
  void whatANodeSaysOfItsConfigurationHasAnEnd() {
    List<String> texts = Collections.nCopies(1_000, "x".repeat(100_000));
    ReloadResult result = new ReloadResult(ReloadOutcome.REFUSED, "d".repeat(1_000), texts);
    assertThat(result.texts()).hasSize(ReloadResult.MOST_TEXTS).endsWith("and 969 more");
    assertThat(result.texts())
        .allSatisfy(text -> assertThat(text.length()).isLessThanOrEqualTo(400));
    assertThat(result.digest()).hasSize(64);
  }

  @Property
  void damagedRecordsGiveAnDeliveryOrOneException(@ForAll long seed) {
    Random random = new Random(seed);
    byte[] item = random.nextBoolean() ? item(new Samples(seed).delivery()) : noise(random);
    byte[] control = random.nextBoolean() ? item(new Samples(seed).control()) : noise(random);
    for (int i = 0; i < 20; i++) {
      damage(random, item);
      damage(random, control);
      int length = random.nextInt(item.length + 1);
      assertThat(isReadOrRefused(() -> there.read(item, 0, length))).isTrue();
      assertThat(isReadOrRefused(() -> controlThere.read(control, 0, control.length))).isTrue();
    }
  }

  @Test
  void claimedLengthsCostNoMemory() {
    byte[] item = HexFormat.of().parseHex("0100" + "ffffffff07");
    assertThatThrownBy(() -> there.read(item, 0, item.length))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("out of range");
    byte[] count = HexFormat.of().parseHex("ffffffff06");
    assertThatThrownBy(() -> new FieldReader(count, 0, count.length).numbers())
        .isInstanceOf(MalformedException.class);
  }

  /** Something that reads an item. */
  private interface Read {
    void run() throws MalformedException;
  }

  private static boolean isReadOrRefused(Read read) {
    try {
      read.run();
      return true;
    } catch (MalformedException e) {
      return e.getMessage() != null;
    }
  }

  private static void damage(Random random, byte[] item) {
    item[random.nextInt(item.length)] = (byte) random.nextInt();
  }

  private static byte[] noise(Random random) {
    byte[] noise = new byte[1 + random.nextInt(100)];
    random.nextBytes(noise);
    return noise;
  }

  private byte[] item(Delivery delivery) {
    return item(3, delivery);
  }

  private byte[] item(int lane, Delivery delivery) {
    ByteSink sink = new ByteSink();
    here.write(sink, lane, delivery);
    return sink.toByteArray();
  }

  private byte[] item(Notice control) {
    ByteSink sink = new ByteSink();
    controlHere.write(sink, control);
    return sink.toByteArray();
  }

  private static byte[] append(byte[] item, int octets) {
    return Arrays.copyOf(item, item.length + octets);
  }
}
