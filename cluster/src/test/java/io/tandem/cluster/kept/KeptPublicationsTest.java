package io.tandem.cluster.kept;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.cluster.delivery.Publication;
import io.tandem.cluster.delivery.Stamps;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.protocol.wire.Payload;
import io.tandem.protocol.wire.Serializer;
import io.tandem.testing.Conformance;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeptPublicationsTest {

  private static final Options RETAIN = Options.of(Keys.RETAIN, true);

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final Stamps stamps = new Stamps(() -> now, 7);
  private long lastId;

  private KeptPublications kept(int events, long octets, @Nullable Duration age) {
    KeepRule rule = new KeepRule(MatchPolicy.PREFIX, "", events, octets, age);
    return new KeptPublications(new KeepRules(List.of(rule), 10, List.of(rule)), () -> now);
  }

  private Publication publication(String topic, Options options, String argument) {
    Payload payload = Payload.encode(Serializer.JSON, List.of(argument), Map.of());
    return new Publication(++lastId, topic, 1, options, Options.EMPTY, payload, stamps.next());
  }

  private static @Nullable Long retained(KeptPublications kept, String topic) {
    Publication found = kept.retained(topic, 2, "bob", "reader");
    return found == null ? null : found.id();
  }

  private static Set<Long> all(KeptPublications kept) {
    Set<Long> all = new TreeSet<>();
    kept.forEach(publication -> all.add(publication.id()));
    return all;
  }

  private static List<Long> history(KeptPublications kept) {
    return kept.history(MatchPolicy.PREFIX, "").stream().map(Publication::id).toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void whatIsKeptDoesNotDependOnTheOrderInWhichItCame(int seed) {
    List<Publication> all = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      Options options =
          switch (i % 4) {
            case 0 -> RETAIN.with(Keys.ELIGIBLE_AUTHID, List.of("bob"));
            case 1 -> RETAIN.with(Keys.EXCLUDE_AUTHROLE, List.of("reader"));
            default -> RETAIN;
          };
      all.add(publication("t" + i % 7, options, "x"));
    }
    all.add(KeptPublications.removal("t3", stamps.next()));
    KeptPublications inOrder = kept(1_000, 1 << 20, null);
    all.forEach(inOrder::keep);
    Collections.shuffle(all, new Random(seed));
    KeptPublications shuffled = kept(1_000, 1 << 20, null);
    all.forEach(shuffled::keep);
    all.subList(0, 50).forEach(shuffled::keep);

    assertThat(all(shuffled)).isEqualTo(all(inOrder));
    assertThat(history(shuffled)).isEqualTo(history(inOrder)).hasSize(200);
    for (int topic = 0; topic < 7; topic++) {
      assertThat(retained(shuffled, "t" + topic)).isEqualTo(retained(inOrder, "t" + topic));
    }
    assertThat(retained(shuffled, "t3")).isNull();
  }

  @Test
  @Conformance("PS-RET-01")
  void oldestRetainedEventGoesWhereThereIsNoRoomForOneMore() {
    KeptPublications kept = kept(2, 1 << 20, null);
    IntStream.range(0, 3).forEach(i -> kept.keep(publication("t" + i, RETAIN, "x")));
    assertThat(retained(kept, "t0")).isNull();
    assertThat(retained(kept, "t2")).isEqualTo(3);
    assertThat(kept.evicted().sum()).isEqualTo(1);
    kept.keep(publication("t1", RETAIN, "in place of another"));
    assertThat(kept.evicted().sum()).isEqualTo(1);
  }

  @Test
  void octetsAreBoundedAndWhatIsLargerIsNotKept() {
    KeptPublications kept = kept(1_000, 10_000, null);
    IntStream.range(0, 50).forEach(i -> kept.keep(publication("t" + i, RETAIN, "x".repeat(500))));
    assertThat(kept.octets()).isBetween(16_000L, 20_000L); // of both rules
    kept.keep(publication("t50", RETAIN, "x".repeat(10_000)));
    assertThat(retained(kept, "t50")).isNull();
    assertThat(kept.ignored().sum()).isEqualTo(1);
  }

  @Test
  @Conformance({"PS-RET-11", "PS-HIST-03"})
  void eventsOfAnAgeAreKeptNoLonger() {
    KeptPublications kept = kept(1_000, 1 << 20, Duration.ofMinutes(1));
    kept.keep(publication("old", RETAIN, "x"));
    now = now.plusSeconds(59);
    kept.keep(publication("new", RETAIN, "x"));
    assertThat(retained(kept, "old")).isEqualTo(1);
    now = now.plusSeconds(1);
    assertThat(retained(kept, "old")).isNull();
    assertThat(retained(kept, "new")).isEqualTo(2);
    assertThat(history(kept)).containsExactly(2L);
    kept.keep(publication("newer", RETAIN, "x"));
    assertThat(kept.events()).as("the old one takes no place").isEqualTo(4);
  }

  @Test
  void topicRetainsAFewRestrictedEventsBesideTheOneForAll() {
    KeptPublications kept = kept(1_000, 1 << 20, null);
    kept.keep(publication("t", RETAIN, "all"));
    for (int i = 0; i < 20; i++) {
      kept.keep(publication("t", RETAIN.with(Keys.ELIGIBLE_AUTHID, List.of("a" + i)), "x"));
    }
    assertThat(retained(kept, "t")).isEqualTo(1);
    assertThat(kept.retained("t", 2, "a19", "r").id()).isEqualTo(21);
    assertThat(kept.retained("t", 2, "a0", "r").id()).as("no more").isEqualTo(1);
  }

  @Test
  void otherRulesHoldForWhatIsKeptAlready() {
    KeptPublications kept = kept(1_000, 1 << 20, null);
    IntStream.range(0, 10).forEach(i -> kept.keep(publication("t" + i, RETAIN, "x")));
    KeepRule few = new KeepRule(MatchPolicy.PREFIX, "t", 3, 1 << 20, null);
    kept.rules(new KeepRules(List.of(few), 10, List.of()));
    assertThat(kept.events()).isEqualTo(3);
    assertThat(retained(kept, "t6")).isNull();
    assertThat(retained(kept, "t7")).isEqualTo(8);
    assertThat(kept.history(MatchPolicy.PREFIX, "")).isNull();
  }

  @Test
  void keptPublicationPinsNoOctetsButItsOwn() {
    byte[] frame = new byte[10_000];
    frame[5_000] = '[';
    frame[5_001] = ']';
    KeptPublications kept = kept(10, 1 << 20, null);
    Payload slice = Payload.slice(Serializer.JSON, Payload.Shape.ARGS, frame, 5_000, 2);
    kept.keep(new Publication(1, "t", 1, RETAIN, Options.EMPTY, slice, stamps.next()));
    assertThat(kept.retained("t", 2, "bob", "reader").payload().kept()).isEqualTo(2);
  }

  @Test
  void stampsGrowWhateverTheClockSays() {
    long first = stamps.next();
    now = now.minusSeconds(10);
    assertThat(stamps.next()).isGreaterThan(first);
    stamps.heard(first + 1_000_000);
    assertThat(stamps.next()).isGreaterThan(first + 1_000_000);
  }
}
