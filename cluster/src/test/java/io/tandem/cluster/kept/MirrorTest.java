package io.tandem.cluster.kept;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.cluster.delivery.Publication;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.protocol.wire.Payload;
import io.tandem.protocol.wire.Serializer;
import io.tandem.registry.kept.KeptKey;
import io.tandem.registry.kept.KeptRecord;
import io.tandem.registry.kept.LocalKeptRecord;
import io.tandem.testing.Conformance;
import io.tandem.testing.Patience;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What nodes keep, beside the record that they share. */
class MirrorTest {

  private static final String REALM = "realm1";
  private static final Options RETAIN = Options.of(Keys.RETAIN, true);

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final LocalKeptRecord record = new LocalKeptRecord(() -> now);
  private final List<Mirror> nodes = new ArrayList<>();
  private long lastId;

  /** One more node, which has heard of nothing. */
  private Mirror node(KeepRules rules) {
    Mirror node = new Mirror(() -> now, nodes.size() + 1);
    node.recordedIn(record, Runnable::run, 1 << 24);
    node.rules(REALM, rules);
    nodes.add(node);
    known();
    return node;
  }

  private void known() {
    nodes.forEach(node -> node.others(LongStream.rangeClosed(1, nodes.size())));
  }

  private static KeepRules rules(int events, @Nullable Duration age) {
    KeepRule rule = new KeepRule(MatchPolicy.PREFIX, "", events, 1 << 20, age);
    return new KeepRules(List.of(rule), 10, List.of(rule));
  }

  private Publication publication(Mirror node, String topic) {
    Payload payload = Payload.encode(Serializer.JSON, List.of("x"), Map.of());
    return new Publication(
        ++lastId, topic, 1, RETAIN, Options.EMPTY, payload, node.stamps().next());
  }

  /** All nodes hear of it at once. */
  private Publication publish(Mirror by, String topic) {
    Publication publication = publication(by, topic);
    by.keepOwn(REALM, publication);
    nodes.stream().filter(other -> other != by).forEach(o -> o.keepOthers(REALM, publication));
    return publication;
  }

  private static Set<Long> kept(Mirror node) {
    Set<Long> kept = new TreeSet<>();
    node.realm(REALM).forEach(publication -> kept.add(publication.id()));
    return kept;
  }

  private Set<Long> recorded() {
    Set<Long> recorded = new TreeSet<>();
    Patience.join(
        record.read(
            new KeptRecord.Reader() {
              @Override
              public boolean wants(KeptKey key) {
                recorded.add(key.publication());
                return false;
              }

              @Override
              public void found(KeptKey key, byte[] value) {
                throw new AssertionError("not wanted");
              }
            }));
    return recorded;
  }

  private static void compare(Mirror node) {
    Patience.join(node.compare());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  @Conformance({"PS-RET-01", "PS-HIST-02"})
  void recordHasWhatTheNodesKeepAndNoMore(int seed) {
    Random random = new Random(seed);
    IntStream.range(0, 3).forEach(i -> node(rules(20, null)));
    List<Runnable> underWay = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      now = now.plusMillis(random.nextInt(3));
      Mirror by = nodes.get(random.nextInt(3));
      Publication publication = publication(by, "t" + random.nextInt(30));
      by.keepOwn(REALM, publication);
      nodes.stream()
          .filter(other -> other != by)
          .forEach(other -> underWay.add(() -> other.keepOthers(REALM, publication)));
      while (underWay.size() > random.nextInt(40)) {
        underWay.remove(random.nextInt(underWay.size())).run();
      }
    }
    underWay.forEach(Runnable::run);
    nodes.forEach(node -> assertThat(kept(node)).isEqualTo(kept(nodes.get(0))));
    assertThat(recorded()).isEqualTo(kept(nodes.get(0))).hasSizeBetween(20, 40);
  }

  @Test
  @Conformance("PS-RET-01")
  void nodeThatIsNewFindsWhatNodesKeptThatAreGone() {
    Mirror first = node(rules(1_000, null));
    IntStream.range(0, 300).forEach(i -> publish(first, "t" + i));
    Mirror late = node(rules(1_000, null));
    compare(late);
    assertThat(kept(late)).isEqualTo(kept(first)).hasSize(300);
    assertThat(late.stamps().next()).isGreaterThan(first.lastOwn());
  }

  @Test
  void whatANodeDiedWithIsWrittenByThoseThatHaveHeardOfIt() {
    Mirror here = node(rules(1_000, null));
    Mirror gone = node(rules(1_000, null));
    Publication lost = publication(gone, "t"); // and never written
    here.keepOthers(REALM, lost);
    compare(here);
    assertThat(recorded()).as("its node may be about to").isEmpty();
    here.others(LongStream.empty());
    compare(here);
    assertThat(recorded()).containsExactly(lost.id());
  }

  @Test
  void whatANodeDiedBeforeItRemovedItIsRemovedByWhoeverLooks() {
    KeepRule rule = new KeepRule(MatchPolicy.PREFIX, "", 1_000, 1 << 20, null);
    KeepRules retaining = new KeepRules(List.of(rule), 10, List.of());
    Mirror here = node(retaining);
    Mirror gone = node(retaining);
    Publication older = publish(gone, "t");
    Publication newer = publication(gone, "t"); // the record never hears of it
    here.keepOthers(REALM, newer);
    compare(here);
    assertThat(recorded()).as("its node may be about to").containsExactly(older.id());
    here.others(LongStream.empty());
    compare(here);
    assertThat(recorded()).containsExactly(newer.id());
  }

  @Test
  void rulesThatAreTighterHoldInTheRecordToo() {
    Mirror here = node(rules(1_000, null));
    IntStream.range(0, 10).forEach(i -> publish(here, "t" + i));
    here.rules(REALM, rules(3, null));
    assertThat(recorded()).isEqualTo(kept(here)).containsExactly(8L, 9L, 10L);
  }

  @Test
  @Conformance({"PS-RET-11", "PS-HIST-03"})
  void whatHasComeOfAgeIsGoneFromTheRecordAndFromMemory() {
    Mirror here = node(rules(1_000, Duration.ofMinutes(1)));
    publish(here, "old");
    now = now.plusSeconds(30);
    publish(here, "new");
    now = now.plusSeconds(31);
    assertThat(recorded()).containsExactly(2L);
    here.tend();
    assertThat(kept(here)).containsExactly(2L);
  }

  @Test
  void publicationForWhichThereIsNoRoomIsNotRecorded() {
    KeepRule small = new KeepRule(MatchPolicy.PREFIX, "", 10, 100, null);
    Mirror here = node(new KeepRules(List.of(small), 10, List.of()));
    publish(here, "t");
    assertThat(recorded()).isEmpty();
  }

  @Test
  void realmThatNobodyServesAnyMoreIsForgottenInTheRecord() {
    Mirror here = node(rules(1_000, null));
    Mirror other = node(rules(1_000, null));
    publish(here, "t");
    here.tend();
    here.forget(REALM);
    other.forget(REALM);
    now = now.plus(Duration.ofMinutes(4));
    compare(other);
    assertThat(recorded()).as("whoever opens it again finds it").hasSize(1);
    now = now.plus(Duration.ofMinutes(2));
    compare(other);
    assertThat(recorded()).isEmpty();
  }

  @Test
  void realmThatAnotherNodeServesStaysInTheRecord() {
    Mirror here = node(rules(1_000, null));
    Mirror other = node(rules(1_000, null));
    publish(here, "t");
    other.forget(REALM);
    for (int minute = 0; minute < 10; minute++) {
      now = now.plus(Duration.ofMinutes(1));
      here.tend();
    }
    compare(other);
    assertThat(recorded()).hasSize(1);
    other.rules(REALM, rules(1_000, null));
    compare(other);
    assertThat(kept(other)).isEqualTo(kept(here));
  }

  @Test
  void publicationInTheRecordIsAsItWasAndMayHaveFieldsOfALaterRelease() {
    Mirror here = node(rules(10, null));
    Publication publication = publication(here, "t");
    byte[] octets = KeptFormat.encode(publication);
    byte[] later = Arrays.copyOf(octets, octets.length + 9);
    for (byte[] each : List.of(octets, later)) {
      Publication read = KeptFormat.decode(each);
      assertThat(KeptFormat.key(REALM, read)).isEqualTo(KeptFormat.key(REALM, publication));
      assertThat(read.topic()).isEqualTo("t");
      assertThat(read.options()).isEqualTo(RETAIN);
      assertThat(read.payload().args()).isEqualTo(List.of("x"));
    }
    later[0] = 2;
    assertThat(KeptFormat.decode(later)).as("another layout").isNull();
  }

  @Test
  void publicationOfAnotherLayoutIsLeftAlone() {
    Mirror here = node(rules(10, null));
    KeptKey key = new KeptKey(REALM, 1, 7, 1);
    Patience.join(record.put(key, () -> new byte[] {9}, null, () -> false));
    compare(here);
    assertThat(kept(here)).isEmpty();
    assertThat(recorded()).containsExactly(7L);
  }
}
