package io.tandem.registry.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.registry.Callee;
import io.tandem.registry.InvocationPolicy;
import io.tandem.registry.NodeId;
import io.tandem.registry.RegistrationRecord;
import io.tandem.registry.Resource;
import io.tandem.registry.SubscriptionRecord;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** The octets of keys and values: what comes back, and what other releases find in them. */
class RecordFormatTest {

  private static final SubscriptionFormat SUBSCRIPTION = new SubscriptionFormat();
  private static final RegistrationFormat REGISTRATION = new RegistrationFormat();

  private static final NodeId ONE = new NodeId("one", 0x1111);
  private static final NodeId TWO = new NodeId("two", -2);
  private static final Callee FIRST = new Callee(ONE, 3, 4_711, 0, true, false);
  private static final Callee SECOND = new Callee(TWO, 0, 1L << 53, 1, false, true);
  private static final RegistrationRecord PAIR =
      new RegistrationRecord(77, Instant.EPOCH, InvocationPolicy.RANDOM, 2, List.of(FIRST, SECOND));

  @Property(tries = 300)
  void subscriptionComesBack(@ForAll("subscriptions") SubscriptionRecord record) {
    assertThat(SUBSCRIPTION.read(written(SUBSCRIPTION, record))).isEqualTo(record);
  }

  @Property(tries = 300)
  void registrationComesBack(@ForAll("registrations") RegistrationRecord record) {
    assertThat(REGISTRATION.read(written(REGISTRATION, record))).isEqualTo(record);
  }

  @Property(tries = 300)
  void resourceComesBack(@ForAll("resources") Resource resource) {
    assertThat(KeyFormat.RESOURCE.decode(KeyFormat.RESOURCE.encode(resource))).isEqualTo(resource);
  }

  @Property(tries = 300)
  void differentResourcesHaveDifferentOctets(
      @ForAll("resources") Resource a, @ForAll("resources") Resource b) {
    assertThat(Arrays.equals(KeyFormat.RESOURCE.encode(a), KeyFormat.RESOURCE.encode(b)))
        .isEqualTo(a.equals(b));
  }

  @Test
  void bordersBetweenRealmAndUriCount() {
    assertThat(KeyFormat.RESOURCE.encode(new Resource("ab", MatchPolicy.EXACT, "c")))
        .isNotEqualTo(KeyFormat.RESOURCE.encode(new Resource("a", MatchPolicy.EXACT, "bc")));
  }

  @Test
  void textThatUnicodeCannotHoldIsRefusedAndNotMixedUpWithOther() {
    assertThatThrownBy(
            () -> KeyFormat.RESOURCE.encode(new Resource("r", MatchPolicy.EXACT, "a\ud800")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** What releases agree on: when this fails, the format is another one and needs a new layout. */
  @Test
  void octetsStayAsTheyAre() {
    HexFormat hex = HexFormat.of();
    assertThat(
            hex.formatHex(KeyFormat.RESOURCE.encode(new Resource("r", MatchPolicy.PREFIX, "a.b"))))
        .isEqualTo("01" + "0172" + "03612e62");
    assertThat(hex.formatHex(octets(REGISTRATION, PAIR)))
        .isEqualTo(
            ("4d" + "0000000000000000" + "00" + "02" + "02" + "02")
                + ("11" + "036f6e65" + "0000000000001111" + "03" + "e724" + "00" + "01")
                + ("17" + "0374776f" + "fffffffffffffffe" + "00" + "8080808080808010" + "01" + "02")
                + "00");
    assertThat(
            hex.formatHex(
                StoredValue.born(1, new byte[] {9}).rewritten(2, new byte[] {8}).encode()))
        .isEqualTo("01" + "0000000000000001" + "01" + "01" + "0000000000000002" + "08");
  }

  @Test
  void fieldsOfALaterReleaseSurviveTheRewriteByThisOne() {
    byte[] later = laterRelease(PAIR, "tail", "first's", "second's");
    Callee third = new Callee(ONE, 1, 5, 0, false, false);
    RegistrationRecord known = REGISTRATION.read(new RecordInput(later));
    assertThat(known).isEqualTo(PAIR);

    RegistrationRecord wanted = known.with(third).without(FIRST);
    RecordOutput out = new RecordOutput();
    REGISTRATION.rewrite(wanted, new RecordInput(later), out);

    assertThat(REGISTRATION.read(new RecordInput(out.toByteArray()))).isEqualTo(wanted);
    assertThat(out.toByteArray()).isEqualTo(laterRelease(wanted, "tail", "second's", ""));
  }

  /** A node of an earlier release places calls by turns, and keeps what it does not know. */
  @Test
  void extensionsAreRoundRobinForAnEarlierRelease() {
    RegistrationRecord sticky = PAIR.by(InvocationPolicy.STICKY);
    byte[] octets = octets(REGISTRATION, sticky);
    assertThat(octets).endsWith(2);
    byte[] known = Arrays.copyOf(octets, octets.length - 1);
    assertThat(REGISTRATION.read(new RecordInput(known)))
        .isEqualTo(PAIR.by(InvocationPolicy.ROUNDROBIN));
    assertThat(octets(REGISTRATION, PAIR.by(InvocationPolicy.LEAST_BUSY))).endsWith(1);
  }

  @Test
  void extensionOfALaterReleaseIsRoundRobinAndSurvivesUntilTheRegistrationIsAnotherOne() {
    RegistrationRecord turns = PAIR.by(InvocationPolicy.ROUNDROBIN);
    byte[] later = octets(REGISTRATION, turns);
    later[later.length - 1] = 3;
    assertThat(REGISTRATION.read(new RecordInput(later))).isEqualTo(turns);
    assertThat(rewritten(turns.without(FIRST), later)).endsWith(3);

    RegistrationRecord another =
        RegistrationRecord.first(78, Instant.EPOCH, InvocationPolicy.STICKY, FIRST);
    assertThat(rewritten(another, later)).isEqualTo(octets(REGISTRATION, another));
  }

  private static byte[] rewritten(RegistrationRecord wanted, byte[] before) {
    RecordOutput out = new RecordOutput();
    REGISTRATION.rewrite(wanted, new RecordInput(before), out);
    return out.toByteArray();
  }

  @Test
  void fieldsOfALaterReleaseSurviveInPlainValuesToo() {
    byte[] later = new RecordOutput().number(5).text("tail").toByteArray();
    RecordOutput out = new RecordOutput();
    ValueFormat.NUMBER.rewrite(6L, new RecordInput(later), out);
    assertThat(out.toByteArray())
        .isEqualTo(new RecordOutput().number(6).text("tail").toByteArray());
  }

  @Test
  void recordOfAnUnknownLayoutIsNotRead() {
    assertThatThrownBy(() -> StoredValue.decode(new byte[] {2, 0, 0, 0}))
        .hasMessageContaining("layout 2");
  }

  @Property(tries = 300)
  void recordThatEndsTooEarlyIsRefused(
      @ForAll("registrations") RegistrationRecord record, @ForAll int cut) {
    byte[] whole = octets(REGISTRATION, record);
    byte[] part = Arrays.copyOf(whole, Math.floorMod(cut, whole.length - 1)); // but for its tail
    assertThatThrownBy(() -> REGISTRATION.read(new RecordInput(part)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void recordRemembersWhoMadeItAndWhoWroteLast() {
    StoredValue record = StoredValue.born(1, new byte[0]);
    StoredValue early = record;
    for (long operation = 2; operation <= 10; operation++) {
      record = record.rewritten(operation, new byte[0]);
    }
    StoredValue read = StoredValue.decode(record.encode());
    assertThat(read.isBornOf(1)).isTrue();
    assertThat(read.knows(1)).isTrue();
    assertThat(read.knows(2)).as("pushed out").isFalse();
    assertThat(read.knows(3)).isTrue();
    assertThat(read.knows(10)).isTrue();
    assertThat(read.forgot(early)).isTrue();
    assertThat(read.forgot(early.rewritten(2, new byte[0]))).isFalse();
    assertThat(read.forgot(StoredValue.born(99, new byte[0]))).as("another life").isFalse();
  }

  /** A registration with an appended field of its own and one in every callee. */
  private static byte[] laterRelease(
      RegistrationRecord record, String tail, String... calleeTails) {
    RecordOutput out = new RecordOutput();
    REGISTRATION.writeHead(record, out);
    out.number(record.callees().size());
    for (int i = 0; i < calleeTails.length; i++) {
      RecordOutput one = new RecordOutput();
      REGISTRATION.write(
          new RegistrationRecord(
              0, Instant.EPOCH, record.policy(), 0, List.of(record.callees().get(i))),
          one);
      RecordInput in = new RecordInput(one.toByteArray());
      REGISTRATION.readHead(in);
      in.count();
      RecordOutput callee = new RecordOutput().raw(in.block());
      out.block((calleeTails[i].isEmpty() ? callee : callee.text(calleeTails[i])).toByteArray());
    }
    REGISTRATION.writeTail(record, out);
    return out.text(tail).toByteArray();
  }

  private static <V> RecordInput written(ValueFormat<V> format, V value) {
    return new RecordInput(octets(format, value));
  }

  private static <V> byte[] octets(ValueFormat<V> format, V value) {
    RecordOutput out = new RecordOutput();
    format.write(value, out);
    return out.toByteArray();
  }

  @Provide
  Arbitrary<Resource> resources() {
    Arbitrary<String> text = Arbitraries.of("", "a", "b", "a.b", "ab", "grüße.世界.😀");
    return Combinators.combine(text, Arbitraries.of(MatchPolicy.class), text).as(Resource::new);
  }

  @Provide
  Arbitrary<SubscriptionRecord> subscriptions() {
    return Combinators.combine(ids(), instants(), nodes().list().ofMaxSize(5))
        .as(SubscriptionRecord::new);
  }

  @Provide
  Arbitrary<RegistrationRecord> registrations() {
    Arbitrary<Callee> callees =
        Combinators.combine(
                nodes(),
                Arbitraries.integers().between(0, 63),
                ids(),
                ids(),
                Arbitraries.of(true, false),
                Arbitraries.of(true, false))
            .as(Callee::new);
    return Combinators.combine(
            ids(),
            instants(),
            Arbitraries.of(InvocationPolicy.class),
            ids(),
            callees.list().ofMaxSize(5))
        .as(RegistrationRecord::new);
  }

  private static Arbitrary<Long> ids() {
    return Arbitraries.longs().between(0, 1L << 53);
  }

  private static Arbitrary<Instant> instants() {
    return Combinators.combine(
            Arbitraries.longs().between(-1, 1L << 40),
            Arbitraries.integers().between(0, 999_999_999))
        .as(Instant::ofEpochSecond);
  }

  private static Arbitrary<NodeId> nodes() {
    return Combinators.combine(Arbitraries.of("", "a", "node-1", "knoten-ü"), Arbitraries.longs())
        .as(NodeId::new);
  }
}
