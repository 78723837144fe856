package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.cluster.delivery.Publication;
import io.tandem.cluster.kept.KeepRule;
import io.tandem.cluster.kept.KeepRules;
import io.tandem.cluster.kept.Mirror;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.protocol.wire.Payload;
import io.tandem.protocol.wire.Serializer;
import io.tandem.registry.kept.KeptKey;
import io.tandem.registry.kept.KeptRecord;
import io.tandem.registry.kept.LocalKeptRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When a node compares what it keeps with the record. */
class KeptNoticesTest {

  private static final int EVENTS = 40;

  /** Some of the events, as they wait to be written. */
  private static final long ROOM = 4_000;

  /** A record that has written what it was asked to when the test says so. */
  private static final class SlowRecord implements KeptRecord {

    private final LocalKeptRecord record;
    private final Deque<CompletableFuture<@Nullable Void>> writing = new ArrayDeque<>();

    SlowRecord(LocalKeptRecord record) {
      this.record = record;
    }

    void writes() {
      for (int count = writing.size(); count > 0; count--) {
        writing.remove().complete(null);
      }
    }

    int size() {
      Set<KeptKey> keys = new HashSet<>();
      record.read(
          new Reader() {
            @Override
            public boolean wants(KeptKey key) {
              return !keys.add(key);
            }

            @Override
            public void found(KeptKey key, byte[] value) {}
          });
      return keys.size();
    }

    @Override
    public CompletionStage<?> put(
        KeptKey key, Supplier<byte[]> value, @Nullable Duration age, BooleanSupplier isUnwanted) {
      record.put(key, value, age, isUnwanted);
      CompletableFuture<@Nullable Void> written = new CompletableFuture<>();
      writing.add(written);
      return written;
    }

    @Override
    public CompletionStage<?> remove(KeptKey key) {
      return record.remove(key);
    }

    @Override
    public CompletionStage<@Nullable Void> read(Reader reader) {
      return record.read(reader);
    }

    @Override
    public CompletionStage<?> hold(String realm, Duration time) {
      return record.hold(realm, time);
    }

    @Override
    public CompletionStage<Boolean> isHeld(String realm) {
      return record.isHeld(realm);
    }
  }

  private final Instant now = Instant.parse("2026-01-01T00:00:00Z");

  private static Publication publication(Mirror mirror, int number) {
    return new Publication(
        number,
        "com.topic" + number,
        1,
        Options.of(Keys.RETAIN, true),
        Options.EMPTY,
        Payload.encode(Serializer.JSON, List.of("x"), Map.of()),
        mirror.stamps().next());
  }

  @Test
  void whatThereWasNoRoomForIsWrittenAsSoonAsThereIs() {
    SlowRecord record = new SlowRecord(new LocalKeptRecord(() -> now));
    Mirror mirror = new Mirror(() -> now, 1);
    mirror.recordedIn(record, Runnable::run, ROOM);
    KeepRule all = new KeepRule(MatchPolicy.PREFIX, "", EVENTS, 1 << 20, null);
    mirror.rules("realm1", new KeepRules(List.of(all), EVENTS, List.of()));
    for (int i = 0; i < EVENTS; i++) {
      mirror.keepOwn("realm1", publication(mirror, i));
    }
    record.writes();
    assertThat(record.size()).isBetween(1, EVENTS - 1);
    try (World world = new World(1)) {
      KeptNotices notices = new KeptNotices(world.nodes.get(0).router, mirror);
      notices.recordIsLost();
      world.turns.runAll();
      for (int look = 0; look < EVENTS && record.size() < EVENTS; look++) {
        world.advance(Duration.ofSeconds(2));
        record.writes();
        world.turns.runAll();
      }
      assertThat(record.size()).isEqualTo(EVENTS);
    }
  }
}
