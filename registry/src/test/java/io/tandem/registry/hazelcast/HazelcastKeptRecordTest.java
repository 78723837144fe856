package io.tandem.registry.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.core.HazelcastInstance;
import io.tandem.registry.Histogram;
import io.tandem.registry.kept.KeptKey;
import io.tandem.registry.kept.KeptRecord;
import io.tandem.registry.kept.KeptRecordContract;
import io.tandem.testing.Patience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two members keep the contract together: one writes, the other reads. */
class HazelcastKeptRecordTest extends KeptRecordContract {

  @RegisterExtension private static final TwoMembers MEMBERS = new TwoMembers();

  private static HazelcastKeptRecord of(HazelcastInstance member, String map) {
    return new HazelcastKeptRecord(
        new HazelcastOctetMap(member, map, Histogram.ofTimes()),
        new HazelcastOctetMap(member, map + "-realms", Histogram.ofTimes()),
        Patience.LIMIT,
        task -> new Thread(task).start(),
        member.getLifecycleService()::isRunning);
  }

  @Override
  protected KeptRecord record() {
    String map = MEMBERS.freshMap();
    return new Both(of(MEMBERS.first, map), of(MEMBERS.second, map));
  }

  private record Both(KeptRecord here, KeptRecord there) implements KeptRecord {

    @Override
    public CompletionStage<?> put(
        KeptKey key, Supplier<byte[]> value, @Nullable Duration age, BooleanSupplier isUnwanted) {
      return here.put(key, value, age, isUnwanted);
    }

    @Override
    public CompletionStage<?> remove(KeptKey key) {
      return there.remove(key);
    }

    @Override
    public CompletionStage<@Nullable Void> read(Reader reader) {
      return there.read(reader);
    }

    @Override
    public CompletionStage<?> hold(String realm, Duration time) {
      return here.hold(realm, time);
    }

    @Override
    public CompletionStage<Boolean> isHeld(String realm) {
      return there.isHeld(realm);
    }
  }

  /** What releases agree on. */
  @Test
  void octetsOfKeysStayAsTheyAre() {
    KeptKey key = new KeptKey("r", 0x1234, 5, KeptKey.sizeClass(1_000));
    assertThat(HexFormat.of().formatHex(KeyFormat.KEPT.encode(key)))
        .isEqualTo("0172" + "0000000000001234" + "0000000000000005" + "0a");
    assertThat(KeyFormat.KEPT.decode(KeyFormat.KEPT.encode(key))).isEqualTo(key);
  }

  @Test
  void whatIsAcknowledgedOutlivesTheMemberThatIsKilledWhileOthersWrite() {
    try (Grid grid = new Grid()) {
      HazelcastInstance staying = grid.member();
      HazelcastInstance dying = grid.member();
      HazelcastInstance third = grid.member();
      Patience.until("backups", () -> dying.getPartitionService().isClusterSafe());
      HazelcastKeptRecord writer = of(staying, "tandem.kept-kill");
      AtomicInteger written = new AtomicInteger();
      List<CompletionStage<?>> all = new ArrayList<>();
      for (int i = 0; i < 2_000; i++) {
        KeptKey key = new KeptKey("r", i, i, 1);
        all.add(
            writer
                .put(key, () -> new byte[] {1}, null, () -> false)
                .thenRun(written::incrementAndGet));
        if (i == 1_000) {
          Patience.until("some are there", () -> written.get() > 100);
          Grid.kill(dying);
        }
      }
      all.forEach(Patience::join);
      Set<Long> found = new TreeSet<>();
      Patience.join(
          of(third, "tandem.kept-kill")
              .read(
                  new KeptRecord.Reader() {
                    @Override
                    public boolean wants(KeptKey key) {
                      found.add(key.stamp());
                      return false;
                    }

                    @Override
                    public void found(KeptKey key, byte[] value) {
                      throw new AssertionError("not wanted");
                    }
                  }));
      assertThat(found).hasSize(2_000);
    }
  }
}
