package io.tandem.registry.kept;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What waits for the record, whatever that makes of it. */
class WriteBehindTest {

  private final SlowRecord record = new SlowRecord();
  private final WriteBehind behind = new WriteBehind(record, Runnable::run, 1 << 20);

  /** One that answers when the test says so. */
  private static final class SlowRecord implements KeptRecord {
    final List<String> asked = new ArrayList<>();
    final List<CompletableFuture<@Nullable Void>> answers = new ArrayList<>();
    final List<BooleanSupplier> unwanted = new ArrayList<>();

    private CompletionStage<?> ask(String what) {
      CompletableFuture<@Nullable Void> answer = new CompletableFuture<>();
      asked.add(what);
      answers.add(answer);
      return answer;
    }

    @Override
    public CompletionStage<?> put(
        KeptKey key, Supplier<byte[]> value, @Nullable Duration age, BooleanSupplier isUnwanted) {
      unwanted.add(isUnwanted);
      return ask("+" + key.stamp() + " " + value.get()[0]);
    }

    @Override
    public CompletionStage<?> remove(KeptKey key) {
      return ask("-" + key.stamp());
    }

    void answer(int number) {
      answers.get(number).complete(null);
    }

    void answerAll() {
      for (int i = 0; i < answers.size(); i++) {
        answer(i);
      }
    }

    @Override
    public CompletionStage<@Nullable Void> read(Reader reader) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<?> hold(String realm, Duration time) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Boolean> isHeld(String realm) {
      throw new UnsupportedOperationException();
    }
  }

  private static KeptKey key(long stamp) {
    return new KeptKey("realm", stamp, 1, 1);
  }

  private void put(long stamp) {
    behind.put(key(stamp), () -> new byte[] {5}, null, 100, true);
  }

  /** As many as are under way at a time, so that what comes next waits. */
  private void fill() {
    for (int stamp = 1_000; record.asked.size() < stamp - 1_000 + 1; stamp++) {
      put(stamp);
      if (record.asked.size() == stamp - 1_000) {
        break; // this one waits
      }
    }
    record.asked.clear();
  }

  @Test
  void changesAreMadeInOrderAndSoManyAtATime() {
    for (int stamp = 0; stamp < 1_000; stamp++) {
      put(stamp);
    }
    int atOnce = record.asked.size();
    assertThat(atOnce).isBetween(2, 999);
    record.answer(0);
    assertThat(record.asked)
        .hasSize(atOnce + 1)
        .startsWith("+0 5", "+1 5")
        .endsWith("+" + atOnce + " 5");
    record.answerAll();
    assertThat(record.asked).hasSize(1_000);
    assertThat(behind.octets()).isZero();
  }

  @Test
  void whatIsRemovedBeforeItIsWrittenNeverIs() {
    fill();
    put(1);
    put(2);
    behind.remove(key(1));
    record.answerAll();
    assertThat(record.asked).contains("+2 5").doesNotContain("+1 5", "-1");
    assertThat(behind.octets()).isZero();
  }

  @Test
  void whatIsRemovedWhileItIsWrittenIsRemovedAfterwards() {
    put(1);
    assertThat(record.unwanted.get(0).getAsBoolean()).isFalse();
    behind.remove(key(1));
    assertThat(record.asked).containsExactly("+1 5");
    assertThat(record.unwanted.get(0).getAsBoolean()).as("it need not be tried again").isTrue();
    record.answers.get(0).completeExceptionally(new IllegalStateException("unwanted"));
    assertThat(record.asked).containsExactly("+1 5", "-1");
    record.answer(1);
    assertThat(behind.isChanging(key(1))).isFalse();
    assertThat(behind.octets()).isZero();
  }

  @Test
  void whatTheRecordMayHaveAlreadyIsRemovedThoughItWasNotWrittenAgain() {
    fill();
    behind.put(key(1), () -> new byte[] {5}, null, 100, false);
    behind.remove(key(1));
    record.answerAll();
    assertThat(record.asked).contains("-1").doesNotContain("+1 5");
  }

  @Test
  void changesBeyondTheOctetsAreShedAndCounted() {
    fill();
    long before = behind.octets();
    behind.put(key(1), () -> new byte[] {5}, null, 1 << 20, true);
    assertThat(behind.shed().sum()).isEqualTo(1);
    assertThat(behind.octets()).isEqualTo(before);
    assertThat(behind.isChanging(key(1))).isFalse();
  }

  @Test
  void changeOfAnySizeHasRoomWhereNothingElseWaits() {
    behind.put(key(1), () -> new byte[] {5}, null, 1 << 30, true);
    assertThat(record.asked).hasSize(1);
    assertThat(behind.shed().sum()).isZero();
  }

  @Test
  void whoWaitsHearsWhenAllThatCameBeforeIsWritten() {
    assertThat(behind.written()).isCompleted();
    put(1);
    put(2);
    CompletionStage<?> both = behind.written();
    put(3);
    record.answer(1);
    assertThat(both).isNotCompleted();
    record.answer(0);
    assertThat(both).isCompleted();
    assertThat(behind.written()).isNotCompleted();
  }
}
