package io.tandem.registry.hazelcast;

import static io.tandem.registry.hazelcast.Grid.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.spi.exception.RetryableHazelcastException;
import io.tandem.testing.Patience;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Changes that are made, and whose answers do not arrive. */
class LostAnswerTest {

  private final Script map = new Script();
  private final HazelcastRecordStore<String, Long> store = store(Patience.LIMIT);
  private final HazelcastRecordStore<String, Long> others = store(Patience.LIMIT);

  @Test
  void replacementFindsThatItWasMade() {
    await(store.putIfAbsent("a", 1L));
    map.answers.add(Answer.LOST);
    assertThat(await(store.replace("a", 1L, 2L))).isTrue();
    assertThat(await(store.get("a"))).isEqualTo(2);
  }

  @Test
  void replacementFindsThatItWasMadeAlthoughOthersHaveWrittenSince() {
    await(store.putIfAbsent("a", 1L));
    map.answers.add(Answer.LOST);
    map.meanwhile = () -> count(2, 2 + StoredValue.REMEMBERED - 1);
    assertThat(await(store.replace("a", 1L, 2L))).isTrue();
  }

  @Test
  void replacementThatTooManyHaveWrittenOverIsInDoubt() {
    await(store.putIfAbsent("a", 1L));
    map.answers.add(Answer.LOST);
    map.meanwhile = () -> count(2, 2 + StoredValue.REMEMBERED);
    assertThatThrownBy(() -> await(store.replace("a", 1L, 2L)))
        .hasCauseInstanceOf(OutcomeUnknownException.class);
  }

  /** Many writers on one record are no reason to doubt an answer that arrived. */
  @Test
  void replacementThatWasRefusedIsNotInDoubtHoweverManyWrote() {
    await(store.putIfAbsent("a", 1L));
    map.answers.add(Answer.REFUSED);
    map.meanwhile = () -> count(1, 50);
    assertThat(await(store.replace("a", 1L, 2L))).isFalse();
    assertThat(await(store.get("a"))).isEqualTo(50);
  }

  @Test
  void replacementThatWasNotMadeIsBegunAgain() {
    await(store.putIfAbsent("a", 1L));
    map.answers.add(Answer.FAILED);
    assertThat(await(store.replace("a", 1L, 2L))).isTrue();
    assertThat(await(store.get("a"))).isEqualTo(2);
  }

  @Test
  void replacementThatWasNotMadeLosesToAnotherOne() {
    await(store.putIfAbsent("a", 1L));
    map.answers.add(Answer.FAILED);
    map.meanwhile = () -> count(1, 2);
    assertThat(await(store.replace("a", 1L, 7L))).isFalse();
    assertThat(await(store.get("a"))).isEqualTo(2);
  }

  @Test
  void firstValueFindsThatItIsInPlaceAlthoughOthersHaveWrittenSince() {
    map.answers.add(Answer.LOST);
    map.meanwhile = () -> count(1, 50);
    assertThat(await(store.putIfAbsent("a", 1L))).isNull();
    assertThat(await(store.get("a"))).isEqualTo(50);
  }

  @Test
  void firstValueThatWasNotPutLearnsOfAnother() {
    map.answers.add(Answer.FAILED);
    map.meanwhile = () -> await(others.putIfAbsent("a", 9L));
    assertThat(await(store.putIfAbsent("a", 1L))).isEqualTo(9);
  }

  @Test
  void removalWhoseAnswerWasLostLeavesNothing() {
    await(store.putIfAbsent("a", 1L));
    map.answers.add(Answer.LOST);
    assertThat(await(store.remove("a", 1L))).isFalse();
    assertThat(await(store.get("a"))).isNull();
  }

  @Test
  void copyThatHasMissedAChangeIsSentItOnceMore() {
    await(store.putIfAbsent("a", 1L));
    map.copies.addAll(List.of(Copy.BEHIND, Copy.BEHIND));
    map.answers.add(Answer.LOST);
    assertThat(await(store.doubled("a", 1L))).isTrue();
    assertThat(map.repeated).isEqualTo(2);
    assertThat(await(store.get("a"))).isEqualTo(1);
  }

  @Test
  void copyThatNobodyKeepsIsWaitedFor() {
    await(store.putIfAbsent("a", 1L));
    map.copies.addAll(List.of(Copy.NONE, Copy.NONE, Copy.NONE));
    assertThat(await(store.doubled("a", 1L))).isTrue();
    assertThat(map.repeated).isZero();
    assertThat(map.copies).isEmpty();
  }

  @Test
  void copyOfAnotherValueIsNone() {
    await(store.putIfAbsent("a", 2L));
    assertThat(await(store.doubled("a", 1L))).isFalse();
    assertThat(await(store.doubled("b", 1L))).isFalse();
    assertThat(map.repeated).isZero();
  }

  @Test
  void copyThatNobodyKeepsInTimeIsInDoubt() {
    map.copies.addAll(Collections.nCopies(100, Copy.NONE));
    assertThatThrownBy(() -> await(store(Duration.ofMillis(50)).doubled("a", 1L)))
        .hasCauseInstanceOf(OutcomeUnknownException.class);
  }

  @Test
  void removalThatWasNotMadeIsBegunAgain() {
    await(store.putIfAbsent("a", 1L));
    map.answers.add(Answer.FAILED);
    assertThat(await(store.remove("a", 1L))).isTrue();
  }

  @Test
  void changeByALaterReleaseInBetweenIsKept() {
    await(store.putIfAbsent("a", 1L));
    map.answers.add(Answer.REFUSED);
    map.meanwhile = () -> map.append((byte) 42);
    assertThat(await(store.replace("a", 1L, 2L))).isTrue();
    assertThat(map.octets()).endsWith((byte) 42);
  }

  @Test
  void answerThatNeverComesLeavesTheOutcomeUnknown() {
    await(store.putIfAbsent("a", 1L));
    map.answers.add(Answer.NEVER);
    assertThatThrownBy(() -> await(store(Duration.ofMillis(50)).replace("a", 1L, 2L)))
        .hasCauseInstanceOf(OutcomeUnknownException.class);
  }

  private HazelcastRecordStore<String, Long> store(Duration timeout) {
    return new HazelcastRecordStore<>(
        map, KeyFormat.NAME, ValueFormat.NUMBER, timeout, Runnable::run);
  }

  /** Somebody else counts the record up. */
  private void count(long from, long to) {
    for (long value = from; value < to; value++) {
      assertThat(await(others.replace("a", value, value + 1))).isTrue();
    }
  }

  /** What becomes of a change. */
  private enum Answer {
    /** It is made and answered. */
    MADE,
    /** It is made, and the answer is lost. */
    LOST,
    /** It is not made, and fails in a way that may be tried again. */
    FAILED,
    /** Somebody was faster. */
    REFUSED,
    /** It is not made, and nobody answers. */
    NEVER
  }

  private enum Copy {
    THERE,
    /** It has missed the last change. */
    BEHIND,
    /** Nobody keeps one. */
    NONE
  }

  /** A map in memory whose answers follow a script. */
  private static final class Script implements OctetMap {

    final Queue<Answer> answers = new ArrayDeque<>();

    /** What becomes of readings of copies. */
    final Queue<Copy> copies = new ArrayDeque<>();

    /** How often a value was set in its own place. */
    int repeated;

    /** What happens after the change that does not go as usual. */
    @Nullable Runnable meanwhile;

    /** Keys and values in hexadecimal, so that equal octets are equal. */
    private final Map<String, String> records = new HashMap<>();

    private <T extends @Nullable Object> CompletionStage<T> change(Supplier<T> change, T refusal) {
      Answer answer = answers.isEmpty() ? Answer.MADE : answers.remove();
      T made = answer == Answer.MADE || answer == Answer.LOST ? change.get() : refusal;
      Runnable next = meanwhile;
      if (answer != Answer.MADE && next != null) {
        meanwhile = null;
        next.run();
      }
      return switch (answer) {
        case MADE, REFUSED -> CompletableFuture.completedFuture(made);
        case LOST, FAILED -> CompletableFuture.failedFuture(new RetryableHazelcastException());
        case NEVER -> new CompletableFuture<>();
      };
    }

    @Override
    public CompletionStage<byte @Nullable []> get(byte[] key, Deadline deadline) {
      return CompletableFuture.completedFuture(octets(records.get(hex(key))));
    }

    @Override
    public CompletionStage<byte @Nullable []> copy(byte[] key, Deadline deadline) {
      Copy found = copies.isEmpty() ? Copy.THERE : copies.remove();
      return switch (found) {
        case THERE -> get(key, deadline);
        case BEHIND -> CompletableFuture.completedFuture(null);
        case NONE -> CompletableFuture.failedFuture(new IllegalStateException("nobody"));
      };
    }

    @Override
    public boolean hasCopies() {
      return true;
    }

    @Override
    public CompletionStage<byte @Nullable []> putIfAbsent(
        byte[] key, byte[] value, Deadline deadline) {
      return change(() -> octets(records.putIfAbsent(hex(key), hex(value))), null);
    }

    @Override
    public CompletionStage<Boolean> replace(
        byte[] key, byte[] expected, byte[] value, Deadline deadline) {
      repeated += Arrays.equals(expected, value) ? 1 : 0;
      return change(() -> records.replace(hex(key), hex(expected), hex(value)), false);
    }

    @Override
    public CompletionStage<Boolean> remove(byte[] key, byte[] expected, Deadline deadline) {
      return change(() -> records.remove(hex(key), hex(expected)), false);
    }

    @Override
    public CompletionStage<?> set(
        byte[] key, byte[] value, Duration forHowLong, Deadline deadline) {
      return change(() -> octets(records.put(hex(key), hex(value))), null);
    }

    @Override
    public CompletionStage<?> delete(byte[] key, Deadline deadline) {
      return change(() -> octets(records.remove(hex(key))), null);
    }

    @Override
    public Collection<byte[]> keys(int from, int to) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Set<Map.Entry<byte[], byte[]>> readAll(Collection<byte[]> keys) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int partitions() {
      return 0;
    }

    @Override
    public Set<Map.Entry<byte[], byte[]>> read(int from, int to) {
      return Set.of();
    }

    /** A node of a later release adds a field to the one record. */
    void append(byte octet) {
      records.replaceAll((key, value) -> value + hex(new byte[] {octet}));
    }

    /** The one record's value. */
    byte[] octets() {
      return octets(records.values().iterator().next());
    }

    private static String hex(byte[] octets) {
      return HexFormat.of().formatHex(octets);
    }

    private static byte @Nullable [] octets(@Nullable String hex) {
      return hex == null ? null : HexFormat.of().parseHex(hex);
    }
  }
}
