package io.tandem.registry.kept;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.testing.Patience;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link KeptRecord} has to keep; each implementation inherits these tests. */
public abstract class KeptRecordContract {

  private final KeptRecord record = record();

  /** A record with nothing in it. */
  protected abstract KeptRecord record();

  private static KeptKey key(String realm, long stamp) {
    return new KeptKey(realm, stamp, stamp + 1, KeptKey.sizeClass(1));
  }

  private void put(KeptKey key, int value) {
    put(key, value, null);
  }

  private void put(KeptKey key, int value, Duration age) {
    Supplier<byte[]> octets = () -> new byte[] {(byte) value};
    Patience.join(record.put(key, octets, age, () -> false));
  }

  /** What is there, of those that are wanted. */
  private Map<KeptKey, Integer> read(Predicate<KeptKey> isWanted) {
    Map<KeptKey, Integer> found = new HashMap<>();
    Patience.join(
        record.read(
            new KeptRecord.Reader() {
              @Override
              public boolean wants(KeptKey key) {
                return isWanted.test(key);
              }

              @Override
              public void found(KeptKey key, byte[] value) {
                assertThat(found.put(key, (int) value[0])).as("once").isNull();
              }
            }));
    return found;
  }

  @Test
  void everythingThatWasWrittenIsFoundWithItsOctets() {
    assertThat(read(key -> true)).isEmpty();
    IntStream.range(0, 2_500).forEach(i -> put(key("realm", i), i % 100));
    put(key("another realm", 0), 7);
    put(new KeptKey("realm", 0, 0, 0), 8);
    Map<KeptKey, Integer> all = read(key -> true);
    assertThat(all).hasSize(2_502).containsEntry(key("another realm", 0), 7);
    assertThat(all.get(key("realm", 2_499))).isEqualTo(99);
    assertThat(all.get(new KeptKey("realm", 0, 0, 0))).isEqualTo(8);
  }

  @Test
  void onlyWhatIsWantedIsRead() {
    Set<KeptKey> met = new HashSet<>();
    IntStream.range(0, 100).forEach(i -> put(key("realm", i), i));
    assertThat(
            read(
                key -> {
                  met.add(key);
                  return key.stamp() % 2 == 0;
                }))
        .hasSize(50)
        .doesNotContainKey(key("realm", 1));
    assertThat(met).hasSize(100);
  }

  @Test
  void whatIsWrittenOrRemovedAgainIsAsItWas() {
    put(key("realm", 1), 1);
    put(key("realm", 1), 1);
    put(key("realm", 2), 2);
    Patience.join(record.remove(key("realm", 2)));
    Patience.join(record.remove(key("realm", 2)));
    assertThat(read(key -> true)).isEqualTo(Map.of(key("realm", 1), 1));
  }

  @Test
  void whatHasAnAgeGoesByItself() {
    put(key("realm", 1), 1, Duration.ofMillis(900));
    put(key("realm", 2), 2, Duration.ofHours(1));
    put(key("realm", 3), 3);
    Patience.until("it is gone", () -> !read(key -> true).containsKey(key("realm", 1)));
    assertThat(read(key -> true)).containsOnlyKeys(key("realm", 2), key("realm", 3));
  }

  @Test
  void realmIsHeldForSoLongAndNoLonger() {
    assertThat(Patience.join(record.isHeld("realm"))).isFalse();
    Patience.join(record.hold("realm", Duration.ofHours(1)));
    Patience.join(record.hold("brief", Duration.ofSeconds(1)));
    assertThat(Patience.join(record.isHeld("realm"))).isTrue();
    Patience.until("it is over", () -> !Patience.join(record.isHeld("brief")));
    assertThat(Patience.join(record.isHeld("realm"))).isTrue();
  }
}
