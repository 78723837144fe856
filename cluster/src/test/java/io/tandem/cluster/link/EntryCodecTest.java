package io.tandem.cluster.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.cluster.entry.CallAddress;
import io.tandem.cluster.entry.Entry;
import io.tandem.cluster.entry.LaneAddress;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.wire.ByteSink;
import io.tandem.protocol.wire.FieldReader;
import io.tandem.protocol.wire.FieldWriter;
import io.tandem.protocol.wire.MalformedException;
import io.tandem.protocol.wire.Payload;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class EntryCodecTest {

  private static final CallAddress CALL = new CallAddress(new LaneAddress(Samples.SELF, 0), 1);

  private final EntryCodec here = new EntryCodec(Samples.SELF, Samples.PEER);
  private final EntryCodec there = new EntryCodec(Samples.PEER, Samples.SELF);
  private final ControlCodec controlHere = new ControlCodec(Samples.SELF, Samples.PEER);
  private final ControlCodec controlThere = new ControlCodec(Samples.PEER, Samples.SELF);

  @Property
  void everyEntryArrivesAsItWasSent(@ForAll long seed) throws Exception {
    Entry entry = new Samples(seed).entry();
    byte[] record = record(entry);
    EntryCodec.Received received = there.read(record, 0, record.length);
    assertThat(received).isInstanceOf(EntryCodec.Received.ForLane.class);
    EntryCodec.Received.ForLane known = (EntryCodec.Received.ForLane) received;
    assertThat(known.toLane()).isEqualTo(3);
    assertThat(Samples.print(known.entry())).isEqualTo(Samples.print(entry));
  }

  @Property
  void everyControlRecordArrivesAsItWasSent(@ForAll long seed) throws Exception {
    ControlRecord control = new Samples(seed).control();
    byte[] record = record(control);
    assertThat(controlThere.read(record, 0, record.length)).isEqualTo(control);
  }

  @Test
  void everyKeyOfOptionsTravels() throws Exception {
    Options options = new Samples(1).everyOption();
    assertThat(options.size()).isGreaterThan(45);
    CallAddress call = new CallAddress(new LaneAddress(Samples.SELF, 0), 1);
    byte[] record = record(new Entry.Result("r", call, options, Payload.EMPTY));
    Entry.Result result = (Entry.Result) there.readEntry(record, 0, record.length);
    assertThat(result).isNotNull();
    assertThat(result.details()).isEqualTo(options);
  }

  @Property
  void fieldsThatALaterReleaseAppendsAreSteppedOver(@ForAll long seed) throws Exception {
    Samples samples = new Samples(seed);
    Entry entry = samples.entry();
    ControlRecord control = samples.control();
    byte[] longer = append(record(entry), 7);
    byte[] longerControl = append(record(control), 7);
    EntryCodec.Received.ForLane received =
        (EntryCodec.Received.ForLane) there.read(longer, 0, longer.length);
    assertThat(Samples.print(received.entry())).isEqualTo(Samples.print(entry));
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
    Entry invoke = new Entry.Invoke("r", call, 1, 77, Options.EMPTY, Payload.EMPTY);
    byte[] record = record(invoke);
    record[0] = 0x7F;
    assertThat(there.read(record, 0, record.length))
        .isEqualTo(new EntryCodec.Received.UnknownCall(3, "r", call, 77));
    record[0] = 0x3F;
    assertThat(there.read(record, 0, record.length))
        .isEqualTo(new EntryCodec.Received.Unknown(0x3F));
  }

  @Test
  void kindsBesideThoseKnownAreOfALaterRelease() throws Exception {
    byte[] record = record(new Entry.Refused("r", CALL, 1, Entry.Refusal.GONE));
    for (int kind : new int[] {0, EntryCodec.CANCEL + 1}) {
      record[0] = (byte) kind;
      assertThat(there.read(record, 0, record.length))
          .isEqualTo(new EntryCodec.Received.Unknown(kind));
    }
    record[0] = (byte) 0x80;
    assertThatThrownBy(() -> there.read(record, 0, record.length))
        .isInstanceOf(MalformedException.class);
  }

  @Test
  void entryIsForAnyLaneOrOneOfAsManyAsANodeCanHave() throws Exception {
    Entry event = new Samples(1).event();
    for (int lane : new int[] {LaneAddress.ANY, 0, EntryCodec.MAX_LANES - 1}) {
      byte[] record = record(lane, event);
      assertThat(((EntryCodec.Received.ForLane) there.read(record, 0, record.length)).toLane())
          .isEqualTo(lane);
    }
    byte[] beyond = record(EntryCodec.MAX_LANES, event);
    assertThatThrownBy(() -> there.read(beyond, 0, beyond.length)).hasMessageContaining("a lane");
  }

  @Test
  void callerSitsOnOneOfAsManyLanesAsANodeCanHave() throws Exception {
    byte[] last = record(answer(EntryCodec.MAX_LANES - 1));
    assertThat(there.readEntry(last, 0, last.length)).isEqualTo(answer(EntryCodec.MAX_LANES - 1));
    byte[] beyond = record(answer(EntryCodec.MAX_LANES));
    assertThatThrownBy(() -> there.read(beyond, 0, beyond.length)).hasMessageContaining("a lane");
  }

  private static Entry answer(int lane) {
    CallAddress call = new CallAddress(new LaneAddress(Samples.SELF, lane), 1);
    return new Entry.Refused("r", call, 1, Entry.Refusal.GONE);
  }

  @Test
  void controlRecordOfALaterReleaseIsSteppedOverButNoChangeIs() throws Exception {
    byte[] later = {0x7F, 1, 2};
    assertThat(controlThere.read(later, 0, later.length)).isNull();
    byte[] change = record(new ControlRecord.SnapshotEntry(new Samples(1).change()));
    change[1] = 5;
    assertThatThrownBy(() -> controlThere.read(change, 0, change.length))
        .hasMessage("unknown change 5");
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
    Entry invoke = new Entry.Invoke("realm1", call, 5, 77, Options.EMPTY, Samples.payload(2));
    assertThat(HexFormat.of().formatHex(record(invoke)))
        .isEqualTo("41" + "04" + "067265616c6d31" + "0002ac02" + "4d" + "05" + "00" + "0201020000");
  }

  @Property
  void damagedRecordsGiveAnEntryOrOneException(@ForAll long seed) {
    Random random = new Random(seed);
    byte[] record = random.nextBoolean() ? record(new Samples(seed).entry()) : noise(random);
    byte[] control = random.nextBoolean() ? record(new Samples(seed).control()) : noise(random);
    for (int i = 0; i < 20; i++) {
      damage(random, record);
      damage(random, control);
      int length = random.nextInt(record.length + 1);
      assertThat(isReadOrRefused(() -> there.read(record, 0, length))).isTrue();
      assertThat(isReadOrRefused(() -> controlThere.read(control, 0, control.length))).isTrue();
    }
  }

  @Test
  void claimedLengthsCostNoMemory() {
    byte[] record = HexFormat.of().parseHex("0100" + "ffffffff07");
    assertThatThrownBy(() -> there.read(record, 0, record.length))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("out of range");
    byte[] count = HexFormat.of().parseHex("ffffffff06");
    assertThatThrownBy(() -> new FieldReader(count, 0, count.length).numbers())
        .isInstanceOf(MalformedException.class);
  }

  /** Something that reads a record. */
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

  private static void damage(Random random, byte[] record) {
    record[random.nextInt(record.length)] = (byte) random.nextInt();
  }

  private static byte[] noise(Random random) {
    byte[] noise = new byte[1 + random.nextInt(100)];
    random.nextBytes(noise);
    return noise;
  }

  private byte[] record(Entry entry) {
    return record(3, entry);
  }

  private byte[] record(int lane, Entry entry) {
    ByteSink sink = new ByteSink();
    here.write(sink, lane, entry);
    return sink.toByteArray();
  }

  private byte[] record(ControlRecord control) {
    ByteSink sink = new ByteSink();
    controlHere.write(sink, control);
    return sink.toByteArray();
  }

  private static byte[] append(byte[] record, int octets) {
    return Arrays.copyOf(record, record.length + octets);
  }
}
